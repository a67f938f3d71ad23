/* Levenshtein distances of a word to each line of a list: a string, a buffer or a
 * file. Counted in characters (code points), not in bytes. */
#include "heddle.h"

#include <string.h>

enum { WORD, LIST };

/* Writes the code points of UTF-8 to `out`, which has room for `length`. A byte
 * that begins none counts as itself. */
static size_t decode(const unsigned char *text, size_t length, uint32_t *out) {
  size_t count = 0;
  for (size_t i = 0; i < length;) {
    unsigned char first = text[i++];
    int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    uint32_t point = more == 0 ? first : first & (0x3Fu >> more);
    for (; more > 0 && i < length && (text[i] & 0xC0) == 0x80; more--)
      point = point << 6 | (text[i++] & 0x3Fu);
    out[count++] = point;
  }
  return count;
}

static uint32_t least(uint32_t a, uint32_t b) {
  return a < b ? a : b;
}

/* `row` has room for a_length + 1. */
static heddle_status compare(heddle_call *call, const uint32_t *a, size_t a_length,
                             const uint32_t *b, size_t b_length, uint32_t *row, uint32_t *result) {
  for (size_t i = 0; i <= a_length; i++)
    row[i] = (uint32_t)i;
  for (size_t k = 0; k < b_length; k++) {
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
    uint32_t corner = row[0]++; /* what was up and to the left */
    for (size_t i = 0; i < a_length; i++) {
      uint32_t replaced = corner + (a[i] != b[k]);
      corner = row[i + 1];
      row[i + 1] = least(replaced, least(row[i], corner) + 1);
    }
  }
  *result = row[a_length];
  return HEDDLE_OK;
}

/* An end of line after the last line begins no other one. */
static size_t count_lines(const char *list, size_t length) {
  size_t lines = length > 0 && list[length - 1] != '\n';
  for (size_t i = 0; i < length; i++)
    lines += list[i] == '\n';
  return lines;
}

static size_t longest_line(const char *list, size_t length) {
  size_t longest = 0;
  size_t start = 0;
  for (size_t i = 0; i <= length; i++) {
    if (i < length && list[i] != '\n')
      continue;
    longest = i - start > longest ? i - start : longest;
    start = i + 1;
  }
  return longest;
}

static heddle_status run_levenshtein(heddle_call *call) {
  const heddle_value *word = heddle_arg(call, WORD);
  const void *data;
  size_t length;
  heddle_status status = heddle_read_all(call, LIST, &data, &length);
  if (status != HEDDLE_OK)
    return status;
  const char *list = data;
  size_t lines = count_lines(list, length);
  size_t longest = longest_line(list, length);
  uint32_t *result = heddle_result_array(call, HEDDLE_ELEMENT_U32, lines);
  uint32_t *a = heddle_scratch(call, (word->length + 1) * sizeof(*a));
  uint32_t *b = heddle_scratch(call, (longest + 1) * sizeof(*b));
  uint32_t *row = heddle_scratch(call, (word->length + 1) * sizeof(*row));
  if (result == NULL || a == NULL || b == NULL || row == NULL)
    return HEDDLE_FAILED;
  size_t a_length = decode((const unsigned char *)word->as.string, word->length, a);
  size_t start = 0;
  for (size_t line = 0; line < lines; line++) {
    const char *end = memchr(list + start, '\n', length - start);
    size_t size = end == NULL ? length - start : (size_t)(end - list) - start;
    size_t text = size > 0 && list[start + size - 1] == '\r' ? size - 1 : size;
    size_t b_length = decode((const unsigned char *)list + start, text, b);
    status = compare(call, a, a_length, b, b_length, row, &result[line]);
    if (status != HEDDLE_OK)
      return status;
    start += size + 1;
    heddle_progress(call, (double)(line + 1) / (double)lines);
  }
  return HEDDLE_OK;
}

static const heddle_task tasks[] = {
    {"levenshtein", "word: string, list: bytes -> u32[]", run_levenshtein, 0},
};

HEDDLE_MODULE("levenshtein", tasks)
