#include "encode.h"

#include <string.h>

#include "tasks.h"

/* RFC 4648, sections 8, 4 and 5. */
static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Each writes the encoded text and returns its length. */

/* Without a table, so that compilers can do many at once. */
static inline char hex_digit(unsigned value) {
  return (char)(value + '0' + (value > 9 ? 'a' - '0' - 10 : 0));
}

static size_t to_hex(char *text, const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) {
    text[2 * i] = hex_digit(bytes[i] >> 4);
    text[2 * i + 1] = hex_digit(bytes[i] & 15);
  }
  return 2 * length;
}

static size_t to_base64(char *text, const uint8_t *bytes, size_t length, const char *digits,
                        int padded) {
  char *end = text;
  size_t i = 0;
  for (; length - i >= 3; i += 3) {
    uint32_t group = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | bytes[i + 2];
    *end++ = digits[group >> 18];
    *end++ = digits[group >> 12 & 63];
    *end++ = digits[group >> 6 & 63];
    *end++ = digits[group & 63];
  }
  size_t rest = length - i;
  if (rest != 0) {
    uint32_t group = (uint32_t)bytes[i] << 16 | (rest == 2 ? (uint32_t)bytes[i + 1] << 8 : 0);
    *end++ = digits[group >> 18];
    *end++ = digits[group >> 12 & 63];
    if (rest == 2)
      *end++ = digits[group >> 6 & 63];
    for (size_t pad = rest; padded && pad < 3; pad++)
      *end++ = '=';
  }
  return (size_t)(end - text);
}

/* ISO 8859-1 as UTF-8. */
static size_t to_latin1(char *text, const uint8_t *bytes, size_t length) {
  char *end = text;
  for (size_t i = 0; i < length; i++) {
    if (bytes[i] < 0x80) {
      *end++ = (char)bytes[i];
    } else {
      *end++ = (char)(0xc0 | bytes[i] >> 6);
      *end++ = (char)(0x80 | (bytes[i] & 0x3f));
    }
  }
  return (size_t)(end - text);
}

static size_t to_text(char *text, const char *encoding, const uint8_t *bytes, size_t length) {
  if (strcmp(encoding, "hex") == 0)
    return to_hex(text, bytes, length);
  if (strcmp(encoding, "base64") == 0)
    return to_base64(text, bytes, length, base64_digits, 1);
  if (strcmp(encoding, "base64url") == 0)
    return to_base64(text, bytes, length, base64url_digits, 0);
  return to_latin1(text, bytes, length); /* latin1, binary */
}

heddle_status hd_encode_result(heddle_call *call, uint32_t index, const uint8_t *bytes,
                               size_t length, void (*wipe)(void *memory, size_t size)) {
  const char *encoding = heddle_arg(call, index)->as.string;
  if (strcmp(encoding, "buffer") == 0) {
    void *result = heddle_result_bytes(call, length);
    if (result == NULL)
      return HEDDLE_FAILED;
    if (length != 0)
      memcpy(result, bytes, length);
    return HEDDLE_OK;
  }
  /* No encoding makes more than two bytes of one, but for base64's padding. */
  if (length > (SIZE_MAX - 4) / 2)
    return hd_task_no_memory(call);
  size_t size = 2 * length + 4;
  char small[256];
  char *text = size <= sizeof(small) ? small : heddle_scratch(call, size);
  if (text == NULL)
    return HEDDLE_FAILED;
  size_t used = to_text(text, encoding, bytes, length);
  heddle_status status = heddle_result_string(call, text, used);
  if (wipe != NULL)
    wipe(text, used);
  return status;
}
