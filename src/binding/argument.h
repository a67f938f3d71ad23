/* One argument of a task, from the plan that lib/task/plan.js wrote. Parts of
 * argument.c and arguments.c. */
#ifndef HD_ARGUMENT_H
#define HD_ARGUMENT_H

#include "environment.h"

/* What a batch holds of JavaScript. */
typedef struct hd_pin {
  napi_ref values;       /* keeps what arguments point into; NULL when nothing does */
  int64_t external;      /* bytes reported to the garbage collector */
  hd_copy_block *copies; /* of arguments' memory */
  bool secret;
} hd_pin;

/* A copy, so that a buffer that is listed often has one. */
typedef struct hd_known_copy {
  const void *origin;
  const void *copy;
  size_t size;
} hd_known_copy;

enum { HD_KNOWN_COPIES = 8 }; /* a power of two */

typedef struct hd_reader {
  hd_environment *environment;
  napi_env env;
  const hd_plan *plan;
  size_t at; /* in the plan's words */
  hd_batch *batch;
  bool pinned;
  hd_step last;             /* that was read, even if it is refused */
  heddle_value *strings;    /* by index of value: strings already copied */
  const hd_param *detached; /* of the step that is read: memory that has gone */
  size_t copied;            /* bytes of an argument of that step that are copied at most */
  hd_pin *pin;
  hd_known_copy known[HD_KNOWN_COPIES];
} hd_reader;

/* These throw and return false. */
bool hd_reader_bad(hd_reader *r);
bool hd_reader_no_memory(hd_reader *r);

/* The next word of the plan. Throws when there is none. */
bool hd_reader_next(hd_reader *r, double *word);

/* Reads an argument for `param`. False with an exception pending. */
bool hd_argument_read(hd_reader *r, const hd_param *param, heddle_value *argument);

#endif
