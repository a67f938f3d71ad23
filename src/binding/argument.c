/* A JavaScript value to an argument in C. JavaScript has checked it and chosen
 * the words for errors; here everything is checked again that could corrupt
 * memory. */
#include "argument.h"

#include <string.h>

/* Tags of arguments; lib/task/plan.js has the same list. */
enum {
  TAG_UNDEFINED,
  TAG_NUMBER,
  TAG_BOOLEAN,
  TAG_STRING,
  TAG_VALUE,
  TAG_FILE,
  TAG_PREVIOUS,
  TAG_FIXED, /* a value whose memory cannot go: shared, or nobody else's */
  /* The same of a Float16Array, as a Uint16Array of its memory: not every
   * Node-API knows it. */
  TAG_HALF,
  TAG_FIXED_HALF
};

bool hd_reader_bad(hd_reader *r) {
  (void)hd_throw(r->env, "ERR_HEDDLE_NODE_API", "an argument changed after it was checked");
  return false;
}

bool hd_reader_no_memory(hd_reader *r) {
  (void)hd_throw(r->env, "ERR_HEDDLE_NO_MEMORY", "out of memory");
  return false;
}

bool hd_reader_next(hd_reader *r, double *word) {
  if (r->at >= r->plan->length)
    return hd_reader_bad(r);
  *word = r->plan->words[r->at++];
  return true;
}

/* A copy as UTF-8 with a NUL behind it. */
static bool copy_string(hd_reader *r, napi_value value, heddle_value *argument) {
  char small[256];
  size_t length;
  if (!hd_ok(r->env, napi_get_value_string_utf8(r->env, value, small, sizeof(small), &length)))
    return false;
  bool whole = length + 4 < sizeof(small); /* a character takes at most 4 bytes */
  if (!whole && !hd_ok(r->env, napi_get_value_string_utf8(r->env, value, NULL, 0, &length)))
    return false;
  char *copy = hd_arena_alloc(&r->batch->arena, length + 1);
  if (copy == NULL)
    return hd_reader_no_memory(r);
  if (whole) {
    memcpy(copy, small, length + 1);
  } else if (!hd_ok(r->env, napi_get_value_string_utf8(r->env, value, copy, length + 1, &length))) {
    return false;
  }
  argument->as.string = copy;
  argument->length = length;
  return true;
}

static bool is_value(hd_reader *r, double index) {
  return (index >= 0 && index < r->plan->value_count) || hd_reader_bad(r);
}

static bool get_value(hd_reader *r, double index, napi_value *value) {
  if (!is_value(r, index))
    return false;
  if (r->plan->given != NULL) {
    *value = r->plan->given[(size_t)index];
    return true;
  }
  return hd_ok(r->env, napi_get_element(r->env, r->plan->values, (uint32_t)index, value));
}

static bool read_string(hd_reader *r, double index, uint8_t type, heddle_value *argument) {
  napi_value value;
  if (!is_value(r, index))
    return false;
  heddle_value *known = &r->strings[(size_t)index];
  if (known->type == HEDDLE_UNDEFINED) {
    if (!get_value(r, index, &value) || !copy_string(r, value, known))
      return false;
    known->type = HEDDLE_STRING;
  }
  *argument = *known;
  argument->type = type;
  return true;
}

static heddle_element element_of(napi_typedarray_type type) {
  static const uint8_t elements[] = {HEDDLE_ELEMENT_I8,  HEDDLE_ELEMENT_U8,  HEDDLE_ELEMENT_U8C,
                                     HEDDLE_ELEMENT_I16, HEDDLE_ELEMENT_U16, HEDDLE_ELEMENT_I32,
                                     HEDDLE_ELEMENT_U32, HEDDLE_ELEMENT_F32, HEDDLE_ELEMENT_F64,
                                     HEDDLE_ELEMENT_I64, HEDDLE_ELEMENT_U64};
  return (size_t)type < sizeof(elements) ? (heddle_element)elements[type] : HEDDLE_ELEMENT_NONE;
}

/* Memory that was transferred looks as if it were empty. */
static bool note_detached(hd_reader *r, const hd_param *param, napi_value buffer) {
  bool detached;
  if (!hd_ok(r->env, napi_is_detached_arraybuffer(r->env, buffer, &detached)))
    return false;
  if (detached && r->detached == NULL)
    r->detached = param;
  return true;
}

/* A copy of memory that may be freed while a thread reads it, or NULL: then it is
 * read where it is, and must stay. */
static const void *copy_data(hd_reader *r, const void *data, size_t size) {
  if (size == 0 || size > r->copied)
    return NULL;
  size_t place = ((uintptr_t)data >> 4 ^ (uintptr_t)data >> 12) % HD_KNOWN_COPIES;
  hd_known_copy *known = &r->known[place];
  if (known->origin == data && known->size >= size)
    return known->copy;
  void *copy = hd_copies_take(&r->environment->copies, &r->pin->copies, size);
  if (copy == NULL)
    return NULL;
  memcpy(copy, data, size);
  *known = (hd_known_copy){.origin = data, .copy = copy, .size = size};
  return copy;
}

static bool read_array(hd_reader *r, const hd_param *param, napi_value value, int tag,
                       heddle_value *argument) {
  bool fixed = tag == TAG_FIXED || tag == TAG_FIXED_HALF;
  napi_typedarray_type type;
  size_t length;
  void *data;
  napi_value buffer;
  if (!hd_ok(r->env,
             napi_get_typedarray_info(r->env, value, &type, &length, &data, &buffer, NULL)) ||
      (length == 0 && !note_detached(r, param, buffer)))
    return false;
  heddle_element element = element_of(type);
  if (tag == TAG_HALF || tag == TAG_FIXED_HALF)
    element = element == HEDDLE_ELEMENT_U16 ? HEDDLE_ELEMENT_F16 : HEDDLE_ELEMENT_NONE;
  if (element == HEDDLE_ELEMENT_NONE)
    return hd_reader_bad(r);
  if (param->type == HEDDLE_BYTES) {
    length *= heddle_element_size(element);
    element = HEDDLE_ELEMENT_NONE;
  } else if (!hd_param_takes(param, element)) {
    return hd_reader_bad(r);
  }
  argument->type = param->type;
  argument->element = (uint8_t)element;
  argument->length = length;
  if (element != HEDDLE_ELEMENT_NONE)
    length *= heddle_element_size(element);
  const void *copy = fixed ? NULL : copy_data(r, data, length);
  argument->as.data = copy != NULL ? copy : (length == 0 ? NULL : data);
  r->pinned = r->pinned || (copy == NULL && length > 0);
  return true;
}

static bool read_bigint(hd_reader *r, const hd_param *param, napi_value value,
                        heddle_value *argument) {
  bool lossless = false;
  argument->type = param->type;
  napi_status status =
      param->type == HEDDLE_I64
          ? napi_get_value_bigint_int64(r->env, value, &argument->as.i64, &lossless)
          : napi_get_value_bigint_uint64(r->env, value, &argument->as.u64, &lossless);
  return hd_ok(r->env, status) && (lossless || hd_reader_bad(r));
}

static bool read_value(hd_reader *r, const hd_param *param, double index, int tag,
                       heddle_value *argument) {
  napi_value value;
  if (!get_value(r, index, &value))
    return false;
  switch (param->type) {
  case HEDDLE_BYTES:
  case HEDDLE_ARRAY:
    return read_array(r, param, value, tag, argument);
  case HEDDLE_I64:
  case HEDDLE_U64:
    return read_bigint(r, param, value, argument);
  default:
    return hd_reader_bad(r);
  }
}

/* A path: a string, or bytes that need not be UTF-8. */
static bool read_file(hd_reader *r, const hd_param *param, double index, heddle_value *argument) {
  napi_value value;
  napi_valuetype type;
  heddle_value bytes = {0};
  if (param->type != HEDDLE_BYTES)
    return hd_reader_bad(r);
  if (!get_value(r, index, &value) || !hd_ok(r->env, napi_typeof(r->env, value, &type)))
    return false;
  if (type == napi_string)
    return read_string(r, index, HEDDLE_FILE, argument);
  if (!read_array(r, param, value, TAG_FIXED, &bytes))
    return false;
  char *copy = hd_arena_alloc(&r->batch->arena, bytes.length + 1);
  if (copy == NULL)
    return hd_reader_no_memory(r);
  if (bytes.length > 0)
    memcpy(copy, bytes.as.data, bytes.length);
  copy[bytes.length] = '\0';
  argument->type = HEDDLE_FILE;
  argument->as.string = copy;
  argument->length = bytes.length;
  return true;
}

bool hd_argument_read(hd_reader *r, const hd_param *param, heddle_value *argument) {
  double tag;
  double payload;
  if (!hd_reader_next(r, &tag) || !hd_reader_next(r, &payload))
    return false;
  memset(argument, 0, sizeof(*argument));
  switch (tag >= 0 && tag <= TAG_FIXED_HALF ? (int)tag : -1) {
  case TAG_UNDEFINED:
    argument->type = HEDDLE_UNDEFINED;
    return param->optional || hd_reader_bad(r);
  case TAG_NUMBER:
    return hd_param_number(param, payload, argument) || hd_reader_bad(r);
  case TAG_BOOLEAN:
    argument->type = HEDDLE_BOOL;
    argument->as.boolean = payload != 0;
    return param->type == HEDDLE_BOOL || hd_reader_bad(r);
  case TAG_STRING:
    if (param->type != HEDDLE_STRING && param->type != HEDDLE_BYTES)
      return hd_reader_bad(r);
    return read_string(r, payload, param->type, argument);
  case TAG_VALUE:
  case TAG_FIXED:
  case TAG_HALF:
  case TAG_FIXED_HALF:
    return read_value(r, param, payload, (int)tag, argument);
  case TAG_FILE:
    return read_file(r, param, payload, argument);
  case TAG_PREVIOUS:
    argument->type = HD_VALUE_PREVIOUS;
    return true;
  default:
    return hd_reader_bad(r);
  }
}
