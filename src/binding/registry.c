/* The tasks that this library brings, process-wide and immutable once parsed,
 * and their description for JavaScript. */
#include "environment.h"

#include <stdio.h>
#include <uv.h>

#include "alloc.h"
#include "pin.h"
#include "tasks.h"

static uv_once_t once = UV_ONCE_INIT;
static hd_definition *definitions;
static size_t definition_count;
static char problem[256];

static void parse_all(void) {
  /* Node unloads an addon that only a worker had loaded: this would be lost, and
   * parsed again for the next one. Without the pin, only that. */
  (void)hd_pin_library();
  const heddle_module *module = hd_builtin_module();
  definitions = hd_calloc(module->count, sizeof(*definitions));
  if (definitions == NULL) {
    (void)snprintf(problem, sizeof(problem), "out of memory");
    return;
  }
  for (size_t i = 0; i < module->count; i++) {
    char reason[160];
    definitions[i].task = &module->tasks[i];
    if (!hd_signature_parse(&definitions[i].signature, module->tasks[i].signature, reason,
                            sizeof(reason))) {
      (void)snprintf(problem, sizeof(problem), "signature of %s: %s", module->tasks[i].name,
                     reason);
      return;
    }
  }
  definition_count = module->count;
}

const char *hd_registry_init(void) {
  uv_once(&once, parse_all);
  return problem[0] == '\0' ? NULL : problem;
}

const hd_definition *hd_registry_find(double id) {
  if (!(id >= 0 && id < (double)definition_count))
    return NULL;
  return &definitions[(size_t)id];
}

/* ---- Description -------------------------------------------------------- */

static bool set_text(napi_env env, napi_value object, const char *key, const char *text) {
  napi_value value;
  if (text == NULL)
    return true;
  return hd_ok(env, napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value)) &&
         hd_ok(env, napi_set_named_property(env, object, key, value));
}

static bool set_number(napi_env env, napi_value object, const char *key, double number) {
  napi_value value;
  return hd_ok(env, napi_create_double(env, number, &value)) &&
         hd_ok(env, napi_set_named_property(env, object, key, value));
}

static bool set_bool(napi_env env, napi_value object, const char *key, bool boolean) {
  napi_value value;
  return hd_ok(env, napi_get_boolean(env, boolean, &value)) &&
         hd_ok(env, napi_set_named_property(env, object, key, value));
}

static bool set_default(napi_env env, napi_value object, const heddle_value *fallback) {
  switch (fallback->type) {
  case HEDDLE_BOOL:
    return set_bool(env, object, "default", fallback->as.boolean != 0);
  case HEDDLE_I32:
    return set_number(env, object, "default", fallback->as.i32);
  case HEDDLE_U32:
    return set_number(env, object, "default", fallback->as.u32);
  case HEDDLE_F64:
    return set_number(env, object, "default", fallback->as.f64);
  default:
    return set_text(env, object, "default", fallback->as.string);
  }
}

static bool set_words(napi_env env, napi_value object, const char **words) {
  napi_value list;
  if (words == NULL)
    return true;
  if (!hd_ok(env, napi_create_array(env, &list)))
    return false;
  for (uint32_t i = 0; words[i] != NULL; i++) {
    napi_value word;
    if (!hd_ok(env, napi_create_string_utf8(env, words[i], NAPI_AUTO_LENGTH, &word)) ||
        !hd_ok(env, napi_set_element(env, list, i, word)))
      return false;
  }
  return hd_ok(env, napi_set_named_property(env, object, "words", list));
}

static bool describe_param(napi_env env, const hd_param *param, napi_value *made) {
  return hd_ok(env, napi_create_object(env, made)) && set_text(env, *made, "name", param->name) &&
         set_text(env, *made, "options", param->options) &&
         set_text(env, *made, "label", param->label) &&
         set_text(env, *made, "expected", param->expected) &&
         set_number(env, *made, "type", param->type) &&
         set_number(env, *made, "element", param->element) &&
         set_bool(env, *made, "optional", param->optional) &&
         set_number(env, *made, "least", param->least) &&
         set_number(env, *made, "most", param->most) && set_words(env, *made, param->words) &&
         (!param->has_default || set_default(env, *made, &param->fallback));
}

static bool describe_params(napi_env env, const hd_signature *signature, napi_value *list) {
  if (!hd_ok(env, napi_create_array_with_length(env, signature->count, list)))
    return false;
  for (uint32_t i = 0; i < signature->count; i++) {
    napi_value param;
    if (!describe_param(env, &signature->params[i], &param) ||
        !hd_ok(env, napi_set_element(env, *list, i, param)))
      return false;
  }
  return true;
}

napi_value hd_registry_describe(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value list;
  if (!hd_ok(env, napi_create_array_with_length(env, definition_count, &list)))
    return NULL;
  for (size_t i = 0; i < definition_count; i++) {
    const hd_definition *definition = &definitions[i];
    napi_value object;
    napi_value params;
    if (!hd_ok(env, napi_create_object(env, &object)) ||
        !set_text(env, object, "name", definition->task->name) ||
        !set_text(env, object, "signature", definition->task->signature) ||
        !set_number(env, object, "id", (double)i) ||
        !set_number(env, object, "flags", definition->task->flags) ||
        !describe_params(env, &definition->signature, &params) ||
        !hd_ok(env, napi_set_named_property(env, object, "params", params)) ||
        !hd_ok(env, napi_set_element(env, list, (uint32_t)i, object)))
      return NULL;
  }
  return list;
}
