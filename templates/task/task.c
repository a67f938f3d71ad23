/* {{task}}: the p-norm of numbers, on a thread of its own. Replace it by yours;
 * heddle's docs/c-api.md has everything that a task can do. */
#include "heddle.h"

#include <math.h>

enum { VALUES, P }; /* the arguments, in the order of the signature */

static heddle_status run_{{task}}(heddle_call *call) {
  /* JavaScript's memory: no copy. */
  const double *numbers = heddle_arg_array(call, VALUES, HEDDLE_ELEMENT_F64);
  const size_t count = heddle_arg_length(call, VALUES);
  const double p = heddle_arg_f64(call, P);
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    if (i % 16384 == 0) { /* every millisecond or so */
      if (heddle_cancelled(call))
        return HEDDLE_CANCELLED;
      heddle_progress(call, (double)i / (double)count);
    }
    sum += pow(fabs(numbers[i]), p);
  }
  if (isnan(sum))
    return heddle_error(call, "ERR_NOT_A_NUMBER", "{{task}}: there is a NaN among the values");
  heddle_result_f64(call, pow(sum, 1 / p));
  return HEDDLE_OK;
}

static const heddle_task tasks[] = {
    {"{{task}}", "values: f64[], p: f64(1..100) = 2 -> f64", run_{{task}}, 0},
};

HEDDLE_MODULE("{{name}}", tasks)
