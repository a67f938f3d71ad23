/* Signatures: what a task takes and gives. Parsed once, when a task is
 * registered; checking, conversion and the words of errors come from here.
 * The grammar stands in heddle.h. Immutable after parsing: any thread. */
#ifndef HD_SIGNATURE_H
#define HD_SIGNATURE_H

#include <stdbool.h>

#include "arena.h"
#include "value.h"

/* Of arrays, any element. HEDDLE_ELEMENT_NONE is any but F16, which tasks that
 * say `array` need not know. */
enum { HD_ELEMENT_ALL = HEDDLE_ELEMENT_F16 + 1 };

/* One argument, after options objects were flattened. */
typedef struct hd_param {
  const char *name;    /* NULL when it has none */
  const char *options; /* name of the options object it is a field of, or NULL */
  const char *label;   /* what errors call it: argument "data", option "level" */
  uint8_t type;        /* heddle_type */
  uint8_t element;     /* heddle_element of an array, NONE or HD_ELEMENT_ALL: see hd_param_takes */
  bool optional;
  bool has_default;
  heddle_value fallback; /* the default */
  double least, most;    /* bounds of a number, inclusive */
  const char **words;    /* allowed strings, NULL-terminated; NULL for any */
  const char *expected;  /* "an integer from 1 to 9": what errors say */
} hd_param;

/* What a result, or a field of one, may be. */
typedef struct hd_kinds {
  uint32_t types;    /* bit 1 << heddle_type; bit of HEDDLE_UNDEFINED is void */
  uint32_t elements; /* of arrays: bit 1 << heddle_element, of NONE for any */
} hd_kinds;

/* A field of a record whose fields the signature names. */
typedef struct hd_field_kinds {
  const char *name;
  bool optional;
  hd_kinds kinds;
} hd_field_kinds;

typedef struct hd_signature {
  hd_param *params;
  uint32_t count;
  hd_kinds results;
  hd_field_kinds *fields; /* of the record; NULL when it may have any */
  uint32_t field_count;
  hd_arena arena;
} hd_signature;

/* A registered task. Immutable. */
typedef struct hd_definition {
  const heddle_task *task;
  hd_signature signature;
} hd_definition;

/* Parses `text`. On failure returns false and `problem` points at words that
 * say what is wrong ("unknown type \"int\""), at most `size` bytes; those of
 * hd_error_no_memory where that is what failed. */
bool hd_signature_parse(hd_signature *signature, const char *text, char *problem, size_t size);
void hd_signature_free(hd_signature *signature);

/* Whether an array of those elements may be given for it. */
bool hd_param_takes(const hd_param *param, heddle_element element);

/* Makes `value`, the result of a step, the argument `param` of the next one.
 * Points into `value`, copies nothing. False when it does not fit. */
bool hd_param_convert(const hd_param *param, const heddle_value *value, heddle_value *argument);

/* Whether a result is what the signature says: sets `reason` to words that say
 * what is wrong, at most `size` bytes, if it is not. */
bool hd_signature_allows(const hd_signature *signature, const heddle_value *result, char *reason,
                         size_t size);

/* Whether a string is among the words that `param` allows. */
bool hd_param_word(const hd_param *param, const char *word, size_t length);

/* Whether a number may be passed for `param`: type and bounds. */
bool hd_param_number(const hd_param *param, double number, heddle_value *argument);

#endif
