#include "signature.h"

#include <math.h>
#include <string.h>

bool hd_param_word(const hd_param *param, const char *word, size_t length) {
  if (param->words == NULL)
    return true;
  for (const char **allowed = param->words; *allowed != NULL; allowed++)
    if (strlen(*allowed) == length && memcmp(*allowed, word, length) == 0)
      return true;
  return false;
}

void hd_signature_free(hd_signature *signature) {
  hd_arena_free(&signature->arena, false);
  memset(signature, 0, sizeof(*signature));
}

bool hd_param_number(const hd_param *param, double number, heddle_value *argument) {
  if (param->type != HEDDLE_I32 && param->type != HEDDLE_U32 && param->type != HEDDLE_F64)
    return false; /* its bits would be an address */
  bool unbounded = isinf(param->least) && isinf(param->most);
  bool inside = number >= param->least && number <= param->most;
  if (!inside && !(isnan(number) && unbounded)) /* NaN is a number too */
    return false;
  memset(argument, 0, sizeof(*argument));
  argument->type = param->type;
  if (param->type == HEDDLE_F64) {
    argument->as.f64 = number;
    return true;
  }
  if (number != floor(number))
    return false;
  if (param->type == HEDDLE_I32)
    argument->as.i32 = (int32_t)number;
  else
    argument->as.u32 = (uint32_t)number;
  return true;
}

bool hd_param_takes(const hd_param *param, heddle_element element) {
  if (param->element == HEDDLE_ELEMENT_NONE)
    return element != HEDDLE_ELEMENT_F16;
  return param->element == HD_ELEMENT_ALL || param->element == element;
}

bool hd_param_convert(const hd_param *param, const heddle_value *value, heddle_value *argument) {
  *argument = *value;
  if (value->type == HEDDLE_STRING)
    argument->element = 0;
  if (value->type == HEDDLE_UNDEFINED && param->optional) { /* as when it is left out */
    if (param->has_default)
      *argument = param->fallback;
    return true;
  }
  switch (param->type) {
  case HEDDLE_I32:
  case HEDDLE_U32:
  case HEDDLE_F64:
    return value->type == HEDDLE_F64 && hd_param_number(param, value->as.f64, argument);
  case HEDDLE_BYTES:
    if (value->type == HEDDLE_ARRAY)
      argument->length = hd_value_bytes(value);
    argument->type = HEDDLE_BYTES;
    argument->element = 0;
    return value->type == HEDDLE_BYTES || value->type == HEDDLE_STRING ||
           value->type == HEDDLE_ARRAY;
  case HEDDLE_ARRAY:
    if (value->type == HEDDLE_BYTES) {
      argument->type = HEDDLE_ARRAY;
      argument->element = HEDDLE_ELEMENT_U8;
      return hd_param_takes(param, HEDDLE_ELEMENT_U8);
    }
    return value->type == HEDDLE_ARRAY && hd_param_takes(param, (heddle_element)value->element);
  case HEDDLE_STRING:
    return value->type == HEDDLE_STRING && hd_param_word(param, value->as.string, value->length);
  default:
    return value->type == param->type;
  }
}
