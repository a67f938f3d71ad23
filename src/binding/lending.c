/* Threads that JavaScript borrows for its own while they are busy: see budget.h. */
#include "environment.h"

enum { MOST = 1024 }; /* threads, as in configure() */

/* NULL with an exception pending. */
static hd_environment *get_arg(napi_env env, napi_callback_info info, napi_value *arg) {
  size_t count = 1;
  hd_environment *e = hd_get_environment(env);
  if (e == NULL || !hd_ok(env, napi_get_cb_info(env, info, &count, arg, NULL, NULL)))
    return NULL;
  return e->scheduler == NULL ? NULL : e;
}

/* lending(function): once. It is called with the number of threads that were
 * lent after borrow() had given fewer than were wanted. */
napi_value hd_lending(napi_env env, napi_callback_info info) {
  napi_value arg;
  hd_environment *e = get_arg(env, info, &arg);
  if (e == NULL)
    return NULL;
  if (e->lent != NULL)
    return hd_throw(env, "ERR_HEDDLE_NODE_API", "lending() is called once");
  (void)hd_ok(env, napi_create_reference(env, arg, 1, &e->lent)); /* throws */
  return NULL;
}

/* borrow(wanted): how many threads it got at once. */
napi_value hd_borrow(napi_env env, napi_callback_info info) {
  napi_value arg;
  napi_value result;
  uint32_t wanted;
  hd_environment *e = get_arg(env, info, &arg);
  if (e == NULL || !hd_get_u32(env, arg, MOST, &wanted))
    return NULL;
  uint32_t given = hd_scheduler_borrow(e->scheduler, wanted);
  return hd_ok(env, napi_create_uint32(env, given, &result)) ? result : NULL;
}

/* giveBack(count) */
napi_value hd_give_back(napi_env env, napi_callback_info info) {
  napi_value arg;
  uint32_t count;
  hd_environment *e = get_arg(env, info, &arg);
  if (e != NULL && hd_get_u32(env, arg, MOST, &count))
    hd_scheduler_give_back(e->scheduler, count);
  return NULL;
}

/* pressed(): whether one of the borrowed threads should be given back. */
napi_value hd_pressed(napi_env env, napi_callback_info info) {
  napi_value arg;
  napi_value result;
  hd_environment *e = get_arg(env, info, &arg);
  if (e == NULL)
    return NULL;
  return hd_ok(env, napi_get_boolean(env, hd_scheduler_pressed(e->scheduler), &result)) ? result
                                                                                        : NULL;
}
