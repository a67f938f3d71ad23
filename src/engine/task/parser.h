/* What the two halves of the signature parser share: words, types and numbers.
 * parser.c has it; signature_parse.c reads parameters, signature_results.c
 * results. */
#ifndef HD_PARSER_H
#define HD_PARSER_H

#include "signature.h"

typedef struct hd_parser {
  const char *at;
  hd_signature *signature;
  hd_param params[HD_MAX_PARAMS];
  hd_field_kinds fields[HD_MAX_FIELDS];
  char *problem;
  size_t problem_size;
} hd_parser;

/* A type as it stands in signatures, and what errors call it. */
typedef struct hd_type_name {
  const char *name;
  uint8_t type;
  uint8_t element;
  const char *expected;
} hd_type_name;

/* Says what is wrong; always false. */
HEDDLE_PRINTF(2, 3)
bool hd_parse_fail(hd_parser *p, const char *format, ...);
bool hd_parse_no_memory(hd_parser *p);

void hd_parse_skip(hd_parser *p);

/* Whether `c` comes next, which is then read. */
bool hd_parse_accept(hd_parser *p, char c);

/* Length of the word that comes next, 0 when there is none. */
size_t hd_parse_word(hd_parser *p);

/* Reads a word of that length; a copy, or NULL when there is no memory. */
const char *hd_parse_take_word(hd_parser *p, size_t length);
const char *hd_parse_copy(hd_parser *p, const char *text);

/* NULL, having said so, when it is no type. */
const hd_type_name *hd_parse_type(hd_parser *p);
bool hd_parse_number(hd_parser *p, double *number);

/* [name [?] :]; leaves *name NULL when there is none. */
bool hd_parse_name(hd_parser *p, const char **name, bool *optional);

/* "->" and what follows it. */
bool hd_parse_results(hd_parser *p);

#endif
