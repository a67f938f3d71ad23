/* Arguments that are checked: heddle.h includes this where HEDDLE_DEBUG is
 * defined. A wrong index or type ends the process by abort(), where a debugger
 * stops, with the place and what is wrong on stderr. */
#ifndef HEDDLE_DEBUG_H
#define HEDDLE_DEBUG_H

#include <stdio.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Kinds of what is wanted, besides each heddle_type. */
enum { HEDDLE_DEBUG_ANY = 256, HEDDLE_DEBUG_LENGTH };

static inline const char *heddle_debug_type(unsigned type) {
  static const char *const names[] = {"undefined", "null",   "a bool",  "an i32",   "a u32",
                                      "an f64",    "an i64", "a u64",   "a string", "bytes",
                                      "an array",  "a file", "a record"};
  return type < sizeof(names) / sizeof(names[0]) ? names[type] : "of no type";
}

static inline const char *heddle_debug_element(unsigned element) {
  static const char *const names[] = {"none", "i8",  "u8",  "u8c", "i16", "u16", "i32",
                                      "u32",  "f32", "f64", "i64", "u64", "f16"};
  return element < sizeof(names) / sizeof(names[0]) ? names[element] : "?";
}

static inline int heddle_debug_fits(unsigned type, int wanted) {
  if (wanted == HEDDLE_DEBUG_ANY)
    return 1;
  if (wanted == HEDDLE_DEBUG_LENGTH)
    return type == HEDDLE_STRING || type == HEDDLE_BYTES || type == HEDDLE_ARRAY;
  return type == (unsigned)wanted;
}

/* The argument, if it is there and what the accessor reads. `element` is
 * HEDDLE_ELEMENT_NONE where that is not asked for. */
static inline const heddle_value *heddle_debug_arg(const heddle_call *call, uint32_t index,
                                                   int wanted, unsigned element,
                                                   const char *accessor, const char *file,
                                                   int line) {
  if (index >= call->argc) {
    fprintf(stderr, "heddle: %s:%d: %s: there is no argument %u, the signature has %u\n", file,
            line, accessor, (unsigned)index, (unsigned)call->argc);
    abort();
  }
  const heddle_value *value = &call->args[index];
  if (!heddle_debug_fits(value->type, wanted)) {
    fprintf(stderr, "heddle: %s:%d: %s: argument %u is %s\n", file, line, accessor, (unsigned)index,
            heddle_debug_type(value->type));
    abort();
  }
  if (element != HEDDLE_ELEMENT_NONE && value->element != element) {
    fprintf(stderr, "heddle: %s:%d: %s: argument %u is an array of %s, not of %s\n", file, line,
            accessor, (unsigned)index, heddle_debug_element(value->element),
            heddle_debug_element(element));
    abort();
  }
  return value;
}

#define HEDDLE_DEBUG_READ(call, index, wanted, element, accessor)                                  \
  heddle_debug_arg((call), (index), (wanted), (element), accessor, __FILE__, __LINE__)

#define heddle_arg(call, index) HEDDLE_DEBUG_READ(call, index, HEDDLE_DEBUG_ANY, 0, "heddle_arg")
#define heddle_arg_given(call, index)                                                              \
  (HEDDLE_DEBUG_READ(call, index, HEDDLE_DEBUG_ANY, 0, "heddle_arg_given")->type !=                \
   HEDDLE_UNDEFINED)
#define heddle_arg_bool(call, index)                                                               \
  (HEDDLE_DEBUG_READ(call, index, HEDDLE_BOOL, 0, "heddle_arg_bool")->as.boolean)
#define heddle_arg_i32(call, index)                                                                \
  (HEDDLE_DEBUG_READ(call, index, HEDDLE_I32, 0, "heddle_arg_i32")->as.i32)
#define heddle_arg_u32(call, index)                                                                \
  (HEDDLE_DEBUG_READ(call, index, HEDDLE_U32, 0, "heddle_arg_u32")->as.u32)
#define heddle_arg_f64(call, index)                                                                \
  (HEDDLE_DEBUG_READ(call, index, HEDDLE_F64, 0, "heddle_arg_f64")->as.f64)
#define heddle_arg_i64(call, index)                                                                \
  (HEDDLE_DEBUG_READ(call, index, HEDDLE_I64, 0, "heddle_arg_i64")->as.i64)
#define heddle_arg_u64(call, index)                                                                \
  (HEDDLE_DEBUG_READ(call, index, HEDDLE_U64, 0, "heddle_arg_u64")->as.u64)
#define heddle_arg_string(call, index)                                                             \
  (HEDDLE_DEBUG_READ(call, index, HEDDLE_STRING, 0, "heddle_arg_string")->as.string)
#define heddle_arg_array(call, index, element)                                                     \
  (HEDDLE_DEBUG_READ(call, index, HEDDLE_ARRAY, (unsigned)(element), "heddle_arg_array")->as.data)
#define heddle_arg_length(call, index)                                                             \
  (HEDDLE_DEBUG_READ(call, index, HEDDLE_DEBUG_LENGTH, 0, "heddle_arg_length")->length)

#ifdef __cplusplus
}
#endif

#endif
