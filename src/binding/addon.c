/* The addon: what an environment gets when it loads it, and how it goes. */
#include "environment.h"

#include <string.h>

#include "alloc.h"
#include "budget.h"
#include "lifecycle.h"
#include "nice.h"
#include "own_threads.h"
#include "shared.h"

static bool hold(napi_env env, napi_value value, napi_ref *reference) {
  return hd_ok(env, napi_create_reference(env, value, 1, reference));
}

/* start(deliver, kinds: Int32Array, numbers: Float64Array, resource: object): once. */
static napi_value start(napi_env env, napi_callback_info info) {
  napi_value args[4];
  napi_value name;
  napi_typedarray_type types[2];
  size_t lengths[2];
  void *data[2];
  size_t count = 4;
  hd_environment *e = hd_get_environment(env);
  if (e == NULL || !hd_ok(env, napi_get_cb_info(env, info, &count, args, NULL, NULL)))
    return NULL;
  if (count < 4 || e->deliver != NULL)
    return hd_throw(env, "ERR_HEDDLE_NODE_API", "start() takes 4 arguments, once");
  for (int i = 0; i < 2; i++)
    if (!hd_ok(env, napi_get_typedarray_info(env, args[i + 1], &types[i], &lengths[i], &data[i],
                                             NULL, NULL)))
      return NULL;
  if (types[0] != napi_int32_array || lengths[0] < 2 * HD_MAILBOX ||
      types[1] != napi_float64_array || lengths[1] < HD_MAILBOX)
    return hd_throw(env, "ERR_HEDDLE_NODE_API", "the mailbox is too small");
  if (!hd_ok(env, napi_create_string_utf8(env, "heddle", NAPI_AUTO_LENGTH, &name)) ||
      !hd_ok(env, napi_async_init(env, args[3], name, &e->context)) ||
      !hold(env, args[3], &e->resource) || !hold(env, args[1], &e->mailbox[0]) ||
      !hold(env, args[2], &e->mailbox[1]) || !hold(env, args[0], &e->deliver))
    return NULL;
  e->kinds = data[0];
  e->numbers = data[1];
  return NULL;
}

static napi_value get_threads(napi_env env) {
  napi_value result;
  hd_lock();
  uint32_t threads = hd_the_process.threads;
  hd_unlock();
  return hd_ok(env, napi_create_uint32(env, threads, &result)) ? result : NULL;
}

/* threads(): the process's number of threads; threads(n) sets it. */
static napi_value threads(napi_env env, napi_callback_info info) {
  napi_value arg;
  size_t count = 1;
  uint32_t wanted;
  if (!hd_ok(env, napi_get_cb_info(env, info, &count, &arg, NULL, NULL)))
    return NULL;
  if (count > 0) {
    if (!hd_get_u32(env, arg, 1024, &wanted))
      return NULL;
    if (wanted == 0)
      return hd_throw(env, "ERR_HEDDLE_NODE_API", "there must be a thread");
    hd_process_set_threads(wanted);
  }
  return get_threads(env);
}

/* nice(): the niceness of own threads. nice(n) sets it, and returns 0 or libuv's error. */
static napi_value nice(napi_env env, napi_callback_info info) {
  napi_value arg;
  napi_value result;
  size_t count = 1;
  uint32_t wanted;
  int32_t value;
  if (!hd_ok(env, napi_get_cb_info(env, info, &count, &arg, NULL, NULL)))
    return NULL;
  if (count > 0) {
    if (!hd_get_u32(env, arg, HD_NICE_MOST, &wanted))
      return NULL;
    value = hd_process_set_nice(wanted);
  } else {
    hd_lock();
    value = (int32_t)hd_the_process.nice;
    hd_unlock();
  }
  return hd_ok(env, napi_create_int32(env, value, &result)) ? result : NULL;
}

/* stats(figures: Float64Array of 10): queued, running, completed, failed,
 * cancelled, wait ms, run ms, own threads, slots of libuv's pool in use, threads
 * lent to JavaScript threads. */
static napi_value stats(napi_env env, napi_callback_info info) {
  napi_value arg;
  napi_typedarray_type type;
  size_t length;
  size_t count = 1;
  double *out;
  hd_figures figures;
  hd_environment *e = hd_get_environment(env);
  if (e == NULL || e->scheduler == NULL ||
      !hd_ok(env, napi_get_cb_info(env, info, &count, &arg, NULL, NULL)) ||
      !hd_ok(env, napi_get_typedarray_info(env, arg, &type, &length, (void **)&out, NULL, NULL)))
    return NULL;
  if (type != napi_float64_array || length < 10)
    return hd_throw(env, "ERR_HEDDLE_NODE_API", "a Float64Array of 10 is needed");
  hd_scheduler_figures(e->scheduler, &figures);
  out[0] = (double)figures.queued;
  out[1] = (double)figures.running;
  out[2] = (double)figures.completed;
  out[3] = (double)figures.failed;
  out[4] = (double)figures.cancelled;
  out[5] = (double)figures.wait_ns / 1e6;
  out[6] = (double)figures.run_ns / 1e6;
  hd_lock();
  out[7] = hd_the_process.own_count;
  out[8] = hd_the_process.slots_used;
  out[9] = hd_the_process.lent;
  hd_unlock();
  return NULL;
}

/* stop(): from an 'exit' listener. Nothing starts any more, and what runs is told
 * to stop; in the whole process, if it is the main thread's. */
static napi_value stop(napi_env env, napi_callback_info info) {
  uv_loop_t *loop;
  hd_environment *e = hd_get_environment(env);
  (void)info;
  if (e == NULL || e->scheduler == NULL || !hd_ok(env, napi_get_uv_event_loop(env, &loop)))
    return NULL;
  hd_scheduler_stop(e->scheduler);
  if (loop == uv_default_loop()) /* a worker has a loop of its own */
    (void)hd_threads_stop();     /* whatever still runs ends with the process */
  return NULL;
}

/* ---- Beginning and end -------------------------------------------------- */

/* All threads are done with this environment and its handles are closed. */
static void on_closed(void *data) {
  hd_environment *e = data;
  napi_env env = e->env;
  napi_ref references[] = {e->deliver, e->lent, e->resource, e->mailbox[0], e->mailbox[1]};
  for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++)
    if (references[i] != NULL)
      (void)napi_delete_reference(env, references[i]); /* the environment is still there */
  if (e->context != NULL)
    (void)napi_async_destroy(env, e->context); /* likewise */
  napi_async_cleanup_hook_handle hook = e->hook;
  (void)napi_set_instance_data(env, NULL, NULL, NULL); /* nobody asks for it any more */
  hd_free(e->entries);
  hd_copies_free(&e->copies);
  hd_free(e);
  (void)napi_remove_async_cleanup_hook(hook); /* lets the environment go: last */
}

/* The environment goes down. Node waits until the hook is removed. */
static void on_cleanup(napi_async_cleanup_hook_handle hook, void *data) {
  hd_environment *e = data;
  (void)hook;
  hd_scheduler_close(e->scheduler, on_closed);
}

static bool export_functions(napi_env env, napi_value exports) {
  static const struct {
    const char *name;
    napi_callback function;
  } functions[] = {{"start", start},
                   {"open", hd_open},
                   {"append", hd_append},
                   {"withdraw", hd_withdraw},
                   {"claim", hd_claim},
                   {"unclaim", hd_unclaim},
                   {"watch", hd_watch},
                   {"seal", hd_seal},
                   {"count", hd_count},
                   {"lending", hd_lending},
                   {"borrow", hd_borrow},
                   {"giveBack", hd_give_back},
                   {"pressed", hd_pressed},
                   {"threads", threads},
                   {"nice", nice},
                   {"stats", stats},
                   {"record", hd_record_members},
                   {"recorded", hd_recorded},
                   {"taskTimes", hd_task_times_of},
                   {"threadTimes", hd_thread_times_of},
                   {"slot", hd_new_slot},
                   {"clearSlot", hd_clear_slot},
                   {"stop", stop},
                   {"tasks", hd_registry_tasks},
                   {"promise", hd_promise},
                   {"conclude", hd_conclude},
                   {"runs", hd_registry_runs},
                   {"load", hd_registry_load}};
  for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
    napi_value function;
    if (!hd_ok(env, napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH,
                                         functions[i].function, NULL, &function)) ||
        !hd_ok(env, napi_set_named_property(env, exports, functions[i].name, function)))
      return false;
  }
  return true;
}

/* Throws on failure. */
static bool environment_new(napi_env env) {
  static const hd_events events = {
      .news = hd_delivery_news, .expired = hd_delivery_expired, .lent = hd_delivery_lent};
  uv_loop_t *loop;
  if (!hd_ok(env, napi_get_uv_event_loop(env, &loop)))
    return false;
  hd_environment *e = hd_calloc(1, sizeof(*e));
  if (e == NULL) {
    (void)hd_throw(env, "ERR_HEDDLE_NO_MEMORY", "out of memory");
    return false;
  }
  e->env = env;
  e->free_entry = UINT32_MAX;
  int status = hd_scheduler_new(loop, &events, e, &e->scheduler);
  if (status != 0) {
    hd_free(e);
    (void)hd_throw(env, "ERR_HEDDLE_START", uv_strerror(status));
    return false;
  }
  /* From here on the hook frees it. */
  if (!hd_ok(env, napi_add_async_cleanup_hook(env, on_cleanup, e, &e->hook)))
    return false; /* the loop's handles cannot be closed without: they stay */
  return hd_ok(env, napi_set_instance_data(env, e, NULL, NULL));
}

NAPI_MODULE_INIT() {
  const char *problem = hd_registry_init();
  if (problem != NULL)
    return hd_throw(env, "ERR_HEDDLE_START", problem);
  if (!environment_new(env) || !export_functions(env, exports))
    return NULL;
  return exports;
}
