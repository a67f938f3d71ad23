/* result.c: results that a task makes, replaces and resizes, and secrets. */
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

static heddle_status run_fields(heddle_call *call) {
  int count = (int)heddle_arg(call, 0)->as.f64;
  char name[32];
  heddle_result_f64(call, 5); /* replaced by the record */
  for (int i = 0; i < count; i++) {
    (void)snprintf(name, sizeof(name), "field%d", i);
    heddle_field(call, name);
    if (heddle_result_string(call, name, strlen(name)) != HEDDLE_OK)
      return HEDDLE_FAILED;
  }
  heddle_field(call, "field0"); /* again: replaces it */
  heddle_result_f64(call, count);
  return HEDDLE_OK;
}

static void look_at_record(const hd_member *member, void *data) {
  if (member->result.type != HEDDLE_RECORD)
    return;
  const hd_record *record = member->result.as.data;
  *(size_t *)data = record->count;
  CHECK_TEXT(record->fields[0].name, "field0");
  CHECK(record->fields[0].value.type == HEDDLE_F64);
  CHECK(record->fields[0].value.as.f64 == (double)record->count);
  for (size_t i = 1; i < record->count; i++)
    CHECK_TEXT(record->fields[i].value.as.string, record->fields[i].name);
}

static void records(void) {
  begin();
  size_t count = 0;
  w.inspect = look_at_record;
  w.inspect_data = &count;
  CHECK_EQ(run_task(&w, "f64 -> record", run_fields, 0, (heddle_value[]){f64(3)})->type,
           HEDDLE_RECORD);
  CHECK_EQ(count, 3);
  CHECK_EQ(run_task(&w, "f64 -> record", run_fields, 0, (heddle_value[]){f64(64)})->state,
           HD_FULFILLED);
  CHECK_EQ(count, 64);
  EXPECT_ERROR(run_task(&w, "f64 -> record", run_fields, 0, (heddle_value[]){f64(65)}),
               "ERR_HEDDLE_RESULT", "task: a record has at most 64 fields");
  EXPECT_ERROR(run_task(&w, "f64 -> record", run_fields, HEDDLE_SECRET, (heddle_value[]){f64(65)}),
               "ERR_HEDDLE_RESULT", "task: a record has at most 64 fields");
  end();
}

static heddle_status run_resize(heddle_call *call) {
  static const size_t sizes[] = {5, 0, 1000, 1000, 3, 70000, 12};
  if (heddle_arg(call, 0)->as.f64 == 1)
    heddle_field(call, "inner");
  char *data = heddle_result_bytes(call, 4);
  if (data == NULL)
    return HEDDLE_FAILED;
  memcpy(data, "abcd", 4);
  for (size_t i = 0; i < 7; i++) {
    data = heddle_result_resize(call, sizes[i]);
    if (data == NULL)
      return HEDDLE_FAILED;
    if (i == 0)
      CHECK(memcmp(data, "abcd", 4) == 0);
    memset(data, '0' + (int)i, sizes[i]);
  }
  CHECK(heddle_result_resize(call, 2) != NULL);
  return HEDDLE_OK;
}

static heddle_status run_resize_nothing(heddle_call *call) {
  CHECK(heddle_result_resize(call, 2) == NULL);
  return HEDDLE_FAILED;
}

static heddle_status run_replace(heddle_call *call) {
  (void)heddle_result_string(call, "first", 5);
  (void)heddle_result_bytes(call, 1000);
  (void)heddle_result_string(call, "abc", 3);
  (void)heddle_result_array(call, HEDDLE_ELEMENT_I16, 5);
  heddle_result_i64(call, -5);
  (void)heddle_result_string(call, NULL, 0);
  return heddle_result_string(call, "last\0one", 8);
}

static heddle_status run_huge_results(heddle_call *call) {
  switch ((int)heddle_arg(call, 0)->as.f64) {
  case 0:
    return heddle_result_array(call, HEDDLE_ELEMENT_F64, SIZE_MAX / 4) ? HEDDLE_OK : HEDDLE_FAILED;
  case 1:
    return heddle_result_string(call, "", SIZE_MAX);
  default:
    (void)heddle_result_bytes(call, 8);
    return heddle_result_resize(call, SIZE_MAX / 2) ? HEDDLE_OK : HEDDLE_FAILED;
  }
}

static void results(void) {
  begin();
  for (uint32_t flags = 0; flags <= HEDDLE_SECRET; flags += HEDDLE_SECRET) {
    const outcome *o = run_task(&w, "f64 -> bytes", run_resize, flags, (heddle_value[]){f64(0)});
    CHECK_EQ(o->length, 2);
    CHECK_TEXT(o->text, "66");
    o = run_task(&w, "f64 -> record", run_resize, flags, (heddle_value[]){f64(1)});
    CHECK_EQ(o->state, HD_FULFILLED);
    EXPECT_ERROR(run_task(&w, "-> bytes", run_resize_nothing, flags, NULL), "ERR_HEDDLE_RESULT",
                 "task: there is no Buffer to resize");
    o = run_task(&w, "-> string", run_replace, flags, NULL);
    CHECK_TEXT(o->text, "last");
    CHECK_EQ(o->length, 8);
    for (int i = 0; i < 3; i++)
      EXPECT_ERROR(run_task(&w, "f64 -> f64[] | string | bytes", run_huge_results, flags,
                            (heddle_value[]){f64(i)}),
                   "ERR_HEDDLE_NO_MEMORY", "out of memory");
  }
  end();
}

/* ---- Secrets ---------------------------------------------------------------------------- */

static heddle_status run_secret(heddle_call *call) {
  int how = (int)heddle_arg(call, 0)->as.f64;
  void *note = heddle_scratch(call, 32);
  void *key = heddle_result_bytes(call, 32);
  if (key == NULL || note == NULL)
    return HEDDLE_FAILED;
  memset(note, 'S', 32);
  memset(key, 'S', 32);
  if (how == 0)
    return HEDDLE_OK;
  if (how == 1)
    return heddle_error(call, "ERR_TEST", "no key");
  if (how == 2)
    return HEDDLE_FAILED;
  if (how == 3)
    return heddle_result_resize(call, 64) == NULL ? HEDDLE_FAILED
                                                  : heddle_error(call, "ERR_TEST", "no");
  heddle_result_null(call);
  return HEDDLE_OK;
}

/* No block that held the key is freed as it was. */
static void secrets(void) {
  begin();
  for (int how = 0; how < 5; how++) {
    alloc_watch('S', 32);
    (void)run_task(&w, "f64 -> bytes | null", run_secret, HEDDLE_SECRET,
                   (heddle_value[]){f64(how)});
    check_that(alloc_leaked() == 0, __FILE__, __LINE__, "case %d: %ld blocks are not wiped", how,
               alloc_leaked());
    alloc_watch(0, 0);
  }
  end();
}

static const test tests[] = {{"records", records, 0},
                             {"resized and replaced", results, 0},
                             {"secrets are wiped", secrets, 0},
                             {NULL, NULL, 0}};

const suite results_suite = {"results", tests};
