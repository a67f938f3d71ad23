/* matmul: C (m x n) = A (m x k) B (k x n), all row-major, without BLAS: blocks
 * that fit the caches, packed into panels, and a tile of C in registers, as in
 * Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication"
 * (ACM TOMS 34, 2008). Blocks of C are shared out to all threads; what an element
 * of C is added up of, and in which order, does not depend on that. */
#include <stdbool.h>
#include <string.h>

#include "tasks.h"

enum { BLOCK_M = 64, BLOCK_K = 256, BLOCK_N = 512 };
enum { ROWS = 4 }; /* of a tile */

/* A block of B is worked on by one thread for up to so many products, some 0.3 ms;
 * its columns are shared out, too, where A has fewer than MANY blocks of rows. */
enum { ALONE = 1024 * 1024, MANY = 4 };

typedef struct shape {
  size_t m;
  size_t k;
  size_t n;
} shape;

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

#define PRODUCT NAME(product)

/* A tile takes 8 registers of 16 bytes: what every 64-bit processor has twice. */
#define REAL double
#define NAME(x) x##_f64
#define COLUMNS 4
#include "matmul_kernel.h"

#define REAL float
#define NAME(x) x##_f32
#define COLUMNS 8
#include "matmul_kernel.h"

/* A sum of no products, for k = 0. */
static heddle_status zero(heddle_call *call, char *memory, size_t size) {
  const size_t step = (size_t)1 << 20;
  for (size_t done = 0; done < size; done += step) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    memset(memory + done, 0, least(step, size - done));
  }
  return HEDDLE_OK;
}

static const char *type_name(const heddle_value *array) {
  static const char *const names[] = {"none",  "i8[]",  "u8[]",  "u8c[]", "i16[]", "u16[]",
                                      "i32[]", "u32[]", "f32[]", "f64[]", "i64[]", "u64[]"};
  return names[array->element];
}

static heddle_status check_types(heddle_call *call, const heddle_value *a, const heddle_value *b) {
  if (a->element != HEDDLE_ELEMENT_F64 && a->element != HEDDLE_ELEMENT_F32)
    return heddle_error_as(call, HEDDLE_TYPE_ERROR, "ERR_HEDDLE_INVALID_ARG_TYPE", 0,
                           "matmul: argument \"a\" must be f64[] or f32[], got %s", type_name(a));
  if (b->element != a->element)
    return heddle_error_as(call, HEDDLE_TYPE_ERROR, "ERR_HEDDLE_INVALID_ARG_TYPE", 0,
                           "matmul: argument \"b\" must be %s as argument \"a\" is, got %s",
                           type_name(a), type_name(b));
  return HEDDLE_OK;
}

/* Products of two u32 fit 64 bits, and a double well enough for the words. */
static heddle_status check_length(heddle_call *call, const heddle_value *array, const char *name,
                                  const char *product, uint64_t rows, uint64_t columns) {
  if (rows * columns == array->length)
    return HEDDLE_OK;
  return heddle_error_as(call, HEDDLE_RANGE_ERROR, "ERR_HEDDLE_SHAPE", 0,
                         "matmul: argument \"%s\" must have %s = %.0f * %.0f = %.0f elements, got "
                         "%.0f",
                         name, product, (double)rows, (double)columns, (double)(rows * columns),
                         (double)array->length);
}

heddle_status hd_task_matmul(heddle_call *call) {
  enum { A, B, M, K, N };
  const heddle_value *a = heddle_arg(call, A);
  const heddle_value *b = heddle_arg(call, B);
  shape size = {heddle_arg(call, M)->as.u32, heddle_arg(call, K)->as.u32,
                heddle_arg(call, N)->as.u32};
  heddle_status status = check_types(call, a, b);
  if (status == HEDDLE_OK)
    status = check_length(call, a, "a", "m * k", size.m, size.k);
  if (status == HEDDLE_OK)
    status = check_length(call, b, "b", "k * n", size.k, size.n);
  if (status != HEDDLE_OK)
    return status;
  heddle_element element = (heddle_element)a->element;
  uint64_t length = (uint64_t)size.m * size.n;
  if (length > SIZE_MAX / heddle_element_size(element))
    return hd_task_no_memory(call);
  void *c = heddle_result_array(call, element, (size_t)length);
  if (c == NULL)
    return HEDDLE_FAILED;
  if (size.k == 0)
    return zero(call, c, (size_t)length * heddle_element_size(element));
  if (element == HEDDLE_ELEMENT_F64)
    return multiply_f64(call, a->as.data, b->as.data, c, size);
  return multiply_f32(call, a->as.data, b->as.data, c, size);
}
