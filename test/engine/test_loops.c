/* loop.c: ranges that a task shares with idle threads. */
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "scene.h"

/* What a loop is to do, and what has become of it. */
typedef struct range {
  size_t count;
  size_t grain;
  heddle_body body;
  atomic_uchar *seen; /* one an index, or NULL */
  atomic_size_t longest;
  atomic_size_t ranges;
  atomic_int failures;
  uv_thread_t owner;
  atomic_bool flag;
  atomic_int status; /* of heddle_for(), -1 before its end */
} range;

static range range_of(size_t count, size_t grain, heddle_body body) {
  range r = {.count = count, .grain = grain, .body = body};
  atomic_init(&r.status, -1);
  return r;
}

static bool is_owner(const range *r) {
  uv_thread_t self = uv_thread_self();
  return uv_thread_equal(&self, &r->owner) != 0;
}

static heddle_status run_range(heddle_call *call) {
  range *r = pointed(call, 0);
  r->owner = uv_thread_self();
  heddle_status status = heddle_for(call, r->count, r->grain, r->body, r);
  atomic_store(&r->status, (int)status);
  if (status == HEDDLE_FAILED)
    return heddle_error(call, "ERR_TEST", "the body failed");
  heddle_result_f64(call, 1);
  return status;
}

static const hd_definition *define_range(uint32_t flags) {
  return define(&w, "range", "u64 -> f64", run_range, flags);
}

static heddle_status mark(const heddle_call *call, size_t from, size_t to, void *data) {
  range *r = data;
  (void)call;
  size_t length = to - from;
  size_t longest = atomic_load(&r->longest);
  while (longest < length && !atomic_compare_exchange_weak(&r->longest, &longest, length)) {
  }
  if (from >= to || (r->grain > 0 && from % r->grain != 0))
    atomic_fetch_add(&r->failures, 1);
  atomic_fetch_add(&r->ranges, 1);
  for (size_t i = from; i < to && r->seen != NULL; i++)
    atomic_fetch_add(&r->seen[i], 1);
  return HEDDLE_OK;
}

/* ---- The range ---------------------------------------------------------------- */

static void check_range(uint32_t flags, size_t count, size_t grain) {
  range r = range_of(count, grain, mark);
  r.seen = calloc(count + 1, sizeof(*r.seen));
  NEED(r.seen != NULL);
  job *j = job_of(&w, HD_ALL, 1, 1, define_range(flags), (heddle_value[]){pointer(&r)});
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_FULFILLED);
  CHECK_EQ(atomic_load(&r.failures), 0);
  size_t wrong = 0;
  for (size_t i = 0; i < count; i++)
    wrong += atomic_load(&r.seen[i]) != 1;
  CHECK_EQ(wrong, 0);
  CHECK_EQ(atomic_load(&r.seen[count]), 0);
  size_t step = grain == 0 ? (count + 1023) / 1024 : grain;
  CHECK_EQ(atomic_load(&r.ranges), count == 0 ? 0 : count / step + (count % step != 0));
  CHECK(atomic_load(&r.longest) <= step);
  free(r.seen);
}

static void whole_ranges(void) {
  static const size_t counts[] = {0, 1, 2, 7, 1023, 1024, 1025, 100000};
  static const size_t grains[] = {0, 1, 2, 3, 1000, 1 << 20, SIZE_MAX};
  begin(3);
  for (uint32_t flags = 0; flags <= HEDDLE_PARALLEL; flags += HEDDLE_PARALLEL)
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
      for (size_t n = 0; n < sizeof(grains) / sizeof(*grains); n++)
        check_range(flags, counts[i], grains[n]);
  end();
}

/* Nothing overflows at the end of what a size_t can say. */
static void huge_range(void) {
  begin(2);
  range r = range_of(SIZE_MAX, SIZE_MAX / 3, mark);
  job *j = job_of(&w, HD_ALL, 1, 1, define_range(HEDDLE_PARALLEL), (heddle_value[]){pointer(&r)});
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_FULFILLED);
  CHECK_EQ(atomic_load(&r.ranges), 3);
  CHECK_EQ(atomic_load(&r.failures), 0);
  end();
}

static void no_body(void) {
  begin(1);
  range r = range_of(5, 1, NULL);
  job *j = job_of(&w, HD_SETTLED, 1, 1, define_range(0), (heddle_value[]){pointer(&r)});
  world_run(&w);
  CHECK_TEXT(j->outcomes[0].code, "ERR_HEDDLE_ARGUMENT");
  end();
}

/* ---- Helpers ------------------------------------------------------------------ */

/* The first chunk of the owner waits until another thread has had one. */
static heddle_status wait_for_another(const heddle_call *call, size_t from, size_t to, void *data) {
  range *r = data;
  (void)call;
  (void)from;
  (void)to;
  if (!is_owner(r))
    atomic_store(&r->flag, true);
  while (is_owner(r) && !atomic_load(&r->flag))
    (void)sched_yield();
  return HEDDLE_OK;
}

/* The event loop stands still: helpers were asked for at the submission. */
static void helpers_come(void) {
  begin(2);
  range r = range_of(100, 1, wait_for_another);
  (void)job_of(&w, HD_ALL, 1, 1, define_range(HEDDLE_PARALLEL), (heddle_value[]){pointer(&r)});
  while (atomic_load(&r.status) < 0)
    uv_sleep(1);
  CHECK_EQ(atomic_load(&r.status), HEDDLE_OK);
  world_run(&w);
  end();
}

/* A task that did not say so gets helpers from the loop, when that is free. */
static void helpers_come_later(void) {
  begin(2);
  range r = range_of(100, 1, wait_for_another);
  job *j = job_of(&w, HD_ALL, 1, 1, define_range(0), (heddle_value[]){pointer(&r)});
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_FULFILLED);
  end();
}

/* A chunk that a helper has claimed is waited for. */
static heddle_status hold_helpers(const heddle_call *call, size_t from, size_t to, void *data) {
  range *r = data;
  (void)call;
  (void)to;
  if (is_owner(r)) {
    while (!atomic_load(&r->flag)) /* so that the helper gets one */
      (void)sched_yield();
    atomic_fetch_add(&r->ranges, 1);
    return HEDDLE_OK;
  }
  if (!atomic_exchange(&r->flag, true)) {
    uv_sem_post(&g.entered);
    uv_sem_wait(&g.open);
    atomic_store(&r->failures, (int)from + 1);
  }
  return HEDDLE_OK;
}

static void claimed_chunks_are_waited_for(void) {
  begin(2);
  range r = range_of(50, 1, hold_helpers);
  job *j = job_of(&w, HD_ALL, 1, 1, define_range(HEDDLE_PARALLEL), (heddle_value[]){pointer(&r)});
  gate_entered(&g, 1);
  while (atomic_load(&r.ranges) < 49)
    uv_sleep(1);
  world_poll(&w);
  CHECK_EQ(atomic_load(&r.status), -1);
  CHECK(!j->finished);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_FULFILLED);
  CHECK(atomic_load(&r.failures) > 0);
  end();
}

/* Every thread is in a loop of its own, with more tasks behind. */
static void all_in_loops(void) {
  enum { TASKS = 60 };
  range *ranges = calloc(TASKS, sizeof(*ranges));
  NEED(ranges != NULL);
  begin(4);
  const hd_definition *definition = define_range(HEDDLE_PARALLEL);
  job *j = job_open(&w, HD_ALL, TASKS, TASKS);
  NEED(j != NULL);
  for (int i = 0; i < TASKS; i++) {
    ranges[i] = range_of(500, 1 + (size_t)i % 9, mark);
    NEED(job_add(j, definition, (heddle_value[]){pointer(&ranges[i])}));
  }
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), TASKS);
  for (int i = 0; i < TASKS; i++)
    CHECK_EQ(atomic_load(&ranges[i].ranges), (500 + (size_t)i % 9) / (1 + (size_t)i % 9));
  end();
  free(ranges);
}

/* ---- Ends --------------------------------------------------------------------- */

static heddle_status fail_at_40(const heddle_call *call, size_t from, size_t to, void *data) {
  range *r = data;
  (void)call;
  (void)to;
  atomic_fetch_add(&r->ranges, 1);
  return from == 40 ? HEDDLE_FAILED : HEDDLE_OK;
}

static void a_body_fails(void) {
  begin(2);
  range r = range_of(1000000, 1, fail_at_40);
  job *j =
      job_of(&w, HD_SETTLED, 1, 1, define_range(HEDDLE_PARALLEL), (heddle_value[]){pointer(&r)});
  world_run(&w);
  CHECK_EQ(atomic_load(&r.status), HEDDLE_FAILED);
  CHECK_TEXT(j->outcomes[0].code, "ERR_TEST");
  CHECK(atomic_load(&r.ranges) < 1000000);
  end();
}

static heddle_status tell(const heddle_call *call, size_t from, size_t to, void *data) {
  range *r = data;
  (void)from;
  (void)to;
  if (atomic_fetch_add(&r->ranges, 1) == 0)
    uv_sem_post(&g.entered);
  while (!heddle_cancelled(call))
    (void)sched_yield();
  return HEDDLE_OK;
}

static void cancelled(void) {
  begin(2);
  range r = range_of(1000000, 1, tell);
  job *j = job_of(&w, HD_ALL, 1, 1, define_range(HEDDLE_PARALLEL), (heddle_value[]){pointer(&r)});
  gate_entered(&g, 1);
  hd_scheduler_withdraw(w.scheduler, j->group);
  world_run(&w);
  CHECK_EQ(atomic_load(&r.status), HEDDLE_CANCELLED);
  CHECK_EQ(job_state(j, 0), HD_CANCELLED);
  CHECK(atomic_load(&r.ranges) <= 2);
  end();
}

static void closed(void) {
  begin(2);
  range r = range_of(1000000, 1, tell);
  (void)job_of(&w, HD_ALL, 1, 1, define_range(HEDDLE_PARALLEL), (heddle_value[]){pointer(&r)});
  gate_entered(&g, 1);
  end();
  CHECK_EQ(atomic_load(&r.status), HEDDLE_CANCELLED);
}

/* ---- Runners that linger ------------------------------------------------------- */

static const hd_definition *define_gate(void) {
  return define(&w, "held", "u64 -> f64", k.gate->task->run, HEDDLE_PARALLEL);
}

static uint32_t lingering(void) {
  hd_lock();
  uint32_t count = w.scheduler->lingering;
  hd_unlock();
  return count;
}

static job *hold_parallel(void) {
  job *j = job_of(&w, HD_ALL, 1, 1, define_gate(), (heddle_value[]){pointer(&g)});
  gate_entered(&g, 1);
  while (lingering() < 1)
    uv_sleep(1);
  return j;
}

static void lingerers_work(void) {
  gate other;
  gate_init(&other);
  begin(2);
  job *held = hold_parallel();
  job *j = job_of(&w, HD_ALL, 500, 500, k.count, (heddle_value[]){pointer(&other)});
  world_until(j, 500);
  CHECK(!held->finished);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(lingering(), 0);
  CHECK_EQ(job_count(j, HD_FULFILLED), 500);
  gate_destroy(&other);
  end();
}

static void lingerers_make_room(void) {
  world second;
  kit its;
  gate other;
  gate_init(&other);
  begin(2);
  world_start(&second);
  kit_define(&second, &its);
  job *held = hold_parallel();
  job *j = job_of(&second, HD_ALL, 3, 3, its.count, (heddle_value[]){pointer(&other)});
  world_run(&second);
  CHECK_EQ(job_count(j, HD_FULFILLED), 3);
  CHECK(!held->finished);
  gate_open(&g, 1);
  world_run(&w);
  world_end(&second);
  gate_destroy(&other);
  end();
}

static void lingerers_leave(void) {
  begin(2);
  (void)hold_parallel();
  hd_process_set_threads(1);
  while (lingering() > 0)
    uv_sleep(1);
  gate_open(&g, 1);
  world_run(&w);
  hd_process_set_threads(2);
  job *held = hold_parallel();
  world_close(&w);
  while (lingering() > 0)
    uv_sleep(1);
  gate_open(&g, 1);
  end();
  CHECK(held != NULL);
}

/* A helper leaves its loop for a group that is ready: a group of one does not
 * wait for the end of a loop. */
static heddle_status until_flag(const heddle_call *call, size_t from, size_t to, void *data) {
  range *r = data;
  (void)call;
  (void)from;
  (void)to;
  if (!is_owner(r) && atomic_fetch_add(&r->ranges, 1) == 0)
    uv_sem_post(&g.entered);
  while (is_owner(r) && !atomic_load(&r->flag))
    (void)sched_yield();
  return atomic_load(&r->flag) ? HEDDLE_FAILED : HEDDLE_OK;
}

static heddle_status run_flag(heddle_call *call) {
  range *r = pointed(call, 0);
  atomic_store(&r->flag, true);
  heddle_result_f64(call, 1);
  return HEDDLE_OK;
}

static void helpers_leave_for_groups(void) {
  begin(2);
  range r = range_of(SIZE_MAX, 1, until_flag);
  (void)job_of(&w, HD_SETTLED, 1, 1, define_range(HEDDLE_PARALLEL), (heddle_value[]){pointer(&r)});
  gate_entered(&g, 1); /* a helper is in it */
  job *j = job_of(&w, HD_ALL, 1, 1, define(&w, "flag", "u64 -> f64", run_flag, 0),
                  (heddle_value[]){pointer(&r)});
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_FULFILLED);
  CHECK_EQ(atomic_load(&r.status), HEDDLE_FAILED);
  end();
}

static const test tests[] = {
    {"every index once", whole_ranges, 4},
    {"every index once, on own threads", whole_ranges, 1},
    {"a huge range", huge_range, 4},
    {"no body", no_body, 4},
    {"helpers were asked for at the submission", helpers_come, 4},
    {"helpers on own threads", helpers_come, 1},
    {"helpers on both kinds of threads", helpers_come, 2},
    {"helpers of a task that did not ask", helpers_come_later, 4},
    {"own threads help a task that did not ask", helpers_come_later, 1},
    {"claimed chunks are waited for", claimed_chunks_are_waited_for, 4},
    {"claimed chunks are waited for, on own threads", claimed_chunks_are_waited_for, 1},
    {"every thread is in a loop", all_in_loops, 4},
    {"every thread is in a loop, on own threads", all_in_loops, 1},
    {"a body that fails", a_body_fails, 4},
    {"cancelled", cancelled, 4},
    {"cancelled on own threads", cancelled, 1},
    {"closed", closed, 4},
    {"closed on own threads", closed, 1},
    {"a runner that lingers takes other work", lingerers_work, 4},
    {"a runner that lingers makes room for another environment", lingerers_make_room, 3},
    {"a runner that lingers leaves when it must", lingerers_leave, 4},
    {"a helper leaves for a group that is ready", helpers_leave_for_groups, 4},
    {"a helper leaves for a group that is ready, on own threads", helpers_leave_for_groups, 1},
    {NULL, NULL, 0}};

const suite loops_suite = {"loops", tests};
