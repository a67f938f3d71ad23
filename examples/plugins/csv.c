/* The sum of one column of a CSV file (RFC 4180), in constant memory: the file is
 * read in blocks, and so may be of any size. */
#include "heddle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DATA, COLUMN, SEPARATOR };
enum { CELL = 256 }; /* bytes of a cell that are kept: names and numbers are short */

typedef struct reader {
  heddle_call *call;
  const char *column; /* name that is looked for */
  char separator;

  char cell[CELL + 1];
  size_t length; /* of the cell, which may be longer than what is kept */
  int quoted;    /* within quotes */
  int was_quote; /* the last byte within quotes was one */

  size_t line;  /* from 1 */
  size_t index; /* of the cell in its line */
  size_t wanted;
  int has_header;
  int found;

  double rows, empty, sum, lost; /* `lost`: what rounding took from the sum */
} reader;

/* Kahan's sum, as improved by Neumaier. */
static void add(reader *r, double number) {
  double sum = r->sum + number;
  r->lost += fabs(r->sum) >= fabs(number) ? (r->sum - sum) + number : (number - sum) + r->sum;
  r->sum = sum;
}

static heddle_status end_cell(reader *r) {
  r->cell[r->length < CELL ? r->length : CELL] = '\0';
  if (!r->has_header) {
    if (!r->found && strcmp(r->cell, r->column) == 0) {
      r->found = 1;
      r->wanted = r->index;
    }
  } else if (r->index == r->wanted) {
    char *end;
    double number = strtod(r->cell, &end);
    if (r->length == 0)
      r->empty++;
    else if (*end != '\0' || r->length > CELL)
      return heddle_error(r->call, "ERR_CSV_NUMBER", "sumColumn: line %zu: '%.40s' is no number",
                          r->line, r->cell);
    else
      add(r, number);
  }
  r->index++;
  r->length = 0;
  r->was_quote = 0;
  return HEDDLE_OK;
}

static heddle_status end_line(reader *r) {
  int blank = r->index == 0 && r->length == 0 && !r->was_quote;
  heddle_status status = blank ? HEDDLE_OK : end_cell(r);
  if (status != HEDDLE_OK)
    return status;
  if (!blank && r->has_header)
    r->rows++;
  if (!blank && !r->has_header) {
    if (!r->found)
      return heddle_error(r->call, "ERR_CSV_COLUMN", "sumColumn: there is no column '%.80s'",
                          r->column);
    r->has_header = 1;
  }
  r->index = 0;
  return HEDDLE_OK;
}

static void keep(reader *r, char c) {
  if (r->length < CELL)
    r->cell[r->length] = c;
  r->length++;
}

static heddle_status read_byte(reader *r, char c) {
  if (r->quoted) {
    if (c != '"') {
      keep(r, c);
      r->line += c == '\n';
    } else {
      r->quoted = 0;
      r->was_quote = 1;
    }
    return HEDDLE_OK;
  }
  if (c == '"') {
    if (r->was_quote) /* two of them stand for one */
      keep(r, c);
    r->quoted = 1;
    return HEDDLE_OK;
  }
  if (c == r->separator)
    return end_cell(r);
  if (c == '\n') {
    heddle_status status = end_line(r);
    r->line++;
    return status;
  }
  if (c != '\r')
    keep(r, c);
  return HEDDLE_OK;
}

static heddle_status read_all(reader *r) {
  static const unsigned char mark[] = {0xEF, 0xBB, 0xBF}; /* some programs begin files so */
  const void *data;
  size_t length;
  int first = 1;
  for (;;) {
    heddle_status status = heddle_read(r->call, DATA, &data, &length);
    if (status != HEDDLE_OK || length == 0)
      return status;
    const char *bytes = data;
    size_t i = first && length >= sizeof(mark) && memcmp(bytes, mark, sizeof(mark)) == 0 ? 3 : 0;
    first = 0;
    for (; i < length; i++)
      if ((status = read_byte(r, bytes[i])) != HEDDLE_OK)
        return status;
  }
}

static heddle_status run_sum_column(heddle_call *call) {
  reader r = {.call = call, .line = 1};
  r.column = heddle_arg(call, COLUMN)->as.string;
  const char *separator = heddle_arg(call, SEPARATOR)->as.string;
  r.separator = strcmp(separator, "tab") == 0         ? '\t'
                : strcmp(separator, "semicolon") == 0 ? ';'
                                                      : ',';
  heddle_status status = read_all(&r);
  if (status == HEDDLE_OK && r.quoted)
    return heddle_error(call, "ERR_CSV_QUOTE", "sumColumn: a quote is not closed");
  if (status == HEDDLE_OK)
    status = end_line(&r);
  if (status != HEDDLE_OK)
    return status;
  if (!r.has_header)
    return heddle_error(call, "ERR_CSV_COLUMN", "sumColumn: there is no column '%.80s'", r.column);
  heddle_field(call, "rows");
  heddle_result_f64(call, r.rows);
  heddle_field(call, "empty");
  heddle_result_f64(call, r.empty);
  heddle_field(call, "sum");
  heddle_result_f64(call, r.sum + r.lost);
  return HEDDLE_OK;
}

static const heddle_task tasks[] = {
    {"sumColumn",
     "data: bytes, column: string, {separator: string(comma|semicolon|tab) = comma} -> "
     "{rows: f64, empty: f64, sum: f64}",
     run_sum_column, 0},
};

HEDDLE_MODULE("csv", tasks)
