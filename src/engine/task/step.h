/* Steps: a task with its arguments, and what running it comes to. */
#ifndef HD_STEP_H
#define HD_STEP_H

#include "call.h"

typedef struct hd_step {
  const hd_definition *definition;
  const heddle_value *args; /* signature.count of them */
  char *room;               /* HD_SHORT bytes for a short result, that stay; or NULL */
} hd_step;

/* Steps that run as one, each handing its result to the next. */
typedef struct hd_chain {
  size_t count;
  hd_step steps[];
} hd_chain;

/* How it ended. */
enum {
  HD_FULFILLED = 2, /* what comes before an end, groups count: see group.h */
  HD_REJECTED,
  HD_CANCELLED /* it stopped, since nobody wanted it any more */
};

/* Runs a step and moves its result (HD_VALUE_ERROR when it was rejected) to
 * `result`. `previous` is the prior step's result, or NULL. Returns how it
 * ended. */
unsigned hd_step_run(const hd_caller *caller, const hd_step *step, const heddle_value *previous,
                     heddle_value *result);

#endif
