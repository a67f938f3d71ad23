#include "result.h"

#include <string.h>

#include "alloc.h"
#include "call.h"

static bool is_secret(const hd_call *call) {
  return (call->definition->task->flags & HEDDLE_SECRET) != 0;
}

/* Where the next result goes: the call's result, or the record's field. NULL
 * when an error was set. The place is empty. */
static heddle_value *place_of(hd_call *call) {
  if (call->result.type == HD_VALUE_ERROR)
    return NULL;
  heddle_value *place = &call->result;
  if (call->result.type == HEDDLE_RECORD) {
    hd_record *record = (hd_record *)call->result.as.data;
    place = &record->fields[call->field].value;
  }
  hd_value_free(place, is_secret(call));
  return place;
}

static hd_record *record_of(hd_call *call) {
  if (call->result.type == HEDDLE_RECORD)
    return (hd_record *)call->result.as.data;
  hd_record *record = hd_calloc(1, sizeof(*record));
  if (record == NULL)
    return NULL;
  hd_value_free(&call->result, is_secret(call));
  call->result.type = HEDDLE_RECORD;
  call->result.as.data = record;
  return record;
}

static bool record_add(hd_record *record, const char *name) {
  if (record->count == record->capacity) {
    size_t capacity = record->capacity == 0 ? 4 : record->capacity * 2;
    hd_field *fields = hd_realloc(record->fields, capacity * sizeof(*fields));
    if (fields == NULL)
      return false;
    record->fields = fields;
    record->capacity = capacity;
  }
  size_t size = strlen(name) + 1;
  char *copy = hd_malloc(size);
  if (copy == NULL)
    return false;
  memcpy(copy, name, size);
  hd_field *field = &record->fields[record->count++];
  *field = (hd_field){.name = copy, .value = {.type = HD_VALUE_NONE}};
  return true;
}

void hd_result_field(heddle_call *base, const char *name) {
  hd_call *call = (hd_call *)base;
  if (call->result.type == HD_VALUE_ERROR)
    return;
  if (name == NULL) {
    (void)heddle_error(base, "ERR_HEDDLE_RESULT", "%s: a field of a record needs a name",
                       call->definition->task->name);
    return;
  }
  hd_record *record = record_of(call);
  if (record == NULL) {
    (void)hd_call_no_memory(call);
    return;
  }
  size_t i = 0;
  while (i < record->count && strcmp(record->fields[i].name, name) != 0)
    i++;
  if (i == HD_MAX_FIELDS) {
    (void)heddle_error(base, "ERR_HEDDLE_RESULT", "%s: a record has at most %d fields",
                       call->definition->task->name, HD_MAX_FIELDS);
    return;
  }
  if (i == record->count && !record_add(record, name))
    (void)hd_call_no_memory(call);
  call->field = i;
}

void hd_result_set(heddle_call *base, const heddle_value *value) {
  heddle_value *place = place_of((hd_call *)base);
  if (place == NULL)
    return;
  switch (value->type) {
  case HEDDLE_NULL:
  case HEDDLE_BOOL:
  case HEDDLE_F64:
  case HEDDLE_I64:
  case HEDDLE_U64:
    *place = *value;
    break;
  case HEDDLE_I32: /* JavaScript has one kind of number */
    place->type = HEDDLE_F64;
    place->as.f64 = value->as.i32;
    break;
  case HEDDLE_U32:
    place->type = HEDDLE_F64;
    place->as.f64 = value->as.u32;
    break;
  default: /* data has functions of its own, which own what they are given */
    (void)heddle_error(base, "ERR_HEDDLE_RESULT", "%s: a result of type %d cannot be set so",
                       ((hd_call *)base)->definition->task->name, value->type);
  }
}

static void *data_result(heddle_call *base, heddle_type type, heddle_element element, size_t size,
                         size_t length) {
  heddle_value *place = place_of((hd_call *)base);
  if (place == NULL)
    return NULL;
  void *data = hd_malloc(size);
  if (data == NULL) {
    (void)hd_call_no_memory((hd_call *)base);
    return NULL;
  }
  place->type = (uint8_t)type;
  place->element = (uint8_t)element;
  place->as.data = data;
  place->length = length;
  return data;
}

void *hd_result_bytes(heddle_call *base, size_t length) {
  return data_result(base, HEDDLE_BYTES, HEDDLE_ELEMENT_NONE, length, length);
}

void *hd_result_array(heddle_call *base, heddle_element element, size_t length) {
  size_t size = element == HEDDLE_ELEMENT_NONE ? 0 : heddle_element_size(element);
  if (size == 0) {
    (void)heddle_error(base, "ERR_HEDDLE_RESULT", "%s: there are no typed arrays of element %d",
                       ((hd_call *)base)->definition->task->name, (int)element);
    return NULL;
  }
  if (length > SIZE_MAX / size) {
    (void)hd_call_no_memory((hd_call *)base);
    return NULL;
  }
  return data_result(base, HEDDLE_ARRAY, element, length * size, length);
}

heddle_status hd_result_string(heddle_call *base, const char *utf8, size_t length) {
  hd_call *call = (hd_call *)base;
  if (length == SIZE_MAX)
    return hd_call_no_memory(call);
  char *data;
  if (length < HD_SHORT && call->room != NULL && call->result.type == HD_VALUE_NONE) {
    data = call->room; /* what is allocated here is freed on another thread, which costs more */
    call->result = (heddle_value){.type = HEDDLE_STRING, .element = HD_IN_ROOM, .length = length};
    call->result.as.string = data;
  } else {
    data = data_result(base, HEDDLE_STRING, HEDDLE_ELEMENT_NONE, length + 1, length);
  }
  if (data == NULL)
    return HEDDLE_FAILED;
  if (length > 0)
    memcpy(data, utf8, length);
  data[length] = '\0';
  return HEDDLE_OK;
}

void *hd_result_resize(heddle_call *base, size_t length) {
  hd_call *call = (hd_call *)base;
  heddle_value *place = &call->result;
  if (place->type == HEDDLE_RECORD)
    place = &((hd_record *)place->as.data)->fields[call->field].value;
  if (place->type != HEDDLE_BYTES) {
    (void)heddle_error(base, "ERR_HEDDLE_RESULT", "%s: there is no Buffer to resize",
                       call->definition->task->name);
    return NULL;
  }
  void *data;
  if (is_secret(call)) { /* realloc would leave a copy behind */
    data = hd_malloc(length);
    if (data != NULL) {
      memcpy(data, place->as.data, length < place->length ? length : place->length);
      hd_value_free(place, true);
      place->type = HEDDLE_BYTES;
    }
  } else {
    data = hd_realloc((void *)place->as.data, length);
  }
  if (data == NULL) {
    (void)hd_call_no_memory(call);
    return NULL;
  }
  place->as.data = data;
  place->length = length;
  return data;
}
