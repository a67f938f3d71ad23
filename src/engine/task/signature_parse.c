#include "parser.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = 32 };

static bool is_number(uint8_t type) {
  return type == HEDDLE_I32 || type == HEDDLE_U32 || type == HEDDLE_F64;
}

/* (least..most), either may be left out; the "(" is read. */
static bool parse_bounds(hd_parser *p, hd_param *param) {
  double lowest = param->least; /* of the type */
  double highest = param->most;
  hd_parse_skip(p);
  if (*p->at != '.' && !hd_parse_number(p, &param->least))
    return false;
  hd_parse_skip(p);
  if (p->at[0] != '.' || p->at[1] != '.')
    return hd_parse_fail(p, "bounds are written (least..most)");
  p->at += 2;
  hd_parse_skip(p);
  if (*p->at != ')' && !hd_parse_number(p, &param->most))
    return false;
  if (!hd_parse_accept(p, ')'))
    return hd_parse_fail(p, "\")\" is missing after the bounds");
  if (!(param->least <= param->most))
    return hd_parse_fail(p, "the bounds are empty");
  return (param->least >= lowest && param->most <= highest) ||
         hd_parse_fail(p, "the bounds are beyond the type's");
}

/* (word|word|...); the "(" is read. */
static bool parse_words(hd_parser *p, hd_param *param) {
  const char *words[MAX_WORDS];
  size_t count = 0;
  do {
    size_t length = hd_parse_word(p);
    if (length == 0)
      return hd_parse_fail(p, "a word must stand at \"%s\"", p->at);
    if (count == MAX_WORDS)
      return hd_parse_fail(p, "more than %d words", MAX_WORDS);
    words[count] = hd_parse_take_word(p, length);
    if (words[count++] == NULL)
      return hd_parse_no_memory(p);
  } while (hd_parse_accept(p, '|'));
  if (!hd_parse_accept(p, ')'))
    return hd_parse_fail(p, "\")\" is missing after the words");
  param->words = hd_arena_alloc(&p->signature->arena, (count + 1) * sizeof(*words));
  if (param->words == NULL)
    return hd_parse_no_memory(p);
  memcpy(param->words, words, count * sizeof(*words));
  param->words[count] = NULL;
  return true;
}

static bool parse_bigint(hd_parser *p, hd_param *param) {
  char text[40];
  char *end;
  size_t length = hd_parse_word(p);
  if (length == 0 || length >= sizeof(text))
    return hd_parse_fail(p, "a number must stand at \"%s\"", p->at);
  memcpy(text, p->at, length);
  text[length] = '\0';
  errno = 0;
  if (param->type == HEDDLE_I64)
    param->fallback.as.i64 = strtoll(text, &end, 10);
  else
    param->fallback.as.u64 = strtoull(text, &end, 10);
  if (end != text + length)
    return hd_parse_fail(p, "\"%s\" is not an integer", text);
  if (errno == ERANGE || (param->type == HEDDLE_U64 && text[0] == '-'))
    return hd_parse_fail(p, "the default is out of bounds");
  param->fallback.type = param->type;
  p->at += length;
  return true;
}

static bool parse_default(hd_parser *p, hd_param *param) {
  heddle_value *fallback = &param->fallback;
  if (param->type == HEDDLE_I64 || param->type == HEDDLE_U64) {
    if (!parse_bigint(p, param))
      return false;
  } else if (is_number(param->type)) {
    double number;
    if (!hd_parse_number(p, &number))
      return false;
    if (!hd_param_number(param, number, fallback))
      return hd_parse_fail(p, "the default is out of bounds");
  } else if (param->type == HEDDLE_BOOL || param->type == HEDDLE_STRING) {
    size_t length = hd_parse_word(p);
    const char *word = hd_parse_take_word(p, length);
    if (word == NULL)
      return hd_parse_no_memory(p);
    fallback->type = param->type;
    if (param->type == HEDDLE_STRING) {
      if (!hd_param_word(param, word, length))
        return hd_parse_fail(p, "the default \"%s\" is not among the words", word);
      fallback->as.string = word;
      fallback->length = length;
    } else {
      fallback->as.boolean = strcmp(word, "true") == 0;
      if (!fallback->as.boolean && strcmp(word, "false") != 0)
        return hd_parse_fail(p, "\"%s\" is neither true nor false", word);
    }
  } else {
    return hd_parse_fail(p, "only numbers, booleans and strings have defaults");
  }
  param->has_default = true;
  param->optional = true;
  return true;
}

/* Writes the words errors use for `param`. */
static bool set_expected(hd_parser *p, hd_param *param, const hd_type_name *type) {
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
  param->expected = hd_parse_copy(p, text);
  return param->expected != NULL || hd_parse_no_memory(p);
}

static bool set_label(hd_parser *p, hd_param *param) {
  char text[160];
  if (param->name == NULL)
    (void)snprintf(text, sizeof(text), "argument %u", (unsigned)p->signature->count);
  else
    (void)snprintf(text, sizeof(text), "%s \"%s\"", param->options ? "option" : "argument",
                   param->name);
  param->label = hd_parse_copy(p, text);
  return param->label != NULL || hd_parse_no_memory(p);
}

static hd_param *next_param(hd_parser *p) {
  if (p->signature->count == HD_MAX_PARAMS) {
    hd_parse_fail(p, "more than %d parameters", HD_MAX_PARAMS);
    return NULL;
  }
  hd_param *param = &p->params[p->signature->count++];
  memset(param, 0, sizeof(*param));
  param->least = -INFINITY;
  param->most = INFINITY;
  return param;
}

/* type, bounds and default of a parameter. */
static bool parse_rest(hd_parser *p, hd_param *param) {
  for (const hd_param *other = p->params; other < param && param->name != NULL; other++)
    if (other->name != NULL && strcmp(other->name, param->name) == 0)
      return hd_parse_fail(p, "two parameters are called \"%s\"", param->name);
  const hd_type_name *type = hd_parse_type(p);
  if (type == NULL)
    return false;
  if (type->type == HEDDLE_UNDEFINED || type->type == HEDDLE_NULL || type->type == HEDDLE_RECORD)
    return hd_parse_fail(p, "%s is for results only", type->name);
  param->type = type->type;
  param->element = type->element;
  if (param->type == HEDDLE_I32) {
    param->least = INT32_MIN;
    param->most = INT32_MAX;
  } else if (param->type == HEDDLE_U32) {
    param->least = 0;
    param->most = UINT32_MAX;
  }
  if (hd_parse_accept(p, '(')) {
    bool good = is_number(param->type)         ? parse_bounds(p, param)
                : param->type == HEDDLE_STRING ? parse_words(p, param)
                                               : hd_parse_fail(p, "%s takes no bounds", type->name);
    if (!good)
      return false;
  }
  if (hd_parse_accept(p, '=') && !parse_default(p, param))
    return false;
  return set_expected(p, param, type) && set_label(p, param);
}

static bool parse_field(hd_parser *p, const char *options) {
  hd_param *param = next_param(p);
  if (param == NULL)
    return false;
  if (!hd_parse_name(p, &param->name, &param->optional))
    return false;
  if (param->name == NULL)
    return hd_parse_fail(p, "a field of an options object needs a name");
  param->options = options;
  return parse_rest(p, param);
}

static bool parse_param(hd_parser *p) {
  const char *name;
  bool optional;
  if (!hd_parse_name(p, &name, &optional))
    return false;
  if (hd_parse_accept(p, '{')) {
    do {
      if (!parse_field(p, name == NULL ? "options" : name))
        return false;
    } while (hd_parse_accept(p, ','));
    return hd_parse_accept(p, '}') || hd_parse_fail(p, "\"}\" is missing");
  }
  hd_param *param = next_param(p);
  if (param == NULL)
    return false;
  param->name = name;
  param->optional = optional;
  return parse_rest(p, param);
}

static bool parse_params(hd_parser *p) {
  hd_parse_skip(p);
  if (p->at[0] == '-' && p->at[1] == '>')
    return true;
  bool was_optional = false;
  do {
    uint32_t first = p->signature->count;
    if (first > 0 && p->params[first - 1].options != NULL)
      return hd_parse_fail(p, "an options object must come last");
    if (!parse_param(p))
      return false;
    const hd_param *param = &p->params[first];
    if (was_optional && param->options == NULL && !param->optional)
      return hd_parse_fail(p, "a required parameter follows an optional one");
    was_optional = param->optional;
  } while (hd_parse_accept(p, ','));
  return true;
}

/* Moves what was parsed into memory of the signature. */
static bool keep(hd_parser *p) {
  hd_signature *signature = p->signature;
  size_t params = signature->count * sizeof(*p->params);
  size_t fields = signature->field_count * sizeof(*p->fields);
  signature->params = hd_arena_alloc(&signature->arena, params);
  if (signature->params == NULL)
    return hd_parse_no_memory(p);
  memcpy(signature->params, p->params, params);
  if (fields == 0)
    return true;
  signature->fields = hd_arena_alloc(&signature->arena, fields);
  if (signature->fields == NULL)
    return hd_parse_no_memory(p);
  memcpy(signature->fields, p->fields, fields);
  return true;
}

bool hd_signature_parse(hd_signature *signature, const char *text, char *problem, size_t size) {
  hd_parser p = {.at = text, .signature = signature, .problem = problem, .problem_size = size};
  memset(signature, 0, sizeof(*signature));
  if (parse_params(&p) && hd_parse_results(&p) && keep(&p))
    return true;
  hd_signature_free(signature);
  return false;
}
