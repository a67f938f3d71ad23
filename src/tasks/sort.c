/* sort: the order of TypedArray.prototype.sort(): ascending, -0 before +0, NaN
 * last. Least significant digit radix sort: Knuth, The Art of Computer
 * Programming 3, 5.2.5, algorithm R, with counts in place of links; all counts
 * in one pass and keys from floats as in Herf, "Radix Tricks" (2001). */
#include <stdbool.h>
#include <string.h>

#include "tasks.h"

/* How the bits of an element become an unsigned key of the same order. */
typedef enum key_kind { KEY_UNSIGNED, KEY_SIGNED, KEY_FLOAT } key_kind;

enum { BLOCK = 16384 };  /* elements between two polls: some 0.1 ms */
enum { INSERTION = 64 }; /* at most so many are sorted by insertion */

/* Digits of 8 bits. For 64-bit keys that takes 8 passes where 11 bits take 6,
 * but 256 ends stay in the nearest cache: 120 ms for 5 million doubles against
 * 160. */
enum { DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS };

#define KEY uint8_t
#define NAME(x) x##_8
#include "sort_radix.h"

#define KEY uint16_t
#define NAME(x) x##_16
#define FLOAT_INFINITY UINT16_C(0x7c00)
#include "sort_radix.h"

#define KEY uint32_t
#define NAME(x) x##_32
#define FLOAT_INFINITY UINT32_C(0x7f800000)
#include "sort_radix.h"

#define KEY uint64_t
#define NAME(x) x##_64
#define FLOAT_INFINITY UINT64_C(0x7ff0000000000000)
#include "sort_radix.h"

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
  switch (heddle_element_size(element)) {
  case 1:
    return sort_8(call, array->as.data, result, array->length, kind);
  case 2:
    return sort_16(call, array->as.data, result, array->length, kind);
  case 4:
    return sort_32(call, array->as.data, result, array->length, kind);
  default:
    return sort_64(call, array->as.data, result, array->length, kind);
  }
}
