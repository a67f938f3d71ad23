/* sum: of floats compensated, of integers exact. Large arrays are summed in pieces,
 * by all threads. The pieces and their order do not depend on the threads: nor does
 * the sum. */
#include <math.h>
#include <string.h>

#include "tasks.h"

enum { BLOCK = 16384 };     /* elements between two polls */
enum { PIECE = 8 * BLOCK }; /* elements: some 0.1 ms */
enum { LANES = 8 };         /* sums side by side, for the compiler to vectorise */

/* Compensated sums: Kahan-Babuska in Neumaier's version (ZAMM 54, 1974), the
 * error of each addition by Knuth's TwoSum (The Art of Computer Programming 2,
 * 4.2.2, theorem B), which has no branch. */
typedef struct lanes {
  double sum[LANES];
  double error[LANES];
} lanes;

static inline void add(double *sum, double *error, double value) {
  double total = *sum + value;
  double virtual_value = total - *sum;
  *error += (*sum - (total - virtual_value)) + (value - virtual_value);
  *sum = total;
}

/* A number of IEEE 754's binary16, from its bits. */
static inline double half_value(uint16_t half) {
  const uint32_t magnitude = half & 0x7fffu;
  float value = (float)magnitude * 0x1p-24f; /* subnormal */
  if (magnitude >= 0x400) {
    /* An exponent of 8 bits for one of 5; that of Inf and NaN is the largest. */
    uint32_t bits = (magnitude << 13) + ((magnitude < 0x7c00 ? 112u : 224u) << 23);
    memcpy(&value, &bits, sizeof(value));
  }
  return (half & 0x8000u) != 0 ? -(double)value : (double)value;
}

typedef uint16_t half;
#define float_value(x) ((double)(x))
#define double_value(x) (x)

/* The same loops for all types of floats. */
#define FLOAT_SUMS(type)                                                                           \
  static void add_##type(lanes *all, const type *data, size_t n) {                                 \
    lanes local = *all;                                                                            \
    size_t i = 0;                                                                                  \
    for (; n - i >= LANES; i += LANES) {                                                           \
      for (size_t lane = 0; lane < LANES; lane++)                                                  \
        add(&local.sum[lane], &local.error[lane], type##_value(data[i + lane]));                   \
    }                                                                                              \
    for (; i < n; i++)                                                                             \
      add(&local.sum[0], &local.error[0], type##_value(data[i]));                                  \
    *all = local;                                                                                  \
  }                                                                                                \
  static double plain_##type(double sum, const type *data, size_t n) {                             \
    for (size_t i = 0; i < n; i++)                                                                 \
      sum += type##_value(data[i]);                                                                \
    return sum;                                                                                    \
  }
FLOAT_SUMS(half)
FLOAT_SUMS(float)
FLOAT_SUMS(double)

static void add_floats(lanes *all, const heddle_value *array, size_t begin, size_t end) {
  if (array->element == HEDDLE_ELEMENT_F16)
    add_half(all, (const half *)array->as.data + begin, end - begin);
  else if (array->element == HEDDLE_ELEMENT_F32)
    add_float(all, (const float *)array->as.data + begin, end - begin);
  else
    add_double(all, (const double *)array->as.data + begin, end - begin);
}

static heddle_status sum_piece(const heddle_call *call, size_t begin, size_t end, void *data) {
  lanes *piece = (lanes *)data + begin / PIECE;
  memset(piece, 0, sizeof(*piece));
  add_floats(piece, heddle_arg(call, 0), begin, end);
  return HEDDLE_OK;
}

static heddle_status compensated_sum(heddle_call *call, size_t n, double *sum) {
  lanes all;
  lanes *pieces = &all;
  if (n > PIECE && (pieces = heddle_scratch(call, (n / PIECE + 1) * sizeof(*pieces))) == NULL)
    return HEDDLE_FAILED;
  memset(&all, 0, sizeof(all));
  heddle_status status = heddle_for(call, n, PIECE, sum_piece, pieces);
  if (status != HEDDLE_OK)
    return status;
  for (size_t i = 0; n > PIECE && i < (n + PIECE - 1) / PIECE; i++)
    for (size_t lane = 0; lane < LANES; lane++) {
      add(&all.sum[lane], &all.error[lane], pieces[i].sum[lane]);
      all.error[lane] += pieces[i].error[lane];
    }
  double total = 0;
  double error = 0;
  double rest = 0; /* of the errors themselves: large ones of two lanes may cancel */
  for (size_t lane = 0; lane < LANES; lane++)
    add(&total, &error, all.sum[lane]);
  for (size_t lane = 0; lane < LANES; lane++)
    add(&error, &rest, all.error[lane]);
  *sum = total + (error + rest);
  return HEDDLE_OK;
}

static heddle_status plain_sum(heddle_call *call, const heddle_value *array, double *sum) {
  *sum = 0;
  for (size_t done = 0; done < array->length; done += BLOCK) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    size_t left = array->length - done;
    size_t length = left < BLOCK ? left : BLOCK;
    if (array->element == HEDDLE_ELEMENT_F16)
      *sum = plain_half(*sum, (const half *)array->as.data + done, length);
    else if (array->element == HEDDLE_ELEMENT_F32)
      *sum = plain_float(*sum, (const float *)array->as.data + done, length);
    else
      *sum = plain_double(*sum, (const double *)array->as.data + done, length);
  }
  return HEDDLE_OK;
}

static heddle_status sum_floats(heddle_call *call, const heddle_value *array) {
  double sum;
  heddle_status status = compensated_sum(call, array->length, &sum);
  /* Of an Inf, or of a sum too large, the error is NaN: then what plain
   * addition gives is the answer. */
  if (status == HEDDLE_OK && !isfinite(sum))
    status = plain_sum(call, array, &sum);
  if (status == HEDDLE_OK)
    heddle_result_f64(call, sum);
  return status;
}

/* A sum of 128 bits, two's complement: no array of 64-bit numbers is long
 * enough to overflow it. */
typedef struct wide {
  uint64_t low;
  uint64_t high;
} wide;

static inline void wide_add(wide *sum, uint64_t low, uint64_t high) {
  sum->low += low;
  sum->high += high + (sum->low < low);
}

static inline void wide_add_signed(wide *sum, int64_t value) {
  wide_add(sum, (uint64_t)value, value < 0 ? UINT64_MAX : 0);
}

/* A block of numbers, whose sum fits 64 bits. */
#define INTEGER_SUM(type)                                                                          \
  static int64_t sum_##type(const type *data, size_t n) {                                          \
    int64_t sum = 0;                                                                               \
    for (size_t i = 0; i < n; i++)                                                                 \
      sum += data[i];                                                                              \
    return sum;                                                                                    \
  }
INTEGER_SUM(int8_t)
INTEGER_SUM(uint8_t)
INTEGER_SUM(int16_t)
INTEGER_SUM(uint16_t)
INTEGER_SUM(int32_t)
INTEGER_SUM(uint32_t)

static void add_block(wide *sum, heddle_element element, const void *data, size_t n) {
  switch (element) {
  case HEDDLE_ELEMENT_I8:
    wide_add_signed(sum, sum_int8_t(data, n));
    break;
  case HEDDLE_ELEMENT_I16:
    wide_add_signed(sum, sum_int16_t(data, n));
    break;
  case HEDDLE_ELEMENT_U16:
    wide_add_signed(sum, sum_uint16_t(data, n));
    break;
  case HEDDLE_ELEMENT_I32:
    wide_add_signed(sum, sum_int32_t(data, n));
    break;
  case HEDDLE_ELEMENT_U32:
    wide_add_signed(sum, sum_uint32_t(data, n));
    break;
  case HEDDLE_ELEMENT_I64:
    for (size_t i = 0; i < n; i++)
      wide_add_signed(sum, ((const int64_t *)data)[i]);
    break;
  case HEDDLE_ELEMENT_U64:
    for (size_t i = 0; i < n; i++)
      wide_add(sum, ((const uint64_t *)data)[i], 0);
    break;
  default: /* U8, U8C */
    wide_add_signed(sum, sum_uint8_t(data, n));
    break;
  }
}

static heddle_status out_of_range(heddle_call *call, const char *type) {
  return heddle_error_as(call, HEDDLE_RANGE_ERROR, "ERR_HEDDLE_OUT_OF_RANGE", 0,
                         "sum: the sum of argument \"array\" must fit %s, got one that does not",
                         type);
}

static heddle_status sum_wide(const heddle_call *call, size_t begin, size_t end, void *data) {
  const heddle_value *array = heddle_arg(call, 0);
  heddle_element element = (heddle_element)array->element;
  size_t size = heddle_element_size(element);
  wide *piece = (wide *)data + begin / PIECE;
  *piece = (wide){0, 0};
  for (size_t i = begin; i < end; i += BLOCK)
    add_block(piece, element, (const char *)array->as.data + i * size,
              end - i < BLOCK ? end - i : BLOCK);
  return HEDDLE_OK;
}

static heddle_status sum_integers(heddle_call *call, const heddle_value *array) {
  heddle_element element = (heddle_element)array->element;
  size_t n = array->length;
  wide sum = {0, 0};
  wide *pieces = &sum;
  if (n > PIECE && (pieces = heddle_scratch(call, (n / PIECE + 1) * sizeof(*pieces))) == NULL)
    return HEDDLE_FAILED;
  heddle_status status = heddle_for(call, n, PIECE, sum_wide, pieces);
  if (status != HEDDLE_OK)
    return status;
  for (size_t i = 0; n > PIECE && i < (n + PIECE - 1) / PIECE; i++)
    wide_add(&sum, pieces[i].low, pieces[i].high);
  int fits_signed = sum.high == (sum.low >> 63 == 0 ? 0 : UINT64_MAX);
  if (element == HEDDLE_ELEMENT_U64) {
    if (sum.high != 0)
      return out_of_range(call, "u64");
    heddle_result_u64(call, sum.low);
  } else if (element == HEDDLE_ELEMENT_I64) {
    if (!fits_signed)
      return out_of_range(call, "i64");
    heddle_result_i64(call, (int64_t)sum.low);
  } else {
    heddle_result_f64(call, fits_signed ? (double)(int64_t)sum.low
                                        : (double)(int64_t)sum.high * 0x1p64 + (double)sum.low);
  }
  return HEDDLE_OK;
}

heddle_status hd_task_sum(heddle_call *call) {
  const heddle_value *array = heddle_arg(call, 0);
  if (array->element == HEDDLE_ELEMENT_F16 || array->element == HEDDLE_ELEMENT_F32 ||
      array->element == HEDDLE_ELEMENT_F64)
    return sum_floats(call, array);
  return sum_integers(call, array);
}
