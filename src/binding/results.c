/* C values to JavaScript: results and errors. */
#include "environment.h"

#include <string.h>

#include "alloc.h"

/* Results up to this size are copied into ordinary buffers, which cost less
 * than external ones and can be transferred. */
enum { COPY_BYTES = 64 * 1024 };

static void free_external(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  hd_free(data);
}

static bool is_ascii(const char *text, size_t length) {
  unsigned char seen = 0;
  for (size_t i = 0; i < length; i++)
    seen |= (unsigned char)text[i];
  return seen < 0x80;
}

static napi_status make_string(napi_env env, const heddle_value *value, napi_value *made) {
  /* Short strings are mostly digests: Latin-1 is the shorter way for them. */
  if (value->length <= 256 && is_ascii(value->as.string, value->length))
    return napi_create_string_latin1(env, value->as.string, value->length, made);
  return napi_create_string_utf8(env, value->as.string, value->length, made);
}

static napi_status make_buffer(napi_env env, heddle_value *value, size_t size, napi_value *made) {
  void *data = (void *)value->as.data;
  if (size > COPY_BYTES) {
    napi_status status = napi_create_external_buffer(env, size, data, free_external, NULL, made);
    /* What makes the buffer also frees the data when it fails: because there
     * is more of it than a buffer holds, say. Refused outright, they are ours. */
    if (status == napi_ok || status == napi_generic_failure)
      value->as.data = NULL;
    if (status != napi_no_external_buffers_allowed)
      return status;
  }
  return napi_create_buffer_copy(env, size, size == 0 ? "" : data, NULL, made);
}

static napi_status make_array_buffer(napi_env env, heddle_value *value, size_t size,
                                     napi_value *made) {
  void *copy;
  napi_value buffer;
  napi_status status;
  if (size > COPY_BYTES) {
    /* Not napi_create_arraybuffer(): it ends the process where memory is short. */
    status = make_buffer(env, value, size, &buffer);
    return status == napi_ok ? napi_get_typedarray_info(env, buffer, NULL, NULL, NULL, made, NULL)
                             : status;
  }
  status = napi_create_arraybuffer(env, size, &copy, made);
  if (status == napi_ok && size > 0)
    memcpy(copy, value->as.data, size);
  return status;
}

/* Where Node-API does not know them, by their constructor. */
static napi_status make_float16_array(napi_env env, size_t length, napi_value buffer,
                                      napi_value *made) {
  const napi_typedarray_type float16_array = (napi_typedarray_type)11;
  napi_status status = napi_create_typedarray(env, float16_array, length, buffer, 0, made);
  if (status != napi_invalid_arg)
    return status;
  napi_value global;
  napi_value constructor;
  status = napi_get_global(env, &global);
  if (status == napi_ok)
    status = napi_get_named_property(env, global, "Float16Array", &constructor);
  return status == napi_ok ? napi_new_instance(env, constructor, 1, &buffer, made) : status;
}

static napi_status make_typed_array(napi_env env, heddle_value *value, napi_value *made) {
  static const napi_typedarray_type types[] = {
      napi_uint8_array,   napi_int8_array,    napi_uint8_array,    napi_uint8_clamped_array,
      napi_int16_array,   napi_uint16_array,  napi_int32_array,    napi_uint32_array,
      napi_float32_array, napi_float64_array, napi_bigint64_array, napi_biguint64_array};
  size_t size = value->length * heddle_element_size((heddle_element)value->element);
  napi_value buffer;
  napi_status status = make_array_buffer(env, value, size, &buffer);
  if (status != napi_ok)
    return status;
  if (value->element == HEDDLE_ELEMENT_F16)
    return make_float16_array(env, value->length, buffer, made);
  return napi_create_typedarray(env, types[value->element], value->length, buffer, 0, made);
}

static napi_status make_record(napi_env env, heddle_value *value, napi_value *made) {
  hd_record *record = (hd_record *)value->as.data;
  napi_status status = napi_create_object(env, made);
  for (size_t i = 0; i < record->count && status == napi_ok; i++) {
    napi_value field;
    status = hd_result_value(env, &record->fields[i].value, &field);
    /* Not an assignment: the name may be __proto__. */
    napi_property_descriptor property = {
        .utf8name = record->fields[i].name, .value = field, .attributes = napi_default_jsproperty};
    if (status == napi_ok)
      status = napi_define_properties(env, *made, 1, &property);
  }
  return status;
}

napi_status hd_result_value(napi_env env, heddle_value *value, napi_value *made) {
  switch (value->type) {
  case HEDDLE_NULL:
    return napi_get_null(env, made);
  case HEDDLE_BOOL:
    return napi_get_boolean(env, value->as.boolean != 0, made);
  case HEDDLE_F64:
    return napi_create_double(env, value->as.f64, made);
  case HEDDLE_I64:
    return napi_create_bigint_int64(env, value->as.i64, made);
  case HEDDLE_U64:
    return napi_create_bigint_uint64(env, value->as.u64, made);
  case HEDDLE_STRING:
    return make_string(env, value, made);
  case HEDDLE_BYTES:
    return make_buffer(env, value, value->length, made);
  case HEDDLE_ARRAY:
    return make_typed_array(env, value, made);
  case HEDDLE_RECORD:
    return make_record(env, value, made);
  default:
    return napi_get_undefined(env, made);
  }
}

static napi_status put_text(napi_env env, napi_value list, uint32_t index, const char *text) {
  napi_value value;
  napi_status status = text == NULL ? napi_get_undefined(env, &value)
                                    : napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
  return status == napi_ok ? napi_set_element(env, list, index, value) : status;
}

static napi_status put_number(napi_env env, napi_value list, uint32_t index, double number) {
  napi_value value;
  napi_status status = napi_create_double(env, number, &value);
  return status == napi_ok ? napi_set_element(env, list, index, value) : status;
}

napi_status hd_result_error(napi_env env, const hd_error *error, napi_value *made) {
  napi_status status = napi_create_array(env, made);
  if (status == napi_ok)
    status = put_number(env, *made, 0, error->kind);
  if (status == napi_ok)
    status = put_number(env, *made, 1, error->system);
  if (status == napi_ok)
    status = put_text(env, *made, 2, error->code);
  if (status == napi_ok)
    status = put_text(env, *made, 3, error->message);
  if (status == napi_ok)
    status = put_number(env, *made, 4, error->number);
  if (status == napi_ok)
    status = put_text(env, *made, 5, error->syscall);
  if (status == napi_ok)
    status = put_text(env, *made, 6, error->path);
  return status;
}
