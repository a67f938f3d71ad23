/* Included before all else in a test build of the addon: a runtime in which
 * external buffers are not allowed, as in Electron. */
#if NAPI_VERSION + 0 /* the binding only: elsewhere it is empty */
#include <node_api.h>

static inline napi_status no_external_buffer(napi_env env, size_t length, void *data,
                                             napi_finalize finalize, void *hint,
                                             napi_value *result) {
  (void)env, (void)length, (void)data, (void)finalize, (void)hint, (void)result;
  return napi_no_external_buffers_allowed;
}

static inline napi_status no_external_arraybuffer(napi_env env, void *data, size_t length,
                                                  napi_finalize finalize, void *hint,
                                                  napi_value *result) {
  return no_external_buffer(env, length, data, finalize, hint, result);
}

#define napi_create_external_buffer no_external_buffer
#define napi_create_external_arraybuffer no_external_arraybuffer
#endif
