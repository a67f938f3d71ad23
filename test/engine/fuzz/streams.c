/* The tasks of zlib: any bytes, limits, cancelling and failing allocations. What
 * is expanded is compared with what zlib gives in one call, what is compressed is
 * expanded again. */
#include <string.h>

#include <zlib.h>

#include "kit.h"
#include "tasks.h"

enum { MOST = 1 << 22, LESS = 1 << 17, FEW = 300 }; /* bytes of a result */

#define ZIP(name, run)                                                                             \
  {                                                                                                \
    .task = {                                                                                      \
      name,                                                                                        \
      "data: bytes, level: i32, memLevel: i32, windowBits: i32, strategy: i32, most: f64 "         \
      "-> bytes",                                                                                  \
      run,                                                                                         \
      0                                                                                            \
    }                                                                                              \
  }
#define UNZIP(name, run)                                                                           \
  {                                                                                                \
    .task = { name, "data: bytes, windowBits: i32, most: f64 -> bytes", run, 0 }                   \
  }

static subject zips[] = {ZIP("gzip", hd_task_gzip), ZIP("deflate", hd_task_deflate),
                         ZIP("deflateRaw", hd_task_deflate_raw)};
static subject unzips[] = {UNZIP("gunzip", hd_task_gunzip), UNZIP("inflate", hd_task_inflate),
                           UNZIP("inflateRaw", hd_task_inflate_raw)};
static const int window_bits[] = {MAX_WBITS + 16, MAX_WBITS, -MAX_WBITS}; /* of both */

/* What comes of expanding in one call. */
typedef struct expanded {
  uint8_t *data;
  size_t length;
  const char *code; /* NULL when it went well */
} expanded;

static const char *name_of(int code) {
  return code == Z_DATA_ERROR  ? "Z_DATA_ERROR"
         : code == Z_NEED_DICT ? "Z_NEED_DICT"
         : code == Z_BUF_ERROR ? "Z_BUF_ERROR"
                               : "Z_STREAM_ERROR";
}

static expanded expand(const uint8_t *data, size_t length, int kind, size_t limit) {
  expanded result = {malloc(limit + 1), 0, NULL};
  z_stream stream;
  memset(&stream, 0, sizeof(stream));
  HOLDS(result.data != NULL && inflateInit2(&stream, window_bits[kind]) == Z_OK);
  stream.next_in = (Bytef *)data;
  stream.avail_in = (uInt)length;
  stream.next_out = result.data;
  stream.avail_out = (uInt)limit + 1;
  int code = Z_OK;
  do {
    if (code == Z_STREAM_END)
      (void)inflateReset(&stream);
    code = length == 0 ? Z_BUF_ERROR : inflate(&stream, Z_NO_FLUSH);
    if (stream.avail_out == 0) {
      code = Z_OK;
      break;
    }
  } while (code == Z_STREAM_END && kind == 0 && stream.avail_in > 0 && stream.next_in[0] != 0);
  result.length = limit + 1 - stream.avail_out;
  if (result.length > limit)
    result.code = "ERR_BUFFER_TOO_LARGE";
  else if (code != Z_STREAM_END)
    result.code = name_of(code == Z_OK ? Z_BUF_ERROR : code);
  (void)inflateEnd(&stream);
  return result;
}

static heddle_value i32(int number) {
  return (heddle_value){.type = HEDDLE_I32, .as.i32 = number};
}

static heddle_value bytes(const uint8_t *data, size_t length) {
  return (heddle_value){.type = HEDDLE_BYTES, .as.data = data, .length = length};
}

static void check_expanded(const heddle_value *result, unsigned state, const expanded *wanted) {
  HOLDS((state == HD_FULFILLED) == (wanted->code == NULL));
  if (state == HD_REJECTED)
    HOLDS(strcmp(code_of(result), wanted->code) == 0);
  else
    HOLDS(result->length == wanted->length &&
          memcmp(result->as.data, wanted->data, wanted->length) == 0);
}

static bool is_quiet(const trouble *with) {
  return with->polls < 0 && with->allocations < 0;
}

static void try_to_expand(int kind, int bits, size_t limit, const trouble *with,
                          const uint8_t *data, size_t length) {
  heddle_value result;
  heddle_value args[] = {bytes(data, length), i32(bits), {.type = HEDDLE_F64, .as.f64 = limit}};
  unsigned state = subject_run(&unzips[kind], args, with, &result);
  /* A smaller window is only looked up in the header. */
  if (is_quiet(with) && bits == 15) {
    expanded wanted = expand(data, length, kind, limit);
    check_expanded(&result, state, &wanted);
    free(wanted.data);
  }
  HOLDS(state != HD_FULFILLED || result.length <= limit);
  end_result(&result);
}

static void try_to_compress(int kind, feed *f, size_t limit, const trouble *with) {
  int level = feed_byte(f) % 11 - 1;
  int memory = 1 + feed_byte(f) % 9;
  int bits = 8 + feed_byte(f) % 8;
  int strategy = feed_byte(f) % 5;
  uint8_t many = feed_byte(f);
  size_t times = many == 255 ? 400 : 1 + many % 8;
  size_t length;
  uint8_t *part = feed_copy(f, 4096, &length);
  uint8_t *data = malloc(times * length + 1);
  HOLDS(data != NULL);
  for (size_t i = 0; i < times; i++)
    memcpy(data + i * length, part, length);
  heddle_value result;
  heddle_value args[] = {
      bytes(data, times * length),          i32(level), i32(memory), i32(bits), i32(strategy),
      {.type = HEDDLE_F64, .as.f64 = limit}};
  unsigned state = subject_run(&zips[kind], args, with, &result);
  if (state == HD_FULFILLED) {
    HOLDS(result.length <= limit);
    expanded whole = expand(result.as.data, result.length, kind, times * length);
    HOLDS(whole.code == NULL && whole.length == times * length &&
          memcmp(whole.data, data, whole.length) == 0);
    free(whole.data);
  }
  end_result(&result);
  free(part);
  free(data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  feed f = {data, size};
  for (int i = 0; i < 3; i++) {
    subject_open(&zips[i]);
    subject_open(&unzips[i]);
  }
  uint8_t what = feed_byte(&f);
  int kind = what % 3;
  trouble with = feed_trouble(&f);
  uint32_t limit = feed_u32(&f);
  limit = limit % 64 == 63 ? MOST : 1 + (limit >> 2) % (limit % 4 == 1 ? FEW : LESS);
  if (what >= 192) {
    try_to_compress(kind, &f, limit, &with);
    return 0;
  }
  int bits = what / 3 % 4 == 0 ? feed_byte(&f) % 16 : 15;
  size_t length;
  uint8_t *packed = feed_copy(&f, SIZE_MAX, &length);
  try_to_expand(kind, bits, limit, &with, packed, length);
  free(packed);
  return 0;
}
