/* Statistics of typed arrays. summary() takes any numbers, the others doubles.
 * quantiles() looks once a pass over the values whether it is wanted. */
#include "heddle.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 4096 }; /* elements between two looks at whether it is wanted */

/* ---- summary(values) ------------------------------------------------------- */

#define WIDEN(type)                                                                                \
  do {                                                                                             \
    const type *numbers = (const type *)values->as.data + from;                                    \
    for (size_t i = 0; i < count; i++)                                                             \
      out[i] = (double)numbers[i];                                                                 \
  } while (0)

/* Elements from..from+count-1 as doubles; bigints lose what a double cannot hold. */
static void widen(const heddle_value *values, size_t from, size_t count, double *out) {
  switch (values->element) {
  case HEDDLE_ELEMENT_I8:
    WIDEN(int8_t);
    break;
  case HEDDLE_ELEMENT_I16:
    WIDEN(int16_t);
    break;
  case HEDDLE_ELEMENT_U16:
    WIDEN(uint16_t);
    break;
  case HEDDLE_ELEMENT_I32:
    WIDEN(int32_t);
    break;
  case HEDDLE_ELEMENT_U32:
    WIDEN(uint32_t);
    break;
  case HEDDLE_ELEMENT_F32:
    WIDEN(float);
    break;
  case HEDDLE_ELEMENT_F64:
    WIDEN(double);
    break;
  case HEDDLE_ELEMENT_I64:
    WIDEN(int64_t);
    break;
  case HEDDLE_ELEMENT_U64:
    WIDEN(uint64_t);
    break;
  default: /* U8 and U8C */
    WIDEN(uint8_t);
  }
}

typedef struct moments {
  double count;
  double mean;
  double squares; /* sum of squared differences from the mean */
  double least;
  double most;
} moments;

/* In two passes: the usual one pass loses digits where the mean is large. */
static moments moments_of(const double *values, size_t count) {
  moments m = {.count = (double)count, .least = INFINITY, .most = -INFINITY};
  for (size_t i = 0; i < count; i++) {
    m.mean += values[i] / m.count;
    m.least = fmin(m.least, values[i]);
    m.most = fmax(m.most, values[i]);
  }
  for (size_t i = 0; i < count; i++)
    m.squares += (values[i] - m.mean) * (values[i] - m.mean);
  return m;
}

/* Of both together (Chan, Golub and LeVeque 1979). */
static void moments_add(moments *m, const moments *more) {
  double count = m->count + more->count;
  double apart = more->mean - m->mean;
  m->squares += more->squares + apart * apart * m->count * more->count / count;
  m->mean += apart * more->count / count;
  m->count = count;
  m->least = fmin(m->least, more->least);
  m->most = fmax(m->most, more->most);
}

static void result_number(heddle_call *call, const char *name, double number) {
  heddle_field(call, name);
  heddle_result_f64(call, number);
}

static heddle_status run_summary(heddle_call *call) {
  const heddle_value *values = heddle_arg(call, 0);
  moments all = {.least = INFINITY, .most = -INFINITY};
  double block[BLOCK];
  for (size_t from = 0; from < values->length; from += BLOCK) {
    size_t left = values->length - from;
    size_t count = left < BLOCK ? left : BLOCK;
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    widen(values, from, count, block);
    moments part = moments_of(block, count);
    moments_add(&all, &part);
  }
  result_number(call, "count", all.count);
  result_number(call, "mean", all.count > 0 ? all.mean : NAN);
  result_number(call, "variance", all.count > 1 ? all.squares / (all.count - 1) : NAN);
  result_number(call, "min", all.count > 0 ? all.least : NAN);
  result_number(call, "max", all.count > 0 ? all.most : NAN);
  return HEDDLE_OK;
}

/* ---- quantiles(values, probabilities) ---------------------------------------- */

static void swap(double *a, double *b) {
  double kept = *a;
  *a = *b;
  *b = kept;
}

/* Moves the values so that the one at `rank` is where sorting would put it, with
 * none larger before and none smaller behind it (Hoare's selection). */
static heddle_status select_rank(heddle_call *call, double *values, size_t count, size_t rank) {
  size_t low = 0;
  size_t high = count - 1;
  while (low < high) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    double pivot = values[low + (high - low) / 2];
    size_t i = low;
    size_t k = high;
    for (;;) {
      while (values[i] < pivot)
        i++;
      while (values[k] > pivot)
        k--;
      if (i >= k)
        break;
      swap(&values[i++], &values[k--]);
    }
    if (rank <= k)
      high = k;
    else
      low = k + 1;
  }
  return HEDDLE_OK;
}

/* Linear between the two nearest ranks, as R's and NumPy's default. */
static heddle_status quantile(heddle_call *call, double *values, size_t count, double probability,
                              double *result) {
  double place = probability * (double)(count - 1);
  size_t rank = (size_t)place;
  heddle_status status = select_rank(call, values, count, rank);
  if (status != HEDDLE_OK)
    return status;
  double next = values[rank];
  if (rank + 1 < count) { /* the least of those behind it */
    next = values[rank + 1];
    for (size_t i = rank + 2; i < count; i++)
      next = fmin(next, values[i]);
  }
  *result = values[rank] + (place - (double)rank) * (next - values[rank]);
  return HEDDLE_OK;
}

static heddle_status run_quantiles(heddle_call *call) {
  const heddle_value *values = heddle_arg(call, 0);
  const heddle_value *probabilities = heddle_arg(call, 1);
  const double *wanted = probabilities->as.data;
  double *result = heddle_result_array(call, HEDDLE_ELEMENT_F64, probabilities->length);
  double *copy = heddle_scratch(call, values->length * sizeof(*copy));
  if (result == NULL || copy == NULL)
    return HEDDLE_FAILED;
  if (values->length == 0)
    return heddle_error(call, "ERR_EMPTY", "quantiles: there are no values");
  memcpy(copy, values->as.data, values->length * sizeof(*copy));
  for (size_t i = 0; i < values->length; i++)
    if (isnan(copy[i]))
      return heddle_error(call, "ERR_NAN", "quantiles: value %zu is NaN, which has no order", i);
  for (size_t i = 0; i < probabilities->length; i++) {
    if (!(wanted[i] >= 0 && wanted[i] <= 1))
      return heddle_error_as(call, HEDDLE_RANGE_ERROR, "ERR_PROBABILITY", 0,
                             "quantiles: probability %zu must be from 0 to 1, got %g", i,
                             wanted[i]);
    heddle_status status = quantile(call, copy, values->length, wanted[i], &result[i]);
    if (status != HEDDLE_OK)
      return status;
    heddle_progress(call, (double)(i + 1) / (double)probabilities->length);
  }
  return HEDDLE_OK;
}

/* ---- histogram(values, { bins, min, max }) ----------------------------------- */

/* Where the bins begin and end: as given, else as the values do. */
static heddle_status find_bounds(heddle_call *call, const double *values, size_t count,
                                 double *least, double *most) {
  const heddle_value *min = heddle_arg(call, 2);
  const heddle_value *max = heddle_arg(call, 3);
  *least = INFINITY;
  *most = -INFINITY;
  for (size_t i = 0; i < count; i++) {
    if (i % BLOCK == 0 && heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    *least = fmin(*least, values[i]);
    *most = fmax(*most, values[i]);
  }
  if (min->type == HEDDLE_F64)
    *least = min->as.f64;
  if (max->type == HEDDLE_F64)
    *most = max->as.f64;
  if (isfinite(*least) && isfinite(*most) && *least <= *most)
    return HEDDLE_OK;
  return heddle_error_as(call, HEDDLE_RANGE_ERROR, "ERR_BOUNDS", 0,
                         "histogram: there are no bins from %g to %g", *least, *most);
}

static heddle_status run_histogram(heddle_call *call) {
  const heddle_value *values = heddle_arg(call, 0);
  const double *numbers = values->as.data;
  const uint32_t bins = heddle_arg(call, 1)->as.u32;
  double least;
  double most;
  heddle_status status = find_bounds(call, numbers, values->length, &least, &most);
  if (status != HEDDLE_OK)
    return status;
  heddle_field(call, "edges");
  double *edges = heddle_result_array(call, HEDDLE_ELEMENT_F64, (size_t)bins + 1);
  heddle_field(call, "counts");
  uint32_t *counts = heddle_result_array(call, HEDDLE_ELEMENT_U32, bins);
  if (edges == NULL || counts == NULL)
    return HEDDLE_FAILED;
  memset(counts, 0, bins * sizeof(*counts));
  for (uint32_t i = 0; i <= bins; i++)
    edges[i] = least + (most - least) * i / bins;
  for (size_t i = 0; i < values->length; i++) {
    if (i % BLOCK == 0 && heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    double place = most > least ? (numbers[i] - least) / (most - least) * bins : 0;
    if (place >= 0 && place < bins)
      counts[(uint32_t)place]++;
    else if (numbers[i] == most) /* the last bin has its upper edge, too */
      counts[bins - 1]++;
  }
  return HEDDLE_OK;
}

static const heddle_task tasks[] = {
    {"summary", "values: array -> {count: f64, mean: f64, variance: f64, min: f64, max: f64}",
     run_summary, 0},
    {"quantiles", "values: f64[], probabilities: f64[] -> f64[]", run_quantiles, 0},
    {"histogram",
     "values: f64[], {bins: u32(1..1000000) = 10, min?: f64, max?: f64} -> "
     "{edges: f64[], counts: u32[]}",
     run_histogram, 0},
};

HEDDLE_MODULE("stats", tasks)
