/* The tasks that there are, described for JavaScript: those that the addon
 * brings, and those of plugins. */
#include "environment.h"

#include <stdio.h>
#include <uv.h>

#include "alloc.h"
#include "library.h"
#include "own_threads.h"
#include "pin.h"
#include "tasks.h"

/* Process-wide, set once. */
static uv_once_t once = UV_ONCE_INIT;
static const hd_library *builtin;
static hd_problem problem;

static void init(void) {
  /* Node unloads an addon that only a worker had loaded: the table of libraries
   * would be lost. Without the pin, only that. */
  (void)hd_pin_library();
  builtin = hd_library_builtin(hd_builtin_module(), hd_threads_stop, &problem);
}

const char *hd_registry_init(void) {
  uv_once(&once, init);
  return builtin == NULL ? problem.words : NULL;
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
  napi_value value;
  switch (fallback->type) {
  case HEDDLE_BOOL:
    return set_bool(env, object, "default", fallback->as.boolean != 0);
  case HEDDLE_I32:
    return set_number(env, object, "default", fallback->as.i32);
  case HEDDLE_U32:
    return set_number(env, object, "default", fallback->as.u32);
  case HEDDLE_F64:
    return set_number(env, object, "default", fallback->as.f64);
  case HEDDLE_I64:
    return hd_ok(env, napi_create_bigint_int64(env, fallback->as.i64, &value)) &&
           hd_ok(env, napi_set_named_property(env, object, "default", value));
  case HEDDLE_U64:
    return hd_ok(env, napi_create_bigint_uint64(env, fallback->as.u64, &value)) &&
           hd_ok(env, napi_set_named_property(env, object, "default", value));
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

static bool describe_task(napi_env env, const hd_library *library, size_t index, napi_value *made) {
  const hd_definition *definition = &library->definitions[index];
  napi_value params;
  return hd_ok(env, napi_create_object(env, made)) &&
         set_text(env, *made, "name", definition->task->name) &&
         set_text(env, *made, "signature", definition->task->signature) &&
         set_number(env, *made, "id", hd_definition_id(library, index)) &&
         set_number(env, *made, "flags", definition->task->flags) &&
         describe_params(env, &definition->signature, &params) &&
         hd_ok(env, napi_set_named_property(env, *made, "params", params));
}

static napi_value describe_tasks(napi_env env, const hd_library *library) {
  napi_value list;
  napi_value task;
  if (!hd_ok(env, napi_create_array_with_length(env, library->count, &list)))
    return NULL;
  for (size_t i = 0; i < library->count; i++)
    if (!describe_task(env, library, i, &task) ||
        !hd_ok(env, napi_set_element(env, list, (uint32_t)i, task)))
      return NULL;
  return list;
}

/* tasks(): the built-in ones, as [{name, signature, id, flags, params}]. */
napi_value hd_registry_tasks(napi_env env, napi_callback_info info) {
  (void)info;
  return describe_tasks(env, builtin);
}

/* A string as UTF-8, to be freed; NULL with an exception pending. */
static char *copy_utf8(napi_env env, napi_value value) {
  size_t length;
  if (!hd_ok(env, napi_get_value_string_utf8(env, value, NULL, 0, &length)))
    return NULL;
  char *text = hd_malloc(length + 1);
  if (text == NULL) {
    (void)hd_throw(env, "ERR_HEDDLE_NO_MEMORY", "out of memory");
    return NULL;
  }
  if (hd_ok(env, napi_get_value_string_utf8(env, value, text, length + 1, &length)))
    return text;
  hd_free(text);
  return NULL;
}

/* load(path): {number, name, tasks}, or {code, words} when it was refused. */
napi_value hd_registry_load(napi_env env, napi_callback_info info) {
  napi_value arg;
  napi_value object;
  napi_value tasks;
  size_t count = 1;
  if (!hd_ok(env, napi_get_cb_info(env, info, &count, &arg, NULL, NULL)))
    return NULL;
  char *path = copy_utf8(env, arg); /* undefined, when it is missing, is no string */
  if (path == NULL)
    return NULL;
  hd_problem refused = {0};
  const hd_library *library = hd_library_load(path, &refused);
  hd_free(path);
  if (!hd_ok(env, napi_create_object(env, &object)))
    return NULL;
  if (library == NULL)
    return set_text(env, object, "code", refused.code) &&
                   set_text(env, object, "words", refused.words)
               ? object
               : NULL;
  tasks = describe_tasks(env, library);
  if (tasks == NULL || !set_number(env, object, "number", library->number) ||
      !set_text(env, object, "name", library->module->name) ||
      !hd_ok(env, napi_set_named_property(env, object, "tasks", tasks)))
    return NULL;
  return object;
}

/* runs(name): whether the runtime brings what that built-in task needs. */
napi_value hd_registry_runs(napi_env env, napi_callback_info info) {
  napi_value arg;
  napi_value result;
  size_t count = 1;
  char name[64]; /* nothing is allocated: makers ask, which do not fail */
  if (!hd_ok(env, napi_get_cb_info(env, info, &count, &arg, NULL, NULL)) ||
      !hd_ok(env, napi_get_value_string_utf8(env, arg, name, sizeof(name), NULL)))
    return NULL;
  bool runs = hd_builtin_runs(name) != 0;
  return hd_ok(env, napi_get_boolean(env, runs, &result)) ? result : NULL;
}
