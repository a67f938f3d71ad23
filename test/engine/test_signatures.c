/* signature_parse.c and signature.c: what is read from good ones, and the
 * words for bad ones. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "signature.h"
#include "world.h"

typedef struct good {
  const char *text;
  uint32_t count;
  uint32_t results;
  /* of the last parameter: */
  uint8_t type;
  uint8_t element;
  bool optional;
  const char *label;
  const char *expected;
} good;

enum {
  F64 = 1 << HEDDLE_F64,
  BYTES = 1 << HEDDLE_BYTES,
  STRING = 1 << HEDDLE_STRING,
  VOID = 1 << HEDDLE_UNDEFINED,
  ARRAY = 1 << HEDDLE_ARRAY
};

#define ANY_BYTES "a string, Buffer, TypedArray, DataView, ArrayBuffer, SharedArrayBuffer or file()"

static const good goods[] = {
    {"-> void", 0, VOID, 0, 0, false, NULL, NULL},
    {"->void", 0, VOID, 0, 0, false, NULL, NULL},
    {"f64->f64", 1, F64, HEDDLE_F64, 0, false, "argument 1", "a number"},
    {"bool -> null|bool", 1, (1 << HEDDLE_NULL) | (1 << HEDDLE_BOOL), HEDDLE_BOOL, 0, false,
     "argument 1", "a boolean"},
    {"data: bytes -> bytes | string", 1, BYTES | STRING, HEDDLE_BYTES, 0, false,
     "argument \"data\"", ANY_BYTES},
    {"data: bytes, value?: u32 = 0 -> f64", 2, F64, HEDDLE_U32, 0, true, "argument \"value\"",
     "an integer from 0 to 4294967295"},
    {"x: i32(1..9) -> f64", 1, F64, HEDDLE_I32, 0, false, "argument \"x\"",
     "an integer from 1 to 9"},
    {"x: i32 -> f64", 1, F64, HEDDLE_I32, 0, false, "argument \"x\"",
     "an integer from -2147483648 to 2147483647"},
    {"x: f64(0..) -> f64", 1, F64, HEDDLE_F64, 0, false, "argument \"x\"",
     "a number of at least 0"},
    {"x: f64(..-1.5) -> f64", 1, F64, HEDDLE_F64, 0, false, "argument \"x\"",
     "a number of at most -1.5"},
    {"x: f64(..) -> f64", 1, F64, HEDDLE_F64, 0, false, "argument \"x\"", "a number"},
    {"s: string(hex|base64|latin1) -> string", 1, STRING, HEDDLE_STRING, 0, false, "argument \"s\"",
     "'hex', 'base64' or 'latin1'"},
    {"s: string(hex) = hex -> string", 1, STRING, HEDDLE_STRING, 0, true, "argument \"s\"",
     "'hex'"},
    {"f64, i64, u64 -> i64 | u64", 3, (1 << HEDDLE_I64) | (1 << HEDDLE_U64), HEDDLE_U64, 0, false,
     "argument 3", "a bigint of 64 bits, unsigned"},
    {"a: u8c[] -> u8c[]", 1, ARRAY, HEDDLE_ARRAY, HEDDLE_ELEMENT_U8C, false, "argument \"a\"",
     "a Uint8ClampedArray"},
    {"a: f16[] -> any[]", 1, ARRAY, HEDDLE_ARRAY, HEDDLE_ELEMENT_F16, false, "argument \"a\"",
     "a Float16Array"},
    {"a: array -> array | record", 1, ARRAY | (1 << HEDDLE_RECORD), HEDDLE_ARRAY, 0, false,
     "argument \"a\"", "a TypedArray"},
    {"data: bytes, { level?: i32(0..9) = 6, quick?: bool = true } -> bytes", 3, BYTES, HEDDLE_BOOL,
     0, true, "option \"quick\"", "a boolean"},
    {"opts: {a: f64, b: string} -> void", 2, VOID, HEDDLE_STRING, 0, false, "option \"b\"",
     "a string"},
    {"x: f64 -> {a: f64, b?: f64[] | null} | null", 1, (1 << HEDDLE_RECORD) | (1 << HEDDLE_NULL),
     HEDDLE_F64, 0, false, "argument \"x\"", "a number"},
    {"x: f64 -> i32 | u32", 1, (1 << HEDDLE_I32) | (1 << HEDDLE_U32), HEDDLE_F64, 0, false,
     "argument \"x\"", "a number"},
    {" \n\tx\t:\nf64 -> \n f64 \n", 1, F64, HEDDLE_F64, 0, false, "argument \"x\"", "a number"}};

static void good_ones(void) {
  for (size_t i = 0; i < sizeof(goods) / sizeof(goods[0]); i++) {
    const good *g = &goods[i];
    hd_signature s;
    char problem[200] = "";
    if (!check_that(hd_signature_parse(&s, g->text, problem, sizeof(problem)), __FILE__, __LINE__,
                    "\"%s\": %s", g->text, problem))
      continue;
    check_that(s.count == g->count && s.results.types == g->results, __FILE__, __LINE__,
               "\"%s\": %u parameters, results %x", g->text, s.count, s.results.types);
    if (s.count == g->count && s.count > 0) {
      const hd_param *last = &s.params[s.count - 1];
      CHECK_EQ(last->type, g->type);
      CHECK_EQ(last->element, g->element);
      CHECK_EQ(last->optional, g->optional);
      CHECK_TEXT(last->label, g->label);
      CHECK_TEXT(last->expected, g->expected);
    }
    hd_signature_free(&s);
  }
  CHECK_EQ(alloc_live(), 0);
}

static const char *const bads[][2] = {
    {"", "unknown type \"\""},
    {"f64", "\"->\" and a result are missing"},
    {"f64 -", "\"->\" and a result are missing"},
    {"f64 ->", "unknown type \"\""},
    {"int -> f64", "unknown type \"int\""},
    {"x: int -> f64", "unknown type \"int\""},
    {"f64[ -> f64", "\"->\" and a result are missing"},
    {"bool[] -> f64", "unknown type \"bool[]\""},
    {"f64 -> {", "a field of a record needs a name"},
    {"f64 -> {}", "a field of a record needs a name"},
    {"f64 -> {f64}", "a field of a record needs a name"},
    {"f64 -> {a: f64", "\"}\" is missing"},
    {"f64 -> {a: int}", "unknown type \"int\""},
    {"f64 -> {a: f64, a: f64}", "two fields are called \"a\""},
    {"f64 -> {a: void}", "a field is neither void nor a record"},
    {"f64 -> {a: f64 | record}", "a field is neither void nor a record"},
    {"f64 -> {a: f64} | {b: f64}", "a result has one record"},
    {"x: f64, x: f64 -> f64", "two parameters are called \"x\""},
    {"x: f64, {x: f64} -> f64", "two parameters are called \"x\""},
    {"x: i64 = 1.5 -> f64", "\"1.5\" is not an integer"},
    {"x: i64 = -> f64", "a number must stand at \"-> f64\""},
    {"x: i64 = 9223372036854775808 -> f64", "the default is out of bounds"},
    {"x: u64 = -1 -> f64", "the default is out of bounds"},
    {"f64 -> f64 f64", "\"f64\" is left over"},
    {"f64 -> f64 |", "unknown type \"\""},
    {"void -> f64", "void is for results only"},
    {"null -> f64", "null is for results only"},
    {"x: record -> f64", "record is for results only"},
    {"x?: f64, y: f64 -> f64", "a required parameter follows an optional one"},
    {"x: f64 = 1, f64 -> f64", "a required parameter follows an optional one"},
    {"{a: f64}, f64 -> f64", "an options object must come last"},
    {"{f64} -> f64", "a field of an options object needs a name"},
    {"{} -> f64", "a field of an options object needs a name"},
    {"{a: f64 -> f64", "\"}\" is missing"},
    {"x: i32(1..2 -> f64", "\")\" is missing after the bounds"},
    {"x: i32(1) -> f64", "bounds are written (least..most)"},
    {"x: i32() -> f64", "a number must stand at \") -> f64\""},
    {"x: i32(a..2) -> f64", "\"a\" is not a number"},
    {"x: i32(2..1) -> f64", "the bounds are empty"},
    {"x: f64(nan..1) -> f64", "the bounds are empty"},
    {"x: i32(0..5000000000) -> f64", "the bounds are beyond the type's"},
    {"x: u32(-1..5) -> f64", "the bounds are beyond the type's"},
    {"x: u32(0..inf) -> f64", "the bounds are beyond the type's"},
    {"x: i32(-inf..inf) -> f64", "the bounds are beyond the type's"},
    {"x: bool(1..2) -> f64", "bool takes no bounds"},
    {"x: bytes(a) -> f64", "bytes takes no bounds"},
    {"x: string() -> f64", "a word must stand at \") -> f64\""},
    {"x: string(a|) -> f64", "a word must stand at \") -> f64\""},
    {"x: string(a|b -> f64", "\")\" is missing after the words"},
    {"x: i32(1..9) = 10 -> f64", "the default is out of bounds"},
    {"x: i32 = 1.5 -> f64", "the default is out of bounds"},
    {"x: u32 = -1 -> f64", "the default is out of bounds"},
    {"x: i32 = nan -> f64", "the default is out of bounds"},
    {"x: f64 = -> f64", "a number must stand at \"-> f64\""},
    {"x: string(a|b) = c -> f64", "the default \"c\" is not among the words"},
    {"x: bool = yes -> f64", "\"yes\" is neither true nor false"},
    {"x: bytes = a -> f64", "only numbers, booleans and strings have defaults"},
    {"x: u8[] = 1 -> f64", "only numbers, booleans and strings have defaults"},
    {"f64,f64,f64,f64,f64,f64,f64,f64,f64,f64,f64,f64,f64,f64,f64,f64,f64,f64,f64,f64,f64,f64,f64,"
     "f64,f64,f64,f64,f64,f64,f64,f64,f64,f64->f64",
     "more than 32 parameters"},
    {"x: string(a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a) -> f64",
     "more than 32 words"}};

static void bad_ones(void) {
  for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
    hd_signature s;
    char problem[200] = "";
    if (check_that(!hd_signature_parse(&s, bads[i][0], problem, sizeof(problem)), __FILE__,
                   __LINE__, "\"%s\" is taken for good", bads[i][0]))
      check_that(strcmp(problem, bads[i][1]) == 0, __FILE__, __LINE__,
                 "\"%s\": got \"%s\", wanted \"%s\"", bads[i][0], problem, bads[i][1]);
    else
      hd_signature_free(&s);
    if (i % 2 == 0) { /* in a small buffer the words are cut, not lost */
      char small[8] = "";
      CHECK(!hd_signature_parse(&s, bads[i][0], small, sizeof(small)));
      CHECK(strncmp(small, bads[i][1], 7) == 0 && small[7] == '\0');
    }
  }
  CHECK_EQ(alloc_live(), 0);
}

/* Labels and words are cut, never written beyond their room. */
static void long_ones(void) {
  static char text[40000];
  char problem[200];
  hd_signature s;
  char name[400];
  memset(name, 'n', sizeof(name) - 1);
  name[sizeof(name) - 1] = '\0';
  size_t end = (size_t)snprintf(text, sizeof(text), "%s: string(", name);
  for (int i = 0; i < 32; i++)
    end += (size_t)snprintf(text + end, sizeof(text) - end, "%s%s", i == 0 ? "" : "|", name);
  (void)snprintf(text + end, sizeof(text) - end, ") -> f64");
  NEED(hd_signature_parse(&s, text, problem, sizeof(problem)));
  CHECK(strlen(s.params[0].expected) < 512);
  CHECK(strlen(s.params[0].label) < 160);
  CHECK(strlen(s.params[0].name) == 399);
  CHECK(hd_param_word(&s.params[0], name, 399));
  CHECK(!hd_param_word(&s.params[0], name, 398));
  hd_signature_free(&s);
  memset(text, '1', 100);
  (void)snprintf(text + 100, sizeof(text) - 100, ": f64 = 1 -> f64");
  CHECK(hd_signature_parse(&s, text, problem, sizeof(problem)));
  hd_signature_free(&s);
}

static void defaults(void) {
  hd_signature s;
  char problem[200];
  NEED(hd_signature_parse(&s,
                          "a?: f64, b: i32(-5..5) = -3, c: string = some.word-1, "
                          "{ d?: bool = true, e: u32 = 4294967295, f?: f64 = 1e3, "
                          "g: i64 = -9223372036854775808, h: u64 = 18446744073709551615 } -> void",
                          problem, sizeof(problem)));
  NEED(s.count == 8);
  CHECK(s.params[6].fallback.type == HEDDLE_I64 && s.params[6].fallback.as.i64 == INT64_MIN);
  CHECK(s.params[7].fallback.type == HEDDLE_U64 && s.params[7].fallback.as.u64 == UINT64_MAX);
  CHECK(s.params[0].optional && !s.params[0].has_default);
  CHECK(s.params[1].has_default && s.params[1].fallback.as.i32 == -3);
  CHECK(s.params[1].fallback.type == HEDDLE_I32);
  CHECK_TEXT(s.params[2].fallback.as.string, "some.word-1");
  CHECK_EQ(s.params[2].fallback.length, 11);
  CHECK_TEXT(s.params[3].options, "options");
  CHECK_EQ(s.params[3].fallback.as.boolean, 1);
  CHECK(s.params[4].fallback.as.u32 == UINT32_MAX);
  CHECK(s.params[5].fallback.as.f64 == 1000);
  hd_signature_free(&s);
}

static void numbers(void) {
  hd_signature s;
  char problem[200];
  heddle_value out;
  NEED(hd_signature_parse(&s, "i32, u32, f64, f64(0..1), i32(2..3) -> void", problem,
                          sizeof(problem)));
  const hd_param *p = s.params;
  CHECK(hd_param_number(&p[0], -2147483648.0, &out) && out.as.i32 == INT32_MIN);
  CHECK(hd_param_number(&p[0], 2147483647.0, &out) && out.as.i32 == INT32_MAX);
  CHECK(!hd_param_number(&p[0], 2147483648.0, &out) && !hd_param_number(&p[0], 0.5, &out));
  CHECK(!hd_param_number(&p[0], NAN, &out) && !hd_param_number(&p[0], INFINITY, &out));
  CHECK(hd_param_number(&p[1], 4294967295.0, &out) && out.as.u32 == UINT32_MAX);
  CHECK(!hd_param_number(&p[1], 4294967296.0, &out) && !hd_param_number(&p[1], -1, &out));
  CHECK(hd_param_number(&p[1], -0.0, &out) && out.as.u32 == 0);
  CHECK(hd_param_number(&p[2], NAN, &out) && isnan(out.as.f64) && out.type == HEDDLE_F64);
  CHECK(hd_param_number(&p[2], -INFINITY, &out));
  CHECK(!hd_param_number(&p[3], NAN, &out) && !hd_param_number(&p[3], 1.0000001, &out));
  CHECK(hd_param_number(&p[3], 1, &out) && hd_param_number(&p[3], 0, &out));
  CHECK(!hd_param_number(&p[4], 4, &out) && hd_param_number(&p[4], 2, &out));
  hd_signature_free(&s);
}

static heddle_value array_of(heddle_element element) {
  return (heddle_value){.type = HEDDLE_ARRAY, .element = (uint8_t)element};
}

static bool allows(const char *text, heddle_value value, const char *words) {
  hd_signature s;
  char reason[200] = "";
  NEED(hd_signature_parse(&s, text, reason, sizeof(reason)));
  bool allowed = hd_signature_allows(&s, &value, reason, sizeof(reason));
  hd_signature_free(&s);
  return allowed == (words == NULL) && strcmp(reason, words == NULL ? "" : words) == 0;
}

static void elements(void) {
  hd_signature s;
  char problem[200];
  NEED(hd_signature_parse(&s, "array, any[], f16[], u8[] -> any[]", problem, sizeof(problem)));
  /* Tasks that say `array` need not know Float16Arrays. */
  CHECK(!hd_param_takes(&s.params[0], HEDDLE_ELEMENT_F16));
  CHECK(hd_param_takes(&s.params[0], HEDDLE_ELEMENT_U64));
  CHECK(hd_param_takes(&s.params[1], HEDDLE_ELEMENT_F16));
  CHECK(hd_param_takes(&s.params[1], HEDDLE_ELEMENT_I8));
  CHECK(hd_param_takes(&s.params[2], HEDDLE_ELEMENT_F16));
  CHECK(!hd_param_takes(&s.params[2], HEDDLE_ELEMENT_U16));
  heddle_value half = array_of(HEDDLE_ELEMENT_F16);
  heddle_value argument;
  CHECK(!hd_param_convert(&s.params[0], &half, &argument));
  CHECK(hd_param_convert(&s.params[1], &half, &argument));
  CHECK(!hd_param_convert(&s.params[3], &half, &argument));
  hd_signature_free(&s);
}

static void results(void) {
  CHECK(allows("-> any[]", array_of(HEDDLE_ELEMENT_F16), NULL));
  CHECK(allows("-> u16[]", array_of(HEDDLE_ELEMENT_F16),
               "a Float16Array, which its signature does not name"));
  CHECK(allows("-> f64[]", array_of(HEDDLE_ELEMENT_F64), NULL));
  CHECK(allows("-> f64[]", array_of(HEDDLE_ELEMENT_U8),
               "a Uint8Array, which its signature does not name"));
  CHECK(allows("-> f64[] | u8[]", array_of(HEDDLE_ELEMENT_U8), NULL));
  CHECK(allows("-> array", array_of(HEDDLE_ELEMENT_I64), NULL));
  CHECK(allows("-> i32", f64(-5), NULL) && allows("-> u32", f64(4294967295.0), NULL));
  CHECK(allows("-> i32", f64(1.5), "the number 1.5, which is not what its signature says"));
  CHECK(allows("-> u32", f64(-1), "the number -1, which is not what its signature says"));
  CHECK(allows("-> i32", f64(2147483648.0),
               "the number 2147483648, which is not what its signature says"));
  CHECK(allows("-> i32 | u32", f64(2147483648.0), NULL) && allows("-> i32 | f64", f64(0.5), NULL));
  CHECK(allows("-> string", f64(1), "a number, which its signature does not name"));
  CHECK(allows("-> f64", (heddle_value){.type = HEDDLE_UNDEFINED},
               "undefined, which its signature does not name"));
}

static void result_records(void) {
  static const char text[] = "-> { n: u32, a?: f64[], s: string | null } | null";
  hd_field fields[4] = {{"n", f64(3)},
                        {"s", {.type = HEDDLE_NULL}},
                        {"a", {.type = HEDDLE_ARRAY, .element = HEDDLE_ELEMENT_F64}},
                        {"b", f64(1)}};
  hd_record record = {.count = 3, .fields = fields};
  heddle_value value = {.type = HEDDLE_RECORD, .as.data = &record};
  CHECK(allows(text, value, NULL));
  CHECK(allows(text, (heddle_value){.type = HEDDLE_NULL}, NULL));
  record.count = 4;
  CHECK(allows(text, value, "a field 'b', which its signature does not name"));
  CHECK(allows("-> record", value, NULL));
  record.count = 2;
  CHECK(allows(text, value, NULL));
  fields[0].value = f64(-3);
  CHECK(allows(text, value, "a number as field 'n', which is not what its signature says"));
  fields[0].value = (heddle_value){.type = HD_VALUE_NONE};
  CHECK(allows(text, value, "no field 'n', which its signature names"));
  record.count = 0;
  CHECK(allows(text, value, "no field 'n', which its signature names"));
}

/* Mutations of good ones: whatever it says of them, it neither crashes nor
 * loses memory, and what it takes for good makes sense. */
static void mutated(void) {
  static const char letters[] = "->|:?,=(){}[].. \n\t0159-+einfaxulbty";
  uint32_t seed = 2024;
  uint32_t taken = 0;
  uint32_t nonsense = 0;
  for (int round = 0; round < 60000; round++) {
    char text[256];
    char problem[64];
    hd_signature s;
    (void)snprintf(text, sizeof(text), "%s",
                   goods[round % (int)(sizeof(goods) / sizeof(goods[0]))].text);
    size_t length = strlen(text);
    for (int m = 0; m < 1 + round % 4; m++) {
      seed = seed * 1664525 + 1013904223;
      size_t at = (seed >> 8) % length;
      char letter = letters[(seed >> 20) % (sizeof(letters) - 1)];
      switch ((seed >> 6) & 3) {
      case 0:
        text[at] = letter;
        break;
      case 1:
        memmove(text + at, text + at + 1, length - at);
        length--;
        break;
      case 2:
        memmove(text + at + 1, text + at, length - at + 1);
        text[at] = letter;
        length++;
        break;
      default:
        text[at] = (char)(seed >> 24);
        length = strlen(text);
      }
      if (length == 0)
        break;
    }
    /* On the heap without a byte to spare, for AddressSanitizer. */
    char *exact = strdup(text);
    NEED(exact != NULL);
    if (hd_signature_parse(&s, exact, problem, sizeof(problem))) {
      taken++;
      for (uint32_t i = 0; i < s.count; i++) {
        const hd_param *p = &s.params[i];
        heddle_value out;
        nonsense += p->label == NULL || p->expected == NULL || !(p->least <= p->most);
        (void)hd_param_number(p, p->least, &out);
        (void)hd_param_number(p, p->most, &out);
      }
      nonsense += s.results.types == 0;
      hd_signature_free(&s);
    }
    free(exact);
  }
  CHECK_EQ(nonsense, 0);
  CHECK(taken > 1000);
  CHECK_EQ(alloc_live(), 0);
}

static const test tests[] = {
    {"good ones", good_ones, 0},  {"bad ones", bad_ones, 0},
    {"long ones", long_ones, 0},  {"defaults", defaults, 0},
    {"numbers", numbers, 0},      {"elements", elements, 0},
    {"results", results, 0},      {"records as results", result_records, 0},
    {"mutated ones", mutated, 0}, {NULL, NULL, 0}};

const suite signatures_suite = {"signatures", tests};
