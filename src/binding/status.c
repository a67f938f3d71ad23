#include "environment.h"

bool hd_ok(napi_env env, napi_status status) {
  if (status == napi_ok)
    return true;
  bool pending = false;
  const napi_extended_error_info *info = NULL;
  const char *message = "Node-API call failed";
  if (napi_get_last_error_info(env, &info) == napi_ok && info->error_message != NULL)
    message = info->error_message;
  if (napi_is_exception_pending(env, &pending) == napi_ok && !pending)
    (void)napi_throw_error(env, "ERR_HEDDLE_NODE_API", message); /* refused at teardown */
  return false;
}

napi_value hd_throw(napi_env env, const char *code, const char *message) {
  (void)napi_throw_error(env, code, message); /* refused at teardown */
  return NULL;
}

bool hd_get_u32(napi_env env, napi_value value, uint32_t most, uint32_t *number) {
  double read;
  if (!hd_ok(env, napi_get_value_double(env, value, &read)))
    return false;
  if (!(read >= 0 && read <= most) || read != (double)(uint32_t)read) {
    (void)hd_throw(env, "ERR_HEDDLE_NODE_API", "a number is out of range");
    return false;
  }
  *number = (uint32_t)read;
  return true;
}

hd_environment *hd_get_environment(napi_env env) {
  hd_environment *e = NULL;
  return hd_ok(env, napi_get_instance_data(env, (void **)&e)) ? e : NULL;
}
