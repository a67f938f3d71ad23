/* The k nearest neighbours of a point among many, by Euclidean distance: every
 * range of the points has its own list of the best, which are put together at the
 * end. Points are the rows of one Float32Array. */
#include "heddle.h"

#include <math.h>
#include <string.h>

enum { POINTS, QUERY, K };
enum { GRAIN = 2048 }; /* points a range */

typedef struct neighbour {
  float distance; /* squared */
  uint32_t index;
} neighbour;

typedef struct search {
  const float *points;
  const float *query;
  size_t dimensions;
  size_t k;
  neighbour *best; /* k for each range */
  size_t *found;   /* how many of them there are */
} search;

/* Nearer first; of two as near, the one that comes first. */
static int is_nearer(neighbour a, neighbour b) {
  return a.distance < b.distance || (a.distance == b.distance && a.index < b.index);
}

/* Puts one into a sorted list of at most k. */
static void insert(neighbour *best, size_t *found, size_t k, neighbour one) {
  if (*found == k && !is_nearer(one, best[k - 1]))
    return;
  size_t at = *found < k ? (*found)++ : k - 1;
  for (; at > 0 && is_nearer(one, best[at - 1]); at--)
    best[at] = best[at - 1];
  best[at] = one;
}

static float distance(const float *a, const float *b, size_t dimensions) {
  float sum = 0;
  for (size_t i = 0; i < dimensions; i++)
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

/* Points begin..end-1; on any thread. */
static heddle_status look(const heddle_call *call, size_t begin, size_t end, void *data) {
  const search *s = data;
  size_t range = begin / GRAIN;
  (void)call;
  for (size_t i = begin; i < end; i++) {
    neighbour one = {distance(s->points + i * s->dimensions, s->query, s->dimensions), (uint32_t)i};
    insert(s->best + range * s->k, &s->found[range], s->k, one);
  }
  return HEDDLE_OK;
}

static heddle_status give(heddle_call *call, const neighbour *best, size_t count) {
  heddle_field(call, "indices");
  uint32_t *indices = heddle_result_array(call, HEDDLE_ELEMENT_U32, count);
  heddle_field(call, "distances");
  float *distances = heddle_result_array(call, HEDDLE_ELEMENT_F32, count);
  if (indices == NULL || distances == NULL)
    return HEDDLE_FAILED;
  for (size_t i = 0; i < count; i++) {
    indices[i] = best[i].index;
    distances[i] = sqrtf(best[i].distance);
  }
  return HEDDLE_OK;
}

static heddle_status run_neighbours(heddle_call *call) {
  const heddle_value *points = heddle_arg(call, POINTS);
  const heddle_value *query = heddle_arg(call, QUERY);
  size_t dimensions = query->length;
  if (dimensions == 0 || points->length % dimensions != 0)
    return heddle_error_as(call, HEDDLE_RANGE_ERROR, "ERR_DIMENSIONS", 0,
                           "neighbours: %zu numbers are no points of %zu dimensions",
                           points->length, dimensions);
  size_t count = points->length / dimensions;
  size_t ranges = (count + GRAIN - 1) / GRAIN;
  search s = {points->as.data, query->as.data, dimensions, heddle_arg(call, K)->as.u32, NULL, NULL};
  s.k = s.k < count ? s.k : count;
  s.best = heddle_scratch(call, (ranges + 1) * s.k * sizeof(*s.best));
  s.found = heddle_scratch(call, (ranges + 1) * sizeof(*s.found));
  if (s.best == NULL || s.found == NULL)
    return HEDDLE_FAILED;
  memset(s.found, 0, (ranges + 1) * sizeof(*s.found));
  heddle_status status = heddle_for(call, count, GRAIN, look, &s);
  if (status != HEDDLE_OK)
    return status;
  neighbour *all = s.best + ranges * s.k; /* the last list is of all ranges */
  for (size_t range = 0; range < ranges; range++)
    for (size_t i = 0; i < s.found[range]; i++)
      insert(all, &s.found[ranges], s.k, s.best[range * s.k + i]);
  return give(call, all, s.found[ranges]);
}

static const heddle_task tasks[] = {
    {"neighbours",
     "points: f32[], query: f32[], k: u32(1..1000) = 1 -> {indices: u32[], distances: f32[]}",
     run_neighbours, HEDDLE_PARALLEL},
};

HEDDLE_MODULE("neighbours", tasks)
