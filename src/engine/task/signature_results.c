/* Results: how signatures name them, and whether they are what was named. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "parser.h"

static bool add_kind(hd_parser *p, hd_kinds *kinds) {
  const hd_type_name *type = hd_parse_type(p);
  if (type == NULL)
    return false;
  kinds->types |= 1u << type->type;
  if (type->type == HEDDLE_ARRAY)
    kinds->elements |= type->element == HD_ELEMENT_ALL ? 1u : 1u << type->element;
  return true;
}

/* name [?] : type [| type]... */
static bool parse_result_field(hd_parser *p) {
  uint32_t count = p->signature->field_count;
  if (count == HD_MAX_FIELDS)
    return hd_parse_fail(p, "more than %d fields", HD_MAX_FIELDS);
  hd_field_kinds *field = &p->fields[count];
  if (!hd_parse_name(p, &field->name, &field->optional))
    return false;
  if (field->name == NULL)
    return hd_parse_fail(p, "a field of a record needs a name");
  for (uint32_t i = 0; i < count; i++)
    if (strcmp(p->fields[i].name, field->name) == 0)
      return hd_parse_fail(p, "two fields are called \"%s\"", field->name);
  do {
    if (!add_kind(p, &field->kinds))
      return false;
  } while (hd_parse_accept(p, '|'));
  p->signature->field_count++;
  uint32_t never = 1u << HEDDLE_UNDEFINED | 1u << HEDDLE_RECORD;
  return (field->kinds.types & never) == 0 ||
         hd_parse_fail(p, "a field is neither void nor a record");
}

static bool parse_record(hd_parser *p) {
  if (p->signature->field_count > 0)
    return hd_parse_fail(p, "a result has one record");
  do {
    if (!parse_result_field(p))
      return false;
  } while (hd_parse_accept(p, ','));
  p->signature->results.types |= 1u << HEDDLE_RECORD;
  return hd_parse_accept(p, '}') || hd_parse_fail(p, "\"}\" is missing");
}

bool hd_parse_results(hd_parser *p) {
  if (!hd_parse_accept(p, '-') || *p->at++ != '>')
    return hd_parse_fail(p, "\"->\" and a result are missing");
  do {
    if (!(hd_parse_accept(p, '{') ? parse_record(p) : add_kind(p, &p->signature->results)))
      return false;
  } while (hd_parse_accept(p, '|'));
  hd_parse_skip(p);
  return *p->at == '\0' || hd_parse_fail(p, "\"%s\" is left over", p->at);
}

/* ---- Whether they are what was named ---------------------------------------- */

enum { INTEGERS = 1 << HEDDLE_I32 | 1 << HEDDLE_U32 };

static bool number_fits(uint32_t types, double number) {
  if ((types & (1u << HEDDLE_F64)) != 0)
    return true;
  if (number != floor(number))
    return false;
  return ((types & (1u << HEDDLE_I32)) != 0 && number >= INT32_MIN && number <= INT32_MAX) ||
         ((types & (1u << HEDDLE_U32)) != 0 && number >= 0 && number <= UINT32_MAX);
}

static bool kinds_allow(const hd_kinds *kinds, const heddle_value *value) {
  switch (value->type) {
  case HEDDLE_F64:
    return number_fits(kinds->types, value->as.f64);
  case HEDDLE_ARRAY:
    return (kinds->types & (1u << HEDDLE_ARRAY)) != 0 &&
           (kinds->elements & (1u | 1u << value->element)) != 0;
  default:
    return value->type <= HEDDLE_RECORD && (kinds->types & (1u << value->type)) != 0;
  }
}

static const heddle_value *find_field(const hd_record *record, const char *name) {
  for (size_t i = 0; i < record->count; i++)
    if (strcmp(record->fields[i].name, name) == 0)
      return &record->fields[i].value;
  return NULL;
}

static bool record_fits(const hd_signature *signature, const hd_record *record, char *reason,
                        size_t size) {
  size_t known = 0;
  for (uint32_t i = 0; i < signature->field_count; i++) {
    const hd_field_kinds *field = &signature->fields[i];
    const heddle_value *value = find_field(record, field->name);
    known += value != NULL;
    if (value == NULL || value->type == HD_VALUE_NONE) {
      if (field->optional)
        continue;
      (void)snprintf(reason, size, "no field '%s', which its signature names", field->name);
      return false;
    }
    if (!kinds_allow(&field->kinds, value)) {
      (void)snprintf(reason, size, "%s as field '%s', which is not what its signature says",
                     hd_value_name(value), field->name);
      return false;
    }
  }
  if (known == record->count)
    return true;
  for (size_t i = 0; i < record->count; i++) {
    const char *name = record->fields[i].name;
    bool named = false;
    for (uint32_t k = 0; k < signature->field_count && !named; k++)
      named = strcmp(signature->fields[k].name, name) == 0;
    if (!named)
      (void)snprintf(reason, size, "a field '%.80s', which its signature does not name", name);
  }
  return false;
}

bool hd_signature_allows(const hd_signature *signature, const heddle_value *result, char *reason,
                         size_t size) {
  if (!kinds_allow(&signature->results, result)) {
    if (result->type == HEDDLE_F64 && (signature->results.types & INTEGERS) != 0)
      (void)snprintf(reason, size, "the number %.17g, which is not what its signature says",
                     result->as.f64);
    else
      (void)snprintf(reason, size, "%s, which its signature does not name", hd_value_name(result));
    return false;
  }
  if (result->type == HEDDLE_RECORD && signature->fields != NULL)
    return record_fits(signature, result->as.data, reason, size);
  return true;
}
