/* call.c: what a task may do with its call, and what becomes of what it got
 * wrong. */
#include <math.h>
#include <string.h>

#include "tasks.h"

static world w;

static void begin(void) {
  world_start(&w);
  hd_process_set_threads(2);
}

static void end(void) {
  world_end(&w);
  check_nothing_left();
}

/* ---- Progress ---------------------------------------------------------------- */

static heddle_status run_progress(heddle_call *call) {
  heddle_progress(call, 0);
  heddle_progress(call, 0.25);
  heddle_progress(call, 0.25);
  heddle_progress(call, 1);
  heddle_result_f64(call, 1);
  return HEDDLE_OK;
}

static heddle_status run_backwards(heddle_call *call) {
  heddle_progress(call, 0.5);
  heddle_progress(call, 0.25);
  heddle_result_f64(call, 1); /* comes too late */
  return HEDDLE_OK;
}

static heddle_status run_progress_of(heddle_call *call) {
  heddle_progress(call, heddle_arg(call, 0)->as.f64);
  heddle_result_f64(call, 1);
  return HEDDLE_OK;
}

static void progress(void) {
  begin();
  CHECK_EQ(run_task(&w, "-> f64", run_progress, 0, NULL)->state, HD_FULFILLED);
  EXPECT_ERROR(run_task(&w, "-> f64", run_backwards, 0, NULL), "ERR_HEDDLE_PROGRESS",
               "task: progress must rise from 0 to 1, got 0.25 after 0.5");
  const double bad[] = {-0.001, 1.001, NAN, INFINITY, -INFINITY};
  for (int i = 0; i < 5; i++)
    CHECK_TEXT(run_task(&w, "f64 -> f64", run_progress_of, 0, (heddle_value[]){f64(bad[i])})->code,
               "ERR_HEDDLE_PROGRESS");
  end();
}

typedef struct pace {
  gate g;
  double fraction;
} pace;

static heddle_status run_paced(heddle_call *call) {
  pace *p = pointed(call, 0);
  for (int i = 1; i <= 4; i++) {
    heddle_progress(call, i / 4.0);
    uv_sem_post(&p->g.entered);
    uv_sem_wait(&p->g.open);
  }
  heddle_result_f64(call, 1);
  return HEDDLE_OK;
}

static void progress_is_seen(void) {
  begin();
  pace p;
  hd_counts counts;
  gate_init(&p.g);
  job *j = job_of(&w, HD_ALL, 1, 1, define(&w, "paced", "u64 -> f64", run_paced, 0),
                  (heddle_value[]){pointer(&p)});
  for (int i = 1; i <= 4; i++) {
    gate_entered(&p.g, 1);
    hd_scheduler_count(w.scheduler, j->group, &counts);
    CHECK(counts.running == i / 4.0);
    gate_open(&p.g, 1);
  }
  world_run(&w);
  gate_destroy(&p.g);
  end();
}

/* ---- Errors -------------------------------------------------------------------- */

static heddle_status run_long_error(heddle_call *call) {
  char text[3000];
  memset(text, 'x', sizeof(text) - 1);
  text[sizeof(text) - 1] = '\0';
  return heddle_error(call, "ERR_LONG", "%s", text);
}

static heddle_status run_two_errors(heddle_call *call) {
  (void)heddle_error_as(call, HEDDLE_RANGE_ERROR, "ERR_FIRST", -7, "the first of %d", 2);
  (void)heddle_system_error(call, UV_ENOENT, "open", "x");
  (void)heddle_error(call, "ERR_SECOND", "second");
  CHECK(heddle_result_bytes(call, 10) == NULL);
  CHECK(heddle_result_resize(call, 10) == NULL);
  CHECK(heddle_result_string(call, "a", 1) == HEDDLE_FAILED);
  heddle_field(call, "a");
  heddle_result_null(call);
  return HEDDLE_OK; /* and yet it failed */
}

static heddle_status run_system(heddle_call *call) {
  const heddle_value *path = heddle_arg(call, 0);
  return heddle_system_error(call, UV_ENOENT, "open",
                             path->type == HEDDLE_UNDEFINED ? NULL : path->as.string);
}

/* The error's words may lie in the result that it replaces. */
static heddle_status run_error_of_result(heddle_call *call) {
  char *path = heddle_result_bytes(call, 16);
  if (path == NULL)
    return HEDDLE_FAILED;
  memcpy(path, "/nowhere", 9);
  return heddle_system_error(call, UV_EACCES, "stat", path);
}

static void errors(void) {
  begin();
  const outcome *o = run_task(&w, "-> void", run_long_error, 0, NULL);
  CHECK_TEXT(o->code, "ERR_LONG");
  CHECK_EQ(o->length, 1023);
  o = run_task(&w, "-> void", run_two_errors, 0, NULL);
  EXPECT_ERROR(o, "ERR_FIRST", "the first of 2");
  CHECK_EQ(o->number_of_error, -7);
  heddle_value none[] = {{.type = HEDDLE_UNDEFINED}};
  o = run_task(&w, "a?: string -> void", run_system, 0, none);
  EXPECT_ERROR(o, "ENOENT", "ENOENT: no such file or directory, open");
  CHECK_EQ(o->number_of_error, UV_ENOENT);
  EXPECT_ERROR(
      run_task(&w, "a?: string -> void", run_system, 0, (heddle_value[]){string_value("a'b", 3)}),
      "ENOENT", "ENOENT: no such file or directory, open 'a'b'");
  EXPECT_ERROR(run_task(&w, "-> bytes", run_error_of_result, 0, NULL), "EACCES",
               "EACCES: permission denied, stat '/nowhere'");
  end();
}

/* ---- Statuses and results that do not fit ---------------------------------------- */

static heddle_status run_ok(heddle_call *call) {
  (void)call;
  return HEDDLE_OK;
}

static heddle_status run_failed(heddle_call *call) {
  (void)heddle_result_bytes(call, 100);
  return HEDDLE_FAILED;
}

static heddle_status run_cancelled(heddle_call *call) {
  (void)heddle_result_bytes(call, 100);
  return HEDDLE_CANCELLED;
}

static heddle_status run_unknown(heddle_call *call) {
  heddle_result_null(call);
  return (heddle_status)77;
}

static heddle_status run_null(heddle_call *call) {
  heddle_result_null(call);
  return HEDDLE_OK;
}

static heddle_status run_array(heddle_call *call) {
  double *numbers = heddle_result_array(call, HEDDLE_ELEMENT_F64, 3);
  if (numbers == NULL)
    return HEDDLE_FAILED;
  memset(numbers, 0, 3 * sizeof(*numbers));
  return HEDDLE_OK;
}

static heddle_status run_odd_type(heddle_call *call) {
  heddle_value value = {.type = HEDDLE_BYTES, .as.data = "mine", .length = 4};
  call->host->result(call, &value);
  return HEDDLE_OK;
}

static void statuses(void) {
  begin();
  CHECK_EQ(run_task(&w, "-> void", run_ok, 0, NULL)->type, HEDDLE_UNDEFINED);
  EXPECT_ERROR(run_task(&w, "-> f64", run_ok, 0, NULL), "ERR_HEDDLE_NO_RESULT",
               "task: the task gave no result");
  EXPECT_ERROR(run_task(&w, "-> bytes", run_failed, 0, NULL), "ERR_HEDDLE_RESULT",
               "task: the task failed without an error");
  EXPECT_ERROR(run_task(&w, "-> null", run_unknown, 0, NULL), "ERR_HEDDLE_RESULT",
               "task: the task failed without an error");
  EXPECT_ERROR(run_task(&w, "-> bytes", run_cancelled, 0, NULL), "ERR_HEDDLE_RESULT",
               "task: the task says it was cancelled, but it was not");
  EXPECT_ERROR(run_task(&w, "-> f64 | string", run_null, 0, NULL), "ERR_HEDDLE_RESULT",
               "task: the task gave null, which its signature does not name");
  EXPECT_ERROR(run_task(&w, "-> void", run_array, 0, NULL), "ERR_HEDDLE_RESULT",
               "task: the task gave a Float64Array, which its signature does not name");
  EXPECT_ERROR(run_task(&w, "-> bytes", run_odd_type, 0, NULL), "ERR_HEDDLE_RESULT",
               "task: a result of type 9 cannot be set so");
  CHECK_EQ(run_task(&w, "-> null", run_null, 0, NULL)->type, HEDDLE_NULL);
  const outcome *o = run_task(&w, "-> f64[]", run_array, 0, NULL);
  CHECK_EQ(o->type, HEDDLE_ARRAY);
  CHECK_EQ(o->length, 3);
  CHECK_EQ(o->element, HEDDLE_ELEMENT_F64);
  end();
}

/* ---- Scratch ----------------------------------------------------------------------- */

static heddle_status run_scratch(heddle_call *call) {
  bool aligned = true;
  for (size_t size = 0; size < 300; size += 7) {
    unsigned char *block = heddle_scratch(call, size);
    if (block == NULL)
      return HEDDLE_FAILED;
    aligned = aligned && (uintptr_t)block % _Alignof(max_align_t) % 16 == 0;
    memset(block, 1, size);
  }
  heddle_result_bool(call, aligned);
  return HEDDLE_OK;
}

static heddle_status run_huge_scratch(heddle_call *call) {
  CHECK(heddle_scratch(call, SIZE_MAX) == NULL);
  CHECK(heddle_scratch(call, SIZE_MAX - 30) == NULL);
  return HEDDLE_FAILED;
}

static void scratch(void) {
  begin();
  CHECK_EQ(run_task(&w, "-> bool", run_scratch, 0, NULL)->number, 1);
  EXPECT_ERROR(run_task(&w, "-> bool", run_huge_scratch, 0, NULL), "ERR_HEDDLE_NO_MEMORY",
               "out of memory");
  end();
}

static heddle_status run_wait(heddle_call *call) {
  gate *g = pointed(call, 0);
  CHECK_EQ(heddle_wait(call, 0), 0);
  CHECK_EQ(heddle_wait(call, -5), 0);
  CHECK_EQ(heddle_wait(call, NAN), 0);
  CHECK_EQ(heddle_wait(call, 1), 0);
  uv_sem_post(&g->entered);
  return heddle_wait(call, INFINITY) ? HEDDLE_CANCELLED : HEDDLE_OK;
}

static void waiting(void) {
  begin();
  gate g;
  gate_init(&g);
  job *j = job_of(&w, HD_ALL, 1, 1, define(&w, "wait", "u64 -> void", run_wait, 0),
                  (heddle_value[]){pointer(&g)});
  gate_entered(&g, 1);
  hd_scheduler_withdraw(w.scheduler, j->group);
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_CANCELLED);
  end();
  gate_destroy(&g);
}

static const test tests[] = {{"progress", progress, 0},
                             {"progress is seen while it runs", progress_is_seen, 0},
                             {"errors", errors, 0},
                             {"statuses and results that do not fit", statuses, 0},
                             {"scratch memory", scratch, 0},
                             {"waiting is cancelled", waiting, 0},
                             {NULL, NULL, 0}};

const suite host_suite = {"host", tests};
