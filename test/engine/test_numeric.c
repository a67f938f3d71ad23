/* sort.c, sum.c, matmul.c: around all sizes at which they go another way, alone and
 * shared out, and cut short at each place. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric.h"
#include "scene.h"

static heddle_value array_of(heddle_element element, const void *data, size_t length) {
  return (heddle_value){
      .type = HEDDLE_ARRAY, .element = (uint8_t)element, .as.data = data, .length = length};
}

static heddle_value u32(uint32_t number) {
  return (heddle_value){.type = HEDDLE_U32, .as.u32 = number};
}

static uint64_t random_state;

/* Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014). */
static uint64_t mixed(uint64_t x) {
  x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
  return x ^ (x >> 31);
}

static uint64_t next_random(void) {
  return mixed(random_state += UINT64_C(0x9e3779b97f4a7c15));
}

/* ---- What is expected --------------------------------------------------------- */

static bool is_float(heddle_element element) {
  return element == HEDDLE_ELEMENT_F16 || element == HEDDLE_ELEMENT_F32 ||
         element == HEDDLE_ELEMENT_F64;
}

static double half_value(uint16_t bits) {
  int exponent = bits >> 10 & 31;
  double fraction = bits & 1023;
  double value = exponent == 31  ? (fraction == 0 ? INFINITY : NAN)
                 : exponent == 0 ? ldexp(fraction, -24)
                                 : ldexp(fraction + 1024, exponent - 25);
  return bits >> 15 != 0 ? -value : value;
}

static double float_at(heddle_element element, const void *data, size_t i) {
  if (element == HEDDLE_ELEMENT_F64)
    return ((const double *)data)[i];
  if (element == HEDDLE_ELEMENT_F32)
    return (double)((const float *)data)[i];
  return half_value(((const uint16_t *)data)[i]);
}

static int64_t integer_at(heddle_element element, const void *data, size_t i) {
  switch (element) {
  case HEDDLE_ELEMENT_I8:
    return ((const int8_t *)data)[i];
  case HEDDLE_ELEMENT_I16:
    return ((const int16_t *)data)[i];
  case HEDDLE_ELEMENT_U16:
    return ((const uint16_t *)data)[i];
  case HEDDLE_ELEMENT_I32:
    return ((const int32_t *)data)[i];
  case HEDDLE_ELEMENT_U32:
    return ((const uint32_t *)data)[i];
  case HEDDLE_ELEMENT_I64:
    return ((const int64_t *)data)[i];
  case HEDDLE_ELEMENT_U64: /* in the order of signed ones */
    return (int64_t)(((const uint64_t *)data)[i] ^ (UINT64_C(1) << 63));
  default:
    return ((const uint8_t *)data)[i];
  }
}

/* Whether i may stand before i + 1: ascending, -0 before +0, NaN last. */
static bool in_order(heddle_element element, const void *data, size_t i) {
  if (!is_float(element))
    return integer_at(element, data, i) <= integer_at(element, data, i + 1);
  double a = float_at(element, data, i);
  double b = float_at(element, data, i + 1);
  if (isnan(a) || isnan(b))
    return isnan(b) != 0;
  return a < b || (a == b && (a != 0 || signbit(a) != 0 || signbit(b) == 0));
}

/* The same for the same elements in any order. All NaNs are one. */
static uint64_t contents(heddle_element element, const void *data, size_t n) {
  uint64_t sum = 0;
  for (size_t i = 0; i < n; i++) {
    uint64_t bits = 0;
    double value = is_float(element) ? float_at(element, data, i) : 0;
    if (!is_float(element))
      bits = (uint64_t)integer_at(element, data, i);
    else if (!isnan(value))
      memcpy(&bits, &value, sizeof(bits));
    else
      bits = 1;
    sum += mixed(bits + 1);
  }
  return sum;
}

typedef struct expectation {
  const heddle_value *array;
  uint64_t contents;
  bool met;
} expectation;

static void look_at_sorted(const hd_member *member, void *data) {
  expectation *e = data;
  const heddle_value *result = &member->result;
  heddle_element element = (heddle_element)e->array->element;
  if (result->type != HEDDLE_ARRAY)
    return;
  bool well = result->element == element && result->length == e->array->length &&
              contents(element, result->as.data, result->length) == e->contents;
  for (size_t i = 0; well && i + 1 < result->length; i++)
    well = in_order(element, result->as.data, i);
  e->met = well;
}

/* ---- Sorting ------------------------------------------------------------------ */

typedef enum pattern {
  ANY_BITS,
  FEW_VALUES,
  ASCENDING,
  SORTED_CHUNKS,
  ONE_OUT_OF_PLACE,
  PATTERNS
} pattern;

/* At both ends of what the bits can say, and around zero. */
static uint64_t odd_value(heddle_element element) {
  static const uint64_t integers[] = {0, 1, UINT64_MAX, UINT64_MAX - 1, 127, 128, 255, 256};
  static const uint64_t halves[] = {0, 0x8000, 1, 0x8001, 0x7c00, 0xfc00, 0x7e00, 0xfe00, 0x3c00};
  uint64_t which = next_random();
  if (!is_float(element)) {
    unsigned bits = (unsigned)heddle_element_size(element) * 8;
    return (which & 8) != 0 ? (UINT64_C(1) << (bits - 1)) - (which & 1) : integers[which % 8];
  }
  uint64_t half = halves[which % 9];
  if (element == HEDDLE_ELEMENT_F16)
    return half;
  /* Sign, exponent and the first bit of the fraction are at the top of all. */
  if (element == HEDDLE_ELEMENT_F32)
    return (half & 0x8000) << 16 | ((half & 0x7c00) == 0x7c00 ? UINT64_C(0x7f800000) : 0) |
           (half & 0x3ff);
  return (half & 0x8000) << 48 | ((half & 0x7c00) == 0x7c00 ? UINT64_C(0x7ff) << 52 : 0) |
         (half & 0x3ff);
}

static void set(void *data, size_t size, size_t i, uint64_t bits) {
  if (size == 1)
    ((uint8_t *)data)[i] = (uint8_t)bits;
  else if (size == 2)
    ((uint16_t *)data)[i] = (uint16_t)bits;
  else if (size == 4)
    ((uint32_t *)data)[i] = (uint32_t)bits;
  else
    ((uint64_t *)data)[i] = bits;
}

/* The bits of positive numbers are in the order of the numbers, whatever their type. */
static void fill(void *data, heddle_element element, size_t n, pattern p) {
  size_t size = heddle_element_size(element);
  unsigned bits = (unsigned)size * 8 - 2; /* no sign, no Inf */
  uint64_t most = UINT64_C(1) << bits;
  for (size_t i = 0; i < n; i++) {
    uint64_t ascending = n < most ? i * (most / (n + 1)) : i / (n / most + 1);
    if (p == ONE_OUT_OF_PLACE && i == n / 2)
      ascending = 0;
    if (p == SORTED_CHUNKS) /* of 65536; where bytes repeat, their order is the same */
      ascending = i % 65536 * (most / 65536 + 1);
    set(data, size, i,
        p == ANY_BITS     ? next_random()
        : p == FEW_VALUES ? odd_value(element)
                          : ascending);
  }
}

static void check_sort(heddle_element element, void *data, size_t n, pattern p) {
  fill(data, element, n, p);
  heddle_value array = array_of(element, data, n);
  expectation e = {.array = &array, .contents = contents(element, data, n)};
  w.inspect = look_at_sorted;
  w.inspect_data = &e;
  const outcome *o = run_task(&w, SORT_SIGNATURE, hd_task_sort, HEDDLE_PARALLEL, &array);
  CHECK_EQ(o->state, HD_FULFILLED);
  check_that(e.met, __FILE__, __LINE__, "%zu elements of type %d, pattern %d", n, (int)element,
             (int)p);
  CHECK(contents(element, data, n) == e.contents);
}

static void sort_all(uint32_t threads) {
  /* In sort.c: NEAR, BLOCK, COUNTED, CHUNK, FEW, and whole numbers of chunks. */
  static const size_t edges[] = {64, 2048, 16384, 32768, 65536, 131072, 262144, 524288};
  enum { LARGEST = 524288 + 1 };
  void *data = malloc(LARGEST * sizeof(uint64_t));
  NEED(data != NULL);
  begin(threads);
  int turn = 0;
  for (int element = HEDDLE_ELEMENT_I8; element <= HEDDLE_ELEMENT_F16; element++) {
    for (size_t n = 0; n < 4; n++)
      for (int p = 0; p < PATTERNS; p++)
        check_sort((heddle_element)element, data, n, (pattern)p);
    for (size_t i = 0; i < sizeof(edges) / sizeof(*edges); i++)
      for (size_t n = edges[i] - 1; n <= edges[i] + 1; n++)
        for (int p = 0; p < (n < 4096 ? PATTERNS : 1); p++)
          check_sort((heddle_element)element, data, n, (pattern)(turn++ % PATTERNS));
    turn++; /* so that each size gets another pattern with the next type */
  }
  end();
  free(data);
}

static void sorts_alone(void) {
  sort_all(1);
}

static void sorts_shared_out(void) {
  sort_all(3);
}

/* ---- Cut short ---------------------------------------------------------------- */

static heddle_status (*whole)(heddle_call *call);
static atomic_long looks; /* that are left, until one says that it is cancelled */

static int cut(const heddle_call *call) {
  (void)call;
  return atomic_fetch_sub(&looks, 1) <= 0;
}

static heddle_status run_cut(heddle_call *call) {
  const heddle_host *real = call->host;
  heddle_host host = *real;
  host.cancelled = cut;
  call->host = &host;
  heddle_status status = whole(call);
  call->host = real;
  return status == HEDDLE_CANCELLED ? heddle_error(call, "ERR_TEST", "cut short") : status;
}

/* At each of the first looks, and at some of those that follow, until there are
 * no more. */
static void cut_everywhere(const char *signature, heddle_status (*run)(heddle_call *call),
                           const heddle_value *args) {
  bool ended = false;
  long n = 0;
  whole = run;
  for (; !ended && n < 10 * 1000 * 1000; n += 1 + n / 3) {
    atomic_store(&looks, n);
    const outcome *o = run_task(&w, signature, run_cut, HEDDLE_PARALLEL, args);
    ended = o->state == HD_FULFILLED;
    if (!ended)
      EXPECT_ERROR(o, "ERR_TEST", "cut short");
    CHECK(ended == (atomic_load(&looks) >= 0));
  }
  CHECK(ended);
  CHECK(n > 3);
}

static void cuts(void) {
  static const heddle_element elements[] = {HEDDLE_ELEMENT_U8, HEDDLE_ELEMENT_F16,
                                            HEDDLE_ELEMENT_I32, HEDDLE_ELEMENT_F64};
  enum { MANY = 200 * 1000, FEW = 30 * 1000, SIDE = 150 };
  void *data = malloc(MANY * sizeof(double));
  NEED(data != NULL);
  for (uint32_t threads = 1; threads <= 3; threads += 2) {
    begin(threads);
    for (size_t i = 0; i < sizeof(elements) / sizeof(*elements); i++)
      for (int p = 0; p < PATTERNS; p++) {
        fill(data, elements[i], MANY, (pattern)p);
        heddle_value array = array_of(elements[i], data, MANY);
        cut_everywhere(SORT_SIGNATURE, hd_task_sort, &array);
        array.length = FEW;
        if (elements[i] != HEDDLE_ELEMENT_U8)
          cut_everywhere(SORT_SIGNATURE, hd_task_sort, &array);
      }
    heddle_value matrix = array_of(HEDDLE_ELEMENT_F64, data, SIDE * SIDE);
    heddle_value product[] = {matrix, matrix, u32(SIDE), u32(SIDE), u32(SIDE)};
    cut_everywhere(MATMUL_SIGNATURE, hd_task_matmul, product);
    end();
  }
  free(data);
}

static const test tests[] = {{"sort by one thread", sorts_alone, 4},
                             {"sort by three, of the pool", sorts_shared_out, 4},
                             {"sort by three, of heddle's own", sorts_shared_out, 1},
                             {"cut short everywhere", cuts, 3},
                             {NULL, NULL, 0}};

const suite numeric_suite = {"numeric", tests};
