/* outputEncoding: what is encoded is decoded again, by other means. */
#include <string.h>

#include "encode.h"
#include "kit.h"

static const char *const names[] = {"hex", "base64", "base64url", "latin1", "binary", "buffer"};
enum { HEX, BASE64, BASE64URL, LATIN1, BINARY, BUFFER };

static feed *bytes_of_call;

/* Clears what was made on the way, and is to be called for strings. */
static unsigned wiped;
static void wipe(void *memory, size_t size) {
  wiped++;
  memset(memory, 0, size);
}

static heddle_status run(heddle_call *call) {
  return hd_encode_result(call, 0, bytes_of_call->at, bytes_of_call->left, wipe);
}

static subject encoder = {.task = {"encode", "encoding: string -> string | bytes", run, 0}};

static int digit_of(char c, int encoding) {
  if (encoding == HEX)
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  if (c == (encoding == BASE64 ? '+' : '-'))
    return 62;
  return c == (encoding == BASE64 ? '/' : '_') ? 63 : -1;
}

/* Digits of some bits, the bits of a last and incomplete byte being 0. */
static size_t decode_digits(const char *text, size_t length, int encoding, uint8_t *bytes) {
  unsigned bits = encoding == HEX ? 4 : 6;
  unsigned held = 0;
  uint32_t value = 0;
  size_t count = 0;
  for (size_t i = 0; i < length; i++) {
    int digit = digit_of(text[i], encoding);
    HOLDS(digit >= 0);
    value = (value << bits | (uint32_t)digit) & 0xffff;
    held += bits;
    if (held >= 8) {
      held -= 8;
      bytes[count++] = (uint8_t)(value >> held);
    }
  }
  HOLDS((value & ((1u << held) - 1)) == 0);
  return count;
}

static size_t decode_latin1(const char *text, size_t length, uint8_t *bytes) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++) {
    uint8_t first = (uint8_t)text[i];
    if (first >= 0x80) {
      HOLDS((first == 0xc2 || first == 0xc3) && i + 1 < length);
      HOLDS(((uint8_t)text[++i] & 0xc0) == 0x80);
      first = (uint8_t)((first & 3) << 6 | ((uint8_t)text[i] & 0x3f));
    }
    bytes[count++] = first;
  }
  return count;
}

static size_t decode(const heddle_value *result, int encoding, uint8_t *bytes) {
  const char *text = result->as.string;
  size_t length = result->length;
  if (encoding == BUFFER) {
    if (length > 0)
      memcpy(bytes, result->as.data, length);
    return length;
  }
  HOLDS(result->type == HEDDLE_STRING && text[length] == '\0' && wiped == 1);
  if (encoding == LATIN1 || encoding == BINARY)
    return decode_latin1(text, length, bytes);
  HOLDS(encoding != BASE64 || length % 4 == 0);
  for (int i = 0; encoding == BASE64 && i < 2 && length > 0 && text[length - 1] == '='; i++)
    length--;
  return decode_digits(text, length, encoding, bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  feed f = {data, size};
  subject_open(&encoder);
  int encoding = feed_byte(&f) % 6;
  trouble with = feed_trouble(&f);
  bytes_of_call = &f;
  wiped = 0;
  heddle_value name = {
      .type = HEDDLE_STRING, .as.string = names[encoding], .length = strlen(names[encoding])};
  heddle_value result;
  unsigned state = subject_run(&encoder, &name, &with, &result);
  HOLDS(state == HD_FULFILLED || with.allocations >= 0);
  if (state == HD_FULFILLED) {
    uint8_t *bytes = malloc(2 * f.left + 8);
    HOLDS(bytes != NULL && decode(&result, encoding, bytes) == f.left);
    HOLDS(f.left == 0 || memcmp(bytes, f.at, f.left) == 0);
    free(bytes);
  }
  end_result(&result);
  return 0;
}
