/* What a result becomes as the next step's argument, and the arena. */
#include <string.h>

#include "arena.h"
#include "signature.h"
#include "world.h"

enum { NO = 0xff }; /* the value does not fit */

typedef struct conversion {
  const char *param;
  heddle_value value;
  uint8_t type; /* that it becomes, or NO */
  uint8_t element;
  size_t length;
} conversion;

static double numbers[4] = {1, 2, 3, 4};

static heddle_value array_value(heddle_element element, size_t length) {
  return (heddle_value){
      .type = HEDDLE_ARRAY, .element = (uint8_t)element, .as.data = numbers, .length = length};
}

static void conversions(void) {
  const heddle_value undefined = {.type = HEDDLE_UNDEFINED};
  const heddle_value null = {.type = HEDDLE_NULL};
  const heddle_value yes = {.type = HEDDLE_BOOL, .as.boolean = 1};
  const heddle_value big = {.type = HEDDLE_I64, .as.i64 = 5};
  const heddle_value record = {.type = HEDDLE_RECORD};
  const heddle_value error = {.type = HD_VALUE_ERROR};
  const heddle_value none = {.type = HD_VALUE_NONE};
  const heddle_value text = string_value("hex", 3);
  const heddle_value data = bytes("abcd", 4);
  const conversion table[] = {
      {"f64", f64(1.5), HEDDLE_F64, 0, 0},
      {"i32", f64(-3), HEDDLE_I32, 0, 0},
      {"i32", f64(1.5), NO, 0, 0},
      {"u32", f64(-1), NO, 0, 0},
      {"i32(0..2)", f64(3), NO, 0, 0},
      {"f64", yes, NO, 0, 0},
      {"f64", undefined, NO, 0, 0},
      {"bool", yes, HEDDLE_BOOL, 0, 0},
      {"bool", f64(1), NO, 0, 0},
      {"i64", big, HEDDLE_I64, 0, 0},
      {"u64", big, NO, 0, 0},
      {"string", text, HEDDLE_STRING, 0, 3},
      {"string(hex|latin1)", text, HEDDLE_STRING, 0, 3},
      {"string(latin1)", text, NO, 0, 0},
      {"string", data, NO, 0, 0},
      {"bytes", data, HEDDLE_BYTES, 0, 4},
      {"bytes", text, HEDDLE_BYTES, 0, 3},
      {"bytes", array_value(HEDDLE_ELEMENT_F64, 4), HEDDLE_BYTES, 0, 32},
      {"bytes", array_value(HEDDLE_ELEMENT_I16, 3), HEDDLE_BYTES, 0, 6},
      {"bytes", null, NO, 0, 0},
      {"bytes", record, NO, 0, 0},
      {"bytes", error, NO, 0, 0},
      {"bytes", none, NO, 0, 0},
      {"f64[]", array_value(HEDDLE_ELEMENT_F64, 4), HEDDLE_ARRAY, HEDDLE_ELEMENT_F64, 4},
      {"f32[]", array_value(HEDDLE_ELEMENT_F64, 4), NO, 0, 0},
      {"array", array_value(HEDDLE_ELEMENT_I64, 4), HEDDLE_ARRAY, HEDDLE_ELEMENT_I64, 4},
      {"u8[]", data, HEDDLE_ARRAY, HEDDLE_ELEMENT_U8, 4},
      {"array", data, HEDDLE_ARRAY, HEDDLE_ELEMENT_U8, 4},
      {"u8c[]", data, NO, 0, 0},
      {"array", text, NO, 0, 0},
      /* What is undefined is left out. */
      {"a?: f64", undefined, HEDDLE_UNDEFINED, 0, 0},
      {"a?: bytes", undefined, HEDDLE_UNDEFINED, 0, 0},
      {"a?: string", undefined, HEDDLE_UNDEFINED, 0, 0},
      {"a?: bool", undefined, HEDDLE_UNDEFINED, 0, 0},
      {"a: bool = true", undefined, HEDDLE_BOOL, 0, 0},
      {"a: i32 = 7", undefined, HEDDLE_I32, 0, 0},
      {"a: string = word", undefined, HEDDLE_STRING, 0, 4},
      {"a: bool = true", null, NO, 0, 0}};
  for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
    const conversion *c = &table[i];
    char signature[64];
    char problem[64];
    hd_signature s;
    heddle_value out;
    (void)snprintf(signature, sizeof(signature), "%s -> void", c->param);
    NEED(hd_signature_parse(&s, signature, problem, sizeof(problem)));
    bool fits = hd_param_convert(&s.params[0], &c->value, &out);
    check_that(fits == (c->type != NO), __FILE__, __LINE__, "row %zu, %s: fits is %d", i, c->param,
               fits);
    if (fits)
      check_that(out.type == c->type && out.element == c->element && out.length == c->length,
                 __FILE__, __LINE__, "row %zu, %s: type %d, element %d, length %zu", i, c->param,
                 out.type, out.element, out.length);
    hd_signature_free(&s);
  }
}

static void names(void) {
  const heddle_value values[] = {f64(0),
                                 pointer(NULL),
                                 string_value("", 0),
                                 bytes("", 0),
                                 file_value("", 0),
                                 array_value(HEDDLE_ELEMENT_U8C, 0),
                                 array_value(HEDDLE_ELEMENT_NONE, 0),
                                 {.type = HEDDLE_UNDEFINED},
                                 {.type = HEDDLE_NULL},
                                 {.type = HEDDLE_BOOL},
                                 {.type = HEDDLE_RECORD},
                                 {.type = HD_VALUE_NONE}};
  const char *wanted[] = {
      "a number",      "a bigint",  "a string", "a Buffer",  "a file",    "a Uint8ClampedArray",
      "a typed array", "undefined", "null",     "a boolean", "an object", "nothing"};
  for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
    CHECK_TEXT(hd_value_name(&values[i]), wanted[i]);
}

static void arena(void) {
  hd_arena a = {NULL, 0};
  unsigned char *blocks[400];
  size_t sizes[400];
  for (size_t i = 0; i < 400; i++) {
    sizes[i] = i % 97 == 0 ? i * 3000 : i * 7;
    blocks[i] = hd_arena_alloc(&a, sizes[i]);
    NEED(blocks[i] != NULL);
    CHECK_EQ((uintptr_t)blocks[i] % 16, 0);
    memset(blocks[i], (int)i, sizes[i]);
  }
  uint32_t wrong = 0;
  for (size_t i = 0; i < 400; i++)
    for (size_t b = 0; b < sizes[i]; b++)
      wrong += blocks[i][b] != (unsigned char)i;
  CHECK_EQ(wrong, 0);
  CHECK(a.bytes > 1000000);
  CHECK(hd_arena_alloc(&a, SIZE_MAX) == NULL);
  CHECK(hd_arena_alloc(&a, SIZE_MAX - 20) == NULL);
  CHECK(hd_arena_alloc(&a, SIZE_MAX / 2) == NULL);
  alloc_watch(0x63, 64); /* the block at 99 */
  hd_arena_free(&a, true);
  CHECK_EQ(alloc_leaked(), 0);
  alloc_watch(0, 0);
  CHECK_EQ(a.bytes, 0);
  CHECK_EQ(alloc_live(), 0);
  CHECK(hd_arena_alloc(&a, 10) != NULL); /* it is good for another time */
  hd_arena_free(&a, false);
}

static const test tests[] = {{"results become arguments", conversions, 0},
                             {"names in errors", names, 0},
                             {"the arena", arena, 0},
                             {NULL, NULL, 0}};

const suite values_suite = {"values", tests};
