/* An environment for tests: a loop, a scheduler, and jobs, which are groups
 * whose outcomes are kept. Everything is the calling thread's. */
#ifndef TEST_WORLD_H
#define TEST_WORLD_H

#include <stdatomic.h>
#include <uv.h>

#include "alloc.h"
#include "budget.h"
#include "failing_alloc.h"
#include "harness.h"
#include "lifecycle.h"
#include "own_threads.h"
#include "scheduler.h"
#include "shared.h"

/* What was delivered for a member. */
typedef struct outcome {
  unsigned state; /* HD_FULFILLED ..., HD_QUEUED while nothing was delivered */
  bool expired;
  uint8_t type;
  uint8_t element;
  int number_of_error;
  uint32_t place; /* in the order of delivery */
  double number;
  size_t length;
  uint64_t bigint;
  const void *data; /* of the result, as it was: dangling, to compare only */
  char code[40];
  char text[200];
} outcome;

typedef struct world {
  uv_loop_t loop;
  hd_scheduler *scheduler;
  struct job *jobs;
  struct defined *definitions;
  unsigned expired;  /* events */
  unsigned unpinned; /* batches */
  unsigned lent;     /* threads, of which it was told by an event */
  bool closed;
  void (*inspect)(const hd_member *member, void *data); /* before its release */
  void *inspect_data;
} world;

typedef struct job {
  world *world;
  hd_group *group; /* NULL when finished */
  uint32_t total;
  uint32_t delivered; /* members, those dropped in the lump not counted */
  uint32_t dropped_from;
  bool finished;
  outcome *outcomes;
  hd_batch *batch; /* what was added and not appended */
  uint32_t added;
  struct job *next;
} job;

int world_try_start(world *w);
void world_start(world *w);
/* Runs the loop until every group was delivered. */
void world_run(world *w);
/* Runs the loop until the job has `delivered` members or is finished. */
void world_until(job *j, uint32_t delivered);
/* Runs the loop until there is nothing to do at once. */
void world_poll(world *w);
void world_close(world *w);
/* Closes and frees everything; what the jobs saw is gone. */
void world_end(world *w);

/* Only own threads hold memory of the engine now. */
void check_nothing_left(void);

/* NULL only when there is no memory. */
const hd_definition *define(world *w, const char *name, const char *signature,
                            heddle_status (*run)(heddle_call *call), uint32_t flags);

job *job_open(world *w, hd_policy policy, uint32_t total, uint32_t limit);
job *job_open_with(world *w, hd_policy policy, uint32_t total, uint32_t limit, double priority,
                   uint64_t item_timeout_ns);
typedef struct job_step {
  const hd_definition *definition;
  const heddle_value *args;
} job_step;

/* The arguments are copied; NULL for none. False when there is no memory. */
bool job_add(job *j, const hd_definition *definition, const heddle_value *args);
bool job_add_chain(job *j, size_t count, const job_step *steps);
/* The batch of what is added is unpinned, which is counted, and is wiped if it is secret. */
bool job_pin(job *j, bool secret);
int job_append(job *j);
/* Opens, adds `total` times the same, appends. */
job *job_of(world *w, hd_policy policy, uint32_t total, uint32_t limit,
            const hd_definition *definition, const heddle_value *args);
/* Runs one task to its end; the outcome lives until world_end(). */
const outcome *run_task(world *w, const char *signature, heddle_status (*run)(heddle_call *call),
                        uint32_t flags, const heddle_value *args);
unsigned job_state(const job *j, uint32_t index);
/* How many have this state, those dropped in the lump included. */
uint32_t job_count(const job *j, unsigned state);

static inline heddle_value f64(double number) {
  return (heddle_value){.type = HEDDLE_F64, .as.f64 = number};
}
static inline heddle_value pointer(const void *to) {
  return (heddle_value){.type = HEDDLE_U64, .as.u64 = (uint64_t)(uintptr_t)to};
}
static inline heddle_value bytes(const void *data, size_t length) {
  return (heddle_value){.type = HEDDLE_BYTES, .as.data = data, .length = length};
}
static inline heddle_value string_value(const char *text, size_t length) {
  return (heddle_value){.type = HEDDLE_STRING, .as.string = text, .length = length};
}
static inline heddle_value file_value(const char *path, size_t length) {
  return (heddle_value){.type = HEDDLE_FILE, .as.string = path, .length = length};
}
static inline heddle_value previous_value(void) {
  return (heddle_value){.type = HD_VALUE_PREVIOUS};
}
static inline void *pointed(const heddle_call *call, uint32_t index) {
  return (void *)(uintptr_t)heddle_arg(call, index)->as.u64;
}

#define EXPECT_ERROR(o, wanted_code, wanted_text)                                                  \
  do {                                                                                             \
    const outcome *o_ = (o);                                                                       \
    CHECK_EQ(o_->state, HD_REJECTED);                                                              \
    CHECK_TEXT(o_->code, wanted_code);                                                             \
    CHECK_TEXT(o_->text, wanted_text);                                                             \
  } while (0)

#endif
