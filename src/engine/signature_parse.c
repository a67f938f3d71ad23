#include "signature.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = 32 };

typedef struct parser {
  const char *at;
  hd_signature *signature;
  hd_param params[HD_MAX_PARAMS];
  char *problem;
  size_t problem_size;
} parser;

typedef struct type_name {
  const char *name;
  uint8_t type;
  uint8_t element;
  const char *expected;
} type_name;

/* Names of types, as they stand in signatures and in errors. */
static const type_name types[] = {
    {"bool", HEDDLE_BOOL, 0, "a boolean"},
    {"i32", HEDDLE_I32, 0, "an integer"},
    {"u32", HEDDLE_U32, 0, "an integer"},
    {"f64", HEDDLE_F64, 0, "a number"},
    {"i64", HEDDLE_I64, 0, "a bigint of 64 bits, signed"},
    {"u64", HEDDLE_U64, 0, "a bigint of 64 bits, unsigned"},
    {"string", HEDDLE_STRING, 0, "a string"},
    {"bytes", HEDDLE_BYTES, 0,
     "a string, Buffer, TypedArray, DataView, ArrayBuffer, SharedArrayBuffer or file()"},
    {"i8[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_I8, "an Int8Array"},
    {"u8[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_U8, "a Uint8Array"},
    {"u8c[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_U8C, "a Uint8ClampedArray"},
    {"i16[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_I16, "an Int16Array"},
    {"u16[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_U16, "a Uint16Array"},
    {"i32[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_I32, "an Int32Array"},
    {"u32[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_U32, "a Uint32Array"},
    {"f32[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_F32, "a Float32Array"},
    {"f64[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_F64, "a Float64Array"},
    {"i64[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_I64, "a BigInt64Array"},
    {"u64[]", HEDDLE_ARRAY, HEDDLE_ELEMENT_U64, "a BigUint64Array"},
    {"array", HEDDLE_ARRAY, HEDDLE_ELEMENT_NONE, "a TypedArray"},
    {"void", HEDDLE_UNDEFINED, 0, "undefined"},
    {"null", HEDDLE_NULL, 0, "null"},
    {"record", HEDDLE_RECORD, 0, "an object"},
};

static bool fail(parser *p, const char *format, ...) {
  va_list values;
  va_start(values, format);
  (void)vsnprintf(p->problem, p->problem_size, format, values);
  va_end(values);
  return false;
}

static bool out_of_memory(parser *p) {
  return fail(p, "out of memory");
}

static void skip(parser *p) {
  while (*p->at == ' ' || *p->at == '\n' || *p->at == '\t')
    p->at++;
}

static bool accept(parser *p, char c) {
  skip(p);
  if (*p->at != c)
    return false;
  p->at++;
  return true;
}

/* Names are ASCII: the locale has no say. */
static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

/* The next word, of length 0 when there is none. */
static size_t peek_word(parser *p) {
  skip(p);
  size_t length = 0;
  while (is_word(p->at[length]) && strncmp(p->at + length, "..", 2) != 0 &&
         strncmp(p->at + length, "->", 2) != 0)
    length++;
  return length;
}

static const char *copy_word(parser *p, size_t length) {
  char *copy = hd_arena_alloc(&p->signature->arena, length + 1);
  if (copy == NULL)
    return NULL;
  memcpy(copy, p->at, length);
  copy[length] = '\0';
  p->at += length;
  return copy;
}

static const char *copy_text(parser *p, const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = hd_arena_alloc(&p->signature->arena, size);
  return copy == NULL ? NULL : memcpy(copy, text, size);
}

static const type_name *parse_type(parser *p) {
  size_t length = peek_word(p);
  if (length > 0 && p->at[length] == '[' && p->at[length + 1] == ']')
    length += 2;
  for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
    if (strlen(types[i].name) == length && memcmp(types[i].name, p->at, length) == 0) {
      p->at += length;
      return &types[i];
    }
  }
  fail(p, "unknown type \"%.*s\"", (int)(length == 0 ? strlen(p->at) : length), p->at);
  return NULL;
}

static bool parse_number(parser *p, double *number) {
  char text[40];
  size_t length = peek_word(p);
  if (length == 0 || length >= sizeof(text))
    return fail(p, "a number must stand at \"%s\"", p->at);
  memcpy(text, p->at, length);
  text[length] = '\0';
  char *end;
  *number = strtod(text, &end);
  if (end != text + length)
    return fail(p, "\"%s\" is not a number", text);
  p->at += length;
  return true;
}

static bool is_number(uint8_t type) {
  return type == HEDDLE_I32 || type == HEDDLE_U32 || type == HEDDLE_F64;
}

/* (least..most), either may be left out; the "(" is read. */
static bool parse_bounds(parser *p, hd_param *param) {
  double lowest = param->least; /* of the type */
  double highest = param->most;
  skip(p);
  if (*p->at != '.' && !parse_number(p, &param->least))
    return false;
  skip(p);
  if (p->at[0] != '.' || p->at[1] != '.')
    return fail(p, "bounds are written (least..most)");
  p->at += 2;
  skip(p);
  if (*p->at != ')' && !parse_number(p, &param->most))
    return false;
  if (!accept(p, ')'))
    return fail(p, "\")\" is missing after the bounds");
  if (!(param->least <= param->most))
    return fail(p, "the bounds are empty");
  return (param->least >= lowest && param->most <= highest) ||
         fail(p, "the bounds are beyond the type's");
}

/* (word|word|...); the "(" is read. */
static bool parse_words(parser *p, hd_param *param) {
  const char *words[MAX_WORDS];
  size_t count = 0;
  do {
    size_t length = peek_word(p);
    if (length == 0)
      return fail(p, "a word must stand at \"%s\"", p->at);
    if (count == MAX_WORDS)
      return fail(p, "more than %d words", MAX_WORDS);
    words[count] = copy_word(p, length);
    if (words[count++] == NULL)
      return out_of_memory(p);
  } while (accept(p, '|'));
  if (!accept(p, ')'))
    return fail(p, "\")\" is missing after the words");
  param->words = hd_arena_alloc(&p->signature->arena, (count + 1) * sizeof(*words));
  if (param->words == NULL)
    return out_of_memory(p);
  memcpy(param->words, words, count * sizeof(*words));
  param->words[count] = NULL;
  return true;
}

static bool parse_default(parser *p, hd_param *param) {
  heddle_value *fallback = &param->fallback;
  if (is_number(param->type)) {
    double number;
    if (!parse_number(p, &number))
      return false;
    if (!hd_param_number(param, number, fallback))
      return fail(p, "the default is out of bounds");
  } else if (param->type == HEDDLE_BOOL || param->type == HEDDLE_STRING) {
    size_t length = peek_word(p);
    const char *word = copy_word(p, length);
    if (word == NULL)
      return out_of_memory(p);
    fallback->type = param->type;
    if (param->type == HEDDLE_STRING) {
      if (!hd_param_word(param, word, length))
        return fail(p, "the default \"%s\" is not among the words", word);
      fallback->as.string = word;
      fallback->length = length;
    } else {
      fallback->as.boolean = strcmp(word, "true") == 0;
      if (!fallback->as.boolean && strcmp(word, "false") != 0)
        return fail(p, "\"%s\" is neither true nor false", word);
    }
  } else {
    return fail(p, "only numbers, booleans and strings have defaults");
  }
  param->has_default = true;
  param->optional = true;
  return true;
}

/* Writes the words errors use for `param`. */
static bool set_expected(parser *p, hd_param *param, const type_name *type) {
  char text[512];
  int used = snprintf(text, sizeof(text), "%s", type->expected);
  size_t end = used > 0 ? (size_t)used : 0;
  if (param->words != NULL) {
    end = 0;
    for (const char **word = param->words; *word != NULL && end < sizeof(text); word++) {
      const char *joint = word == param->words ? "" : word[1] == NULL ? " or " : ", ";
      used = snprintf(text + end, sizeof(text) - end, "%s'%s'", joint, *word);
      end += used > 0 ? (size_t)used : 0;
    }
  } else if (is_number(param->type) && (isfinite(param->least) || isfinite(param->most))) {
    if (isfinite(param->least) && isfinite(param->most))
      used = snprintf(text + end, sizeof(text) - end, " from %.17g to %.17g", param->least,
                      param->most);
    else if (isfinite(param->least))
      used = snprintf(text + end, sizeof(text) - end, " of at least %.17g", param->least);
    else
      used = snprintf(text + end, sizeof(text) - end, " of at most %.17g", param->most);
  }
  param->expected = copy_text(p, text);
  return param->expected != NULL || out_of_memory(p);
}

static bool set_label(parser *p, hd_param *param) {
  char text[160];
  if (param->name == NULL)
    (void)snprintf(text, sizeof(text), "argument %u", (unsigned)p->signature->count);
  else
    (void)snprintf(text, sizeof(text), "%s \"%s\"", param->options ? "option" : "argument",
                   param->name);
  param->label = copy_text(p, text);
  return param->label != NULL || out_of_memory(p);
}

static hd_param *next_param(parser *p) {
  if (p->signature->count == HD_MAX_PARAMS) {
    fail(p, "more than %d parameters", HD_MAX_PARAMS);
    return NULL;
  }
  hd_param *param = &p->params[p->signature->count++];
  memset(param, 0, sizeof(*param));
  param->least = -INFINITY;
  param->most = INFINITY;
  return param;
}

/* type, bounds and default of a parameter. */
static bool parse_rest(parser *p, hd_param *param) {
  const type_name *type = parse_type(p);
  if (type == NULL)
    return false;
  if (type->type == HEDDLE_UNDEFINED || type->type == HEDDLE_NULL || type->type == HEDDLE_RECORD)
    return fail(p, "%s is for results only", type->name);
  param->type = type->type;
  param->element = type->element;
  if (param->type == HEDDLE_I32) {
    param->least = INT32_MIN;
    param->most = INT32_MAX;
  } else if (param->type == HEDDLE_U32) {
    param->least = 0;
    param->most = UINT32_MAX;
  }
  if (accept(p, '(')) {
    bool good = is_number(param->type)         ? parse_bounds(p, param)
                : param->type == HEDDLE_STRING ? parse_words(p, param)
                                               : fail(p, "%s takes no bounds", type->name);
    if (!good)
      return false;
  }
  if (accept(p, '=') && !parse_default(p, param))
    return false;
  return set_expected(p, param, type) && set_label(p, param);
}

/* [name [?] :]; leaves *name NULL when there is none. */
static bool parse_name(parser *p, const char **name, bool *optional) {
  const char *start = p->at;
  size_t length = peek_word(p);
  const char *word = p->at;
  *name = NULL;
  *optional = false;
  if (length == 0)
    return true;
  p->at += length;
  bool question = accept(p, '?');
  if (!accept(p, ':')) {
    p->at = start;
    return true;
  }
  const char *rest = p->at;
  p->at = word;
  *name = copy_word(p, length);
  p->at = rest;
  *optional = question;
  return *name != NULL || out_of_memory(p);
}

static bool parse_field(parser *p, const char *options) {
  hd_param *param = next_param(p);
  if (param == NULL)
    return false;
  if (!parse_name(p, &param->name, &param->optional))
    return false;
  if (param->name == NULL)
    return fail(p, "a field of an options object needs a name");
  param->options = options;
  return parse_rest(p, param);
}

static bool parse_param(parser *p) {
  const char *name;
  bool optional;
  if (!parse_name(p, &name, &optional))
    return false;
  if (accept(p, '{')) {
    do {
      if (!parse_field(p, name == NULL ? "options" : name))
        return false;
    } while (accept(p, ','));
    return accept(p, '}') || fail(p, "\"}\" is missing");
  }
  hd_param *param = next_param(p);
  if (param == NULL)
    return false;
  param->name = name;
  param->optional = optional;
  return parse_rest(p, param);
}

static bool parse_params(parser *p) {
  skip(p);
  if (p->at[0] == '-' && p->at[1] == '>')
    return true;
  bool was_optional = false;
  do {
    uint32_t first = p->signature->count;
    if (first > 0 && p->params[first - 1].options != NULL)
      return fail(p, "an options object must come last");
    if (!parse_param(p))
      return false;
    const hd_param *param = &p->params[first];
    if (was_optional && param->options == NULL && !param->optional)
      return fail(p, "a required parameter follows an optional one");
    was_optional = param->optional;
  } while (accept(p, ','));
  return true;
}

static bool parse_results(parser *p) {
  if (!accept(p, '-') || *p->at++ != '>')
    return fail(p, "\"->\" and a result are missing");
  do {
    const type_name *type = parse_type(p);
    if (type == NULL)
      return false;
    if (type->type == HEDDLE_I32 || type->type == HEDDLE_U32)
      return fail(p, "a number in a result is an f64");
    p->signature->results |= 1u << type->type;
  } while (accept(p, '|'));
  skip(p);
  return *p->at == '\0' || fail(p, "\"%s\" is left over", p->at);
}

bool hd_signature_parse(hd_signature *signature, const char *text, char *problem, size_t size) {
  parser p = {.at = text, .signature = signature, .problem = problem, .problem_size = size};
  memset(signature, 0, sizeof(*signature));
  if (!parse_params(&p) || !parse_results(&p))
    goto failed;
  signature->params = hd_arena_alloc(&signature->arena, signature->count * sizeof(hd_param));
  if (signature->params == NULL) {
    out_of_memory(&p);
    goto failed;
  }
  memcpy(signature->params, p.params, signature->count * sizeof(hd_param));
  return true;
failed:
  hd_signature_free(signature);
  return false;
}
