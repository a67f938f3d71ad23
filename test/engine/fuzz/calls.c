/* A task that uses heddle.h in any order, and badly: what a plugin may do to the
 * engine. Its input is what it does. */
#include <math.h>
#include <string.h>

#include "kit.h"

enum { MOST = 1 << 12, STEPS = 200 };

static feed *script;
static bool reads_whole[3];

static double number_of(feed *f) {
  static const double odd[] = {0, -0.0, 1, -1, 0.5, NAN, INFINITY, 1e300, 4294967296.0, 9e15};
  uint8_t which = feed_byte(f);
  return which < sizeof(odd) / sizeof(odd[0]) ? odd[which] : which / 255.0;
}

static void fill(void *memory, size_t size) {
  if (memory != NULL)
    memset(memory, 0xab, size);
}

/* Sizes are few bytes, or far too many. */
static size_t size_of(feed *f) {
  uint8_t size = feed_byte(f);
  return size < 250 ? (size_t)size * size % MOST : SIZE_MAX - (255 - size) * 8;
}

static void set_plain(heddle_call *call) {
  heddle_value value = {.type = feed_byte(script) % 13};
  value.as.f64 = number_of(script);
  if (value.type == HEDDLE_BOOL)
    value.as.boolean = 1;
  call->host->result(call, &value);
}

static void set_string(heddle_call *call) {
  size_t length;
  char *text = feed_text(script, feed_byte(script), &length);
  (void)heddle_result_string(call, text, length);
  free(text);
}

static void set_error(heddle_call *call) {
  size_t length;
  heddle_error_kind kind = feed_byte(script) % 4;
  char *text = feed_text(script, 255, &length);
  if (length % 4 == 0)
    (void)heddle_system_error(call, -2, "open", text);
  else
    (void)heddle_error_as(call, kind, "ERR_FUZZ", (int)length, "%s%s%s", text, text, text);
  free(text);
}

static void name_field(heddle_call *call) {
  const char name[] = {(char)feed_byte(script), '\0'};
  heddle_field(call, name[0] == '\xff' ? NULL : name);
}

/* One pass over each argument, or all of it. */
static heddle_status read_argument(heddle_call *call) {
  uint32_t index = feed_byte(script) % 5;
  const void *data;
  size_t length = 0;
  uint8_t sum = 0;
  if (index < 3 && reads_whole[index])
    return HEDDLE_OK;
  heddle_status status = heddle_read(call, index, &data, &length);
  HOLDS(status == HEDDLE_OK || status == HEDDLE_FAILED || status == HEDDLE_CANCELLED);
  for (size_t i = 0; status == HEDDLE_OK && i < length; i++)
    sum ^= ((const uint8_t *)data)[i];
  return sum == 255 ? HEDDLE_OK : status;
}

static void read_whole(heddle_call *call) {
  uint32_t index = feed_byte(script) % 5;
  const void *data;
  size_t length;
  if (heddle_read_all(call, index, &data, &length) == HEDDLE_OK && index < 3)
    reads_whole[index] = true;
}

static heddle_status act(heddle_call *call) {
  switch (feed_byte(script) % 13) {
  case 0: {
    size_t size = size_of(script);
    fill(heddle_result_bytes(call, size), size);
    break;
  }
  case 1: {
    size_t size = size_of(script);
    fill(heddle_result_resize(call, size), size);
    break;
  }
  case 2: {
    heddle_element element = feed_byte(script) % 16;
    size_t length = size_of(script);
    void *array = heddle_result_array(call, element, length);
    if (array != NULL)
      fill(array, length * heddle_element_size(element));
    break;
  }
  case 3:
    set_string(call);
    break;
  case 4:
    name_field(call);
    break;
  case 5:
    set_plain(call);
    break;
  case 6:
    set_error(call);
    break;
  case 7: {
    size_t size = size_of(script);
    fill(heddle_scratch(call, size), size);
    break;
  }
  case 8:
    heddle_progress(call, number_of(script));
    break;
  case 9:
    return read_argument(call);
  case 10:
    read_whole(call);
    break;
  case 11:
    (void)heddle_cancelled(call);
    break;
  default:
    (void)heddle_wait(call, -number_of(script));
  }
  return HEDDLE_OK;
}

static heddle_status run(heddle_call *call) {
  memset(reads_whole, 0, sizeof(reads_whole));
  uint8_t end = feed_byte(script);
  for (int i = 0; i < STEPS && script->left > 0; i++)
    if (act(call) == HEDDLE_CANCELLED)
      return HEDDLE_CANCELLED;
  return (heddle_status)(end % 5);
}

#define TASK(results, flags)                                                                       \
  {                                                                                                \
    .task = { "fuzz", "a: bytes, b: bytes, c?: f64 = 1 -> " results, run, flags }                  \
  }
static subject tasks[] = {
    TASK("void", 0),
    TASK("bytes | string", HEDDLE_SECRET),
    TASK("record | null", 0),
    TASK("i32 | i64 | bool", 0),
    TASK("u32 | u64 | f64[] | u8[]", 0),
    TASK("{a: f64, b?: string | bytes, c?: array}", HEDDLE_SECRET),
    TASK("array | f64 | record", 0),
    TASK("void | null | bool | f64 | i64 | u64 | string | bytes | array | record", 0)};
enum { TASKS = sizeof(tasks) / sizeof(tasks[0]) };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  feed f = {data, size};
  subject *s = &tasks[feed_byte(&f) % TASKS];
  subject_open(s);
  trouble with = feed_trouble(&f);
  size_t length;
  uint8_t *given = feed_copy(&f, feed_byte(&f) % 32, &length);
  heddle_value args[] = {
      {.type = HEDDLE_BYTES, .as.data = length == 0 ? NULL : given, .length = length},
      {.type = HEDDLE_FILE, .as.string = "/proc/self/nothing", .length = 18},
      {.type = HEDDLE_F64, .as.f64 = 1}};
  script = &f;
  heddle_value result;
  (void)subject_run(s, args, &with, &result);
  end_result(&result);
  free(given);
  return 0;
}
