/* sort: the order of TypedArray.prototype.sort(): ascending, -0 before +0, NaN
 * last. Least significant digit radix sort: Knuth, The Art of Computer
 * Programming 3, 5.2.5, algorithm R, with counts in place of links; all counts
 * in one pass and keys from floats as in Herf, "Radix Tricks" (2001). */
#include <stdbool.h>
#include <string.h>

#include "tasks.h"

/* How the bits of an element become an unsigned key of the same order. */
typedef enum key_kind { KEY_UNSIGNED, KEY_SIGNED, KEY_FLOAT } key_kind;

enum {
  BLOCK = 16384,      /* elements between two polls: some 0.1 ms */
  NEAR = 2048,        /* keys that stay in the nearest cache between two looks */
  INSERTION = 64,     /* at most so many are sorted by insertion */
  FAR = 48,           /* no key is moved further by insertion when there are more */
  EXPONENT_BITS = 8,  /* of floats: these bits differ, and tell few apart */
  FEW = 128 * 1024,   /* up to which one thread does it alone */
  COUNTED = 32 * 1024 /* of 16 bits, from which their values are counted */
};

/* Digits of 8 bits: 256 ends stay in the nearest cache. */
enum { DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS };

/* How large arrays are shared out. */
enum {
  CHUNK = 64 * 1024, /* elements */
  PARTS = 256,
  VALUE_BITS = 16,
  VALUES = 1 << VALUE_BITS,
  SAMPLE = 8192,
  DEPTH = 4,  /* of parts of parts */
  COUNTS = 16 /* threads that count values, at most */
};

static inline size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

static inline unsigned bit_length(uint64_t value) {
  unsigned bits = 0;
  for (; value != 0; value >>= 1)
    bits++;
  return bits;
}

/* Types of each width. */
#define RANGE NAME(range)
#define SPLIT NAME(split)

#define KEY uint8_t
#define NAME(x) x##_8
#include "sort_radix.h"

#include "sort_count.h"
#undef KEY
#undef NAME

#define KEY uint16_t
#define NAME(x) x##_16
#define FLOAT_INFINITY UINT16_C(0x7c00)
#include "sort_radix.h"

#include "sort_count.h"
#undef KEY
#undef NAME
#undef FLOAT_INFINITY

#define KEY uint32_t
#define NAME(x) x##_32
#define FLOAT_INFINITY UINT32_C(0x7f800000)
#include "sort_radix.h"

#include "sort_parts.h"
#undef KEY
#undef NAME
#undef FLOAT_INFINITY

#define KEY uint64_t
#define NAME(x) x##_64
#define FLOAT_INFINITY UINT64_C(0x7ff0000000000000)
#include "sort_radix.h"

#include "sort_parts.h"
#undef KEY
#undef NAME
#undef FLOAT_INFINITY

static key_kind kind_of(heddle_element element) {
  switch (element) {
  case HEDDLE_ELEMENT_I8:
  case HEDDLE_ELEMENT_I16:
  case HEDDLE_ELEMENT_I32:
  case HEDDLE_ELEMENT_I64:
    return KEY_SIGNED;
  case HEDDLE_ELEMENT_F16:
  case HEDDLE_ELEMENT_F32:
  case HEDDLE_ELEMENT_F64:
    return KEY_FLOAT;
  default:
    return KEY_UNSIGNED;
  }
}

heddle_status hd_task_sort(heddle_call *call) {
  const heddle_value *array = heddle_arg(call, 0);
  heddle_element element = (heddle_element)array->element;
  key_kind kind = kind_of(element);
  void *result = heddle_result_array(call, element, array->length);
  if (result == NULL)
    return HEDDLE_FAILED;
  const size_t n = array->length;
  const void *data = array->as.data;
  switch (heddle_element_size(element)) {
  case 1:
    return n <= INSERTION ? sort_few_8(call, data, result, n, kind)
                          : sort_counted_8(call, data, result, n, kind);
  case 2:
    return n < COUNTED ? sort_few_16(call, data, result, n, kind)
                       : sort_counted_16(call, data, result, n, kind);
  case 4:
    return n <= FEW ? sort_few_32(call, data, result, n, kind)
                    : sort_many_32(call, data, result, n, kind);
  default:
    return n <= FEW ? sort_few_64(call, data, result, n, kind)
                    : sort_many_64(call, data, result, n, kind);
  }
}
