#include "value.h"

#include <string.h>

#include "alloc.h"

const hd_error hd_error_no_memory = {
    .kind = HEDDLE_HEDDLE_ERROR, .code = "ERR_HEDDLE_NO_MEMORY", .message = "out of memory"};

static size_t text_size(const char *text) {
  return text == NULL ? 0 : strlen(text) + 1;
}

/* Copies `text` to `*end` and moves it on. */
static const char *text_put(char **end, const char *text) {
  if (text == NULL)
    return NULL;
  size_t size = strlen(text) + 1;
  const char *copy = memcpy(*end, text, size);
  *end += size;
  return copy;
}

void hd_value_error(heddle_value *value, const hd_error *error) {
  const hd_error *made = &hd_error_no_memory;
  if (error != &hd_error_no_memory) {
    size_t size = sizeof(*error) + text_size(error->code) + text_size(error->message) +
                  text_size(error->syscall) + text_size(error->path);
    hd_error *copy = hd_malloc(size);
    if (copy != NULL) {
      char *end = (char *)(copy + 1);
      *copy = *error;
      copy->code = text_put(&end, error->code);
      copy->message = text_put(&end, error->message);
      copy->syscall = text_put(&end, error->syscall);
      copy->path = text_put(&end, error->path);
      made = copy;
    }
  }
  memset(value, 0, sizeof(*value));
  value->type = HD_VALUE_ERROR;
  value->as.data = made;
}

size_t hd_value_bytes(const heddle_value *value) {
  switch (value->type) {
  case HEDDLE_STRING:
  case HEDDLE_BYTES:
    return value->length;
  case HEDDLE_ARRAY:
    return value->length * heddle_element_size((heddle_element)value->element);
  case HEDDLE_RECORD: {
    const hd_record *record = value->as.data;
    size_t bytes = sizeof(*record) + record->capacity * sizeof(hd_field);
    for (size_t i = 0; i < record->count; i++)
      bytes += hd_value_bytes(&record->fields[i].value);
    return bytes;
  }
  default:
    return 0;
  }
}

void hd_value_free(heddle_value *value, bool wipe) {
  switch (value->type) {
  case HEDDLE_STRING:
  case HEDDLE_BYTES:
  case HEDDLE_ARRAY:
    if (value->type == HEDDLE_STRING && value->element == HD_IN_ROOM)
      break;
    if (wipe && value->as.data != NULL)
      hd_wipe((void *)value->as.data, hd_value_bytes(value));
    hd_free((void *)value->as.data);
    break;
  case HD_VALUE_ERROR:
    if (value->as.data != &hd_error_no_memory)
      hd_free((void *)value->as.data);
    break;
  case HEDDLE_RECORD: {
    hd_record *record = (hd_record *)value->as.data;
    for (size_t i = 0; i < record->count; i++) {
      hd_value_free(&record->fields[i].value, wipe);
      hd_free(record->fields[i].name);
    }
    hd_free(record->fields);
    hd_free(record);
    break;
  }
  default:
    break;
  }
  memset(value, 0, sizeof(*value));
  value->type = HD_VALUE_NONE;
}

const char *hd_value_name(const heddle_value *value) {
  static const char *const arrays[] = {"a typed array",       "an Int8Array",    "a Uint8Array",
                                       "a Uint8ClampedArray", "an Int16Array",   "a Uint16Array",
                                       "an Int32Array",       "a Uint32Array",   "a Float32Array",
                                       "a Float64Array",      "a BigInt64Array", "a BigUint64Array",
                                       "a Float16Array"};
  switch (value->type) {
  case HEDDLE_UNDEFINED:
    return "undefined";
  case HEDDLE_NULL:
    return "null";
  case HEDDLE_BOOL:
    return "a boolean";
  case HEDDLE_I32:
  case HEDDLE_U32:
  case HEDDLE_F64:
    return "a number";
  case HEDDLE_I64:
  case HEDDLE_U64:
    return "a bigint";
  case HEDDLE_STRING:
    return "a string";
  case HEDDLE_BYTES:
    return "a Buffer";
  case HEDDLE_ARRAY:
    return arrays[value->element];
  case HEDDLE_FILE:
    return "a file";
  case HEDDLE_RECORD:
    return "an object";
  default:
    return "nothing";
  }
}
