/* noop, sleep, spin: tasks that do nothing, to measure and test with. */
#include "tasks.h"

enum { MS };

heddle_status hd_task_noop(heddle_call *call) {
  (void)call;
  return HEDDLE_OK;
}

static double elapsed_ms(const heddle_call *call, uint64_t started) {
  return (double)(heddle_now(call) - started) / 1e6;
}

heddle_status hd_task_sleep(heddle_call *call) {
  const double ms = heddle_arg(call, MS)->as.f64;
  const double slice = 50; /* between reports of progress */
  uint64_t started = heddle_now(call);
  double left = ms;
  while (left > slice) {
    if (heddle_wait(call, slice))
      return HEDDLE_CANCELLED;
    double elapsed = elapsed_ms(call, started);
    left = ms - elapsed;
    heddle_progress(call, left > 0 ? elapsed / ms : 1.0);
  }
  if (left > 0 && heddle_wait(call, left))
    return HEDDLE_CANCELLED;
  return HEDDLE_OK;
}

heddle_status hd_task_spin(heddle_call *call) {
  const double ms = heddle_arg(call, MS)->as.f64;
  uint64_t started = heddle_now(call);
  double next = 50; /* when to report progress */
  for (;;) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    double elapsed = elapsed_ms(call, started);
    if (elapsed >= ms)
      return HEDDLE_OK;
    if (elapsed >= next) {
      heddle_progress(call, elapsed / ms);
      next = elapsed + 50;
    }
  }
}
