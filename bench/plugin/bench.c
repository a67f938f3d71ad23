/* The functions that are measured: as tasks, and one for a foreign function
 * interface to call. */
#include "heddle.h"

#include <math.h>

enum { GRAIN = 16384 };

HEDDLE_EXPORT void bench_noop(void);
void bench_noop(void) {
}

static heddle_status run_noop(heddle_call *call) {
  (void)call;
  bench_noop();
  return HEDDLE_OK;
}

typedef struct work {
  const double *values;
  double (*part)(const double *values, size_t count);
  double *parts;
} work;

/* Bound by memory. */
static double sum(const double *values, size_t count) {
  double total = 0;
  for (size_t i = 0; i < count; i++)
    total += values[i];
  return total;
}

/* Bound by the core. */
static double waves(const double *values, size_t count) {
  double total = 0;
  for (size_t i = 0; i < count; i++)
    total += sin(values[i]);
  return total;
}

static heddle_status body(const heddle_call *call, size_t begin, size_t end, void *data) {
  const work *w = data;
  (void)call;
  w->parts[begin / GRAIN] = w->part(w->values + begin, end - begin);
  return HEDDLE_OK;
}

/* On one thread the same ranges are taken one after the other. */
static heddle_status run(heddle_call *call, double (*part)(const double *, size_t)) {
  const heddle_value *values = heddle_arg(call, 0);
  const size_t count = values->length;
  const size_t ranges = (count + GRAIN - 1) / GRAIN;
  heddle_status status = HEDDLE_OK;
  work w = {values->as.data, part, heddle_scratch(call, ranges * sizeof(double))};
  if (w.parts == NULL)
    return HEDDLE_FAILED;
  if (heddle_arg(call, 1)->as.boolean)
    status = heddle_for(call, count, GRAIN, body, &w);
  else
    for (size_t i = 0; i < count && status == HEDDLE_OK; i += GRAIN)
      status = heddle_cancelled(call) ? HEDDLE_CANCELLED
                                      : body(call, i, i + GRAIN < count ? i + GRAIN : count, &w);
  if (status != HEDDLE_OK)
    return status;
  heddle_result_f64(call, sum(w.parts, ranges));
  return HEDDLE_OK;
}

static heddle_status run_sum(heddle_call *call) {
  return run(call, sum);
}

static heddle_status run_waves(heddle_call *call) {
  return run(call, waves);
}

static const heddle_task tasks[] = {
    {"noop", "-> void", run_noop, 0},
    {"sum", "values: f64[], shared: bool -> f64", run_sum, HEDDLE_PARALLEL},
    {"waves", "values: f64[], shared: bool -> f64", run_waves, HEDDLE_PARALLEL},
};

HEDDLE_MODULE("bench", tasks)
