#include "p1363.h"

#include <string.h>

enum { SEQUENCE = 0x30, INTEGER = 0x02, LONG_LENGTH = 0x81 };

/* Reads a tag and a length of up to 255. Returns the bytes they take, 0 when
 * there are others. */
static size_t read_head(const uint8_t *der, size_t left, uint8_t tag, size_t *length) {
  if (left < 2 || der[0] != tag)
    return 0;
  size_t head = der[1] == LONG_LENGTH ? 3 : 2;
  if (left < head || (head == 2 && der[1] >= 0x80))
    return 0;
  *length = der[head - 1];
  return *length <= left - head ? head : 0;
}

/* Reads an INTEGER, right-aligned into `bytes`. Returns what it takes. */
static size_t read_integer(const uint8_t *der, size_t left, size_t bytes, uint8_t *raw) {
  size_t length;
  size_t head = read_head(der, left, INTEGER, &length);
  if (head == 0)
    return 0;
  const uint8_t *digits = der + head;
  size_t count = length;
  while (count > 0 && *digits == 0) {
    digits++;
    count--;
  }
  if (count > bytes)
    return 0;
  memset(raw, 0, bytes - count);
  memcpy(raw + bytes - count, digits, count);
  return head + length;
}

int hd_p1363_from_der(const uint8_t *der, size_t length, size_t bytes, uint8_t *raw) {
  size_t inner;
  size_t head = read_head(der, length, SEQUENCE, &inner);
  if (head == 0)
    return 0;
  size_t first = read_integer(der + head, inner, bytes, raw);
  return first != 0 && read_integer(der + head + first, inner - first, bytes, raw + bytes) != 0;
}

static size_t write_head(uint8_t *der, uint8_t tag, size_t length) {
  size_t head = length < 0x80 ? 2 : 3;
  der[0] = tag;
  der[1] = LONG_LENGTH;
  der[head - 1] = (uint8_t)length;
  return head;
}

static size_t write_integer(uint8_t *der, const uint8_t *raw, size_t bytes) {
  while (bytes > 1 && *raw == 0) {
    raw++;
    bytes--;
  }
  size_t sign = *raw >> 7; /* a first digit that would make it negative */
  size_t head = write_head(der, INTEGER, bytes + sign);
  der[head] = 0;
  memcpy(der + head + sign, raw, bytes);
  return head + sign + bytes;
}

size_t hd_p1363_to_der(const uint8_t *raw, size_t bytes, uint8_t *der) {
  uint8_t inner[HD_P1363_DER_MOST];
  size_t length = write_integer(inner, raw, bytes);
  length += write_integer(inner + length, raw + bytes, bytes);
  size_t head = write_head(der, SEQUENCE, length);
  memcpy(der + head, inner, length);
  return head + length;
}
