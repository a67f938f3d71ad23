#include "parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names of types, as they stand in signatures and in errors. */
static const hd_type_name types[] = {
    {"bool", HEDDLE_BOOL, 0, "a boolean"},
    {"i32", HEDDLE_I32, 0, "an integer"},
    {"u32", HEDDLE_U32, 0, "an integer"},
    {"f64", HEDDLE_F64, 0, "a number"},
    {"i64", HEDDLE_I64, 0, "a bigint of 64 bits, signed"},
    {"u64", HEDDLE_U64, 0, "a bigint of 64 bits, unsigned"},
    {"string", HEDDLE_STRING, 0, "a string"},
    {"bytes", HEDDLE_BYTES, 0,
     "a string, Buffer, TypedArray, DataView, ArrayBuffer, SharedArrayBuffer or file()"},
    {"i8[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_I8, "an Int8Array"},
    {"u8[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_U8, "a Uint8Array"},
    {"u8c[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_U8C, "a Uint8ClampedArray"},
    {"i16[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_I16, "an Int16Array"},
    {"u16[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_U16, "a Uint16Array"},
    {"i32[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_I32, "an Int32Array"},
    {"u32[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_U32, "a Uint32Array"},
    {"f32[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_F32, "a Float32Array"},
    {"f64[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_F64, "a Float64Array"},
    {"i64[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_I64, "a BigInt64Array"},
    {"u64[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_U64, "a BigUint64Array"},
    {"f16[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_F16, "a Float16Array"},
    {"any[]", HEDDLE_ARRAY, HD_ELEMENT_ALL, "a TypedArray"},
    {"array", HEDDLE_ARRAY, HEDDLE_ELEMENT_NONE, "a TypedArray"},
    {"void", HEDDLE_UNDEFINED, 0, "undefined"},
    {"null", HEDDLE_NULL, 0, "null"},
    {"record", HEDDLE_RECORD, 0, "an object"},
};

bool hd_parse_fail(hd_parser *p, const char *format, ...) {
  va_list values;
  va_start(values, format);
  (void)vsnprintf(p->problem, p->problem_size, format, values);
  va_end(values);
  return false;
}

bool hd_parse_no_memory(hd_parser *p) {
  return hd_parse_fail(p, "%s", hd_error_no_memory.message);
}

void hd_parse_skip(hd_parser *p) {
  while (*p->at == ' ' || *p->at == '\n' || *p->at == '\t')
    p->at++;
}

bool hd_parse_accept(hd_parser *p, char c) {
  hd_parse_skip(p);
  if (*p->at != c)
    return false;
  p->at++;
  return true;
}

/* Names are ASCII: the locale has no say. */
static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

size_t hd_parse_word(hd_parser *p) {
  hd_parse_skip(p);
  size_t length = 0;
  while (is_word(p->at[length]) && strncmp(p->at + length, "..", 2) != 0 &&
         strncmp(p->at + length, "->", 2) != 0)
    length++;
  return length;
}

const char *hd_parse_take_word(hd_parser *p, size_t length) {
  char *copy = hd_arena_alloc(&p->signature->arena, length + 1);
  if (copy == NULL)
    return NULL;
  memcpy(copy, p->at, length);
  copy[length] = '\0';
  p->at += length;
  return copy;
}

const char *hd_parse_copy(hd_parser *p, const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = hd_arena_alloc(&p->signature->arena, size);
  return copy == NULL ? NULL : memcpy(copy, text, size);
}

const hd_type_name *hd_parse_type(hd_parser *p) {
  size_t length = hd_parse_word(p);
  if (length > 0 && p->at[length] == '[' && p->at[length + 1] == ']')
    length += 2;
  for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
    if (strlen(types[i].name) == length && memcmp(types[i].name, p->at, length) == 0) {
      p->at += length;
      return &types[i];
    }
  }
  hd_parse_fail(p, "unknown type \"%.*s\"", (int)(length == 0 ? strlen(p->at) : length), p->at);
  return NULL;
}

bool hd_parse_number(hd_parser *p, double *number) {
  char text[40];
  size_t length = hd_parse_word(p);
  if (length == 0 || length >= sizeof(text))
    return hd_parse_fail(p, "a number must stand at \"%s\"", p->at);
  memcpy(text, p->at, length);
  text[length] = '\0';
  char *end;
  *number = strtod(text, &end);
  if (end != text + length)
    return hd_parse_fail(p, "\"%s\" is not a number", text);
  p->at += length;
  return true;
}

bool hd_parse_name(hd_parser *p, const char **name, bool *optional) {
  const char *start = p->at;
  size_t length = hd_parse_word(p);
  const char *word = p->at;
  *name = NULL;
  *optional = false;
  if (length == 0)
    return true;
  p->at += length;
  bool question = hd_parse_accept(p, '?');
  if (!hd_parse_accept(p, ':')) {
    p->at = start;
    return true;
  }
  const char *rest = p->at;
  p->at = word;
  *name = hd_parse_take_word(p, length);
  p->at = rest;
  *optional = question;
  return *name != NULL || hd_parse_no_memory(p);
}
