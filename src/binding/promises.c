/* Promises of calls that are one group. The group holds its deferred until it is
 * concluded; what is open when the environment goes down never settles, as any
 * promise then, and Node-API has no way to free it. */
#include "environment.h"

/* promise(group): its promise, once, or undefined when the group is gone. */
napi_value hd_promise(napi_env env, napi_callback_info info) {
  napi_value arg;
  napi_value promise;
  napi_deferred deferred;
  double id;
  size_t count = 1;
  hd_environment *e = hd_get_environment(env);
  if (e == NULL || !hd_ok(env, napi_get_cb_info(env, info, &count, &arg, NULL, NULL)) ||
      !hd_ok(env, napi_get_value_double(env, arg, &id)))
    return NULL;
  if (hd_entry_find(e, id) == NULL)
    return NULL;
  if (!hd_ok(env, napi_create_promise(env, &deferred, &promise)))
    return NULL;
  if (hd_entry_hold(e, id, deferred))
    return promise;
  (void)napi_resolve_deferred(env, deferred, arg); /* frees it: nobody has the promise */
  return NULL;
}

/* conclude(group, fulfilled, value): settles its promise, the first time. The group may be
 * gone. Runs user code (a getter `then`), so whoever calls it has nothing left to do. */
napi_value hd_conclude(napi_env env, napi_callback_info info) {
  napi_value args[3];
  double id;
  bool fulfilled;
  size_t count = 3;
  hd_environment *e = hd_get_environment(env);
  if (e == NULL || !hd_ok(env, napi_get_cb_info(env, info, &count, args, NULL, NULL)) ||
      !hd_ok(env, napi_get_value_double(env, args[0], &id)) ||
      !hd_ok(env, napi_get_value_bool(env, args[1], &fulfilled)))
    return NULL;
  napi_deferred deferred = hd_entry_take(e, id);
  if (deferred == NULL)
    return NULL;
  napi_status status = fulfilled ? napi_resolve_deferred(env, deferred, args[2])
                                 : napi_reject_deferred(env, deferred, args[2]);
  bool pending = false;
  if (status == napi_pending_exception && napi_is_exception_pending(env, &pending) == napi_ok &&
      pending) /* such a getter has thrown: the promise has rejected with that */
    (void)napi_get_and_clear_last_exception(env, &args[2]);
  return NULL;
}
