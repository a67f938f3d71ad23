/* The binding's data for one environment (a main thread or worker), and what
 * its files share. Everything here is the loop thread's. */
#ifndef HD_ENVIRONMENT_H
#define HD_ENVIRONMENT_H

#define NAPI_VERSION 8
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>

#include "copies.h"
#include "scheduler.h"

enum { HD_MAILBOX = 1024 }; /* members delivered in one call of JavaScript */

typedef struct hd_environment {
  napi_env env;
  hd_scheduler *scheduler;
  napi_async_cleanup_hook_handle hook;

  /* Set by start(), held by references. */
  napi_ref deliver;  /* deliver() of lib/task/native.js */
  napi_ref lent;     /* lending()'s function, or NULL */
  napi_ref resource; /* of the async context */
  napi_async_context context;
  napi_ref mailbox[2]; /* keep the two arrays alive: */
  int32_t *kinds;      /* pairs of index and kind, HD_MAILBOX of them */
  double *numbers;     /* HD_MAILBOX of them */

  /* Groups by the number that JavaScript knows them by. */
  struct hd_group_entry *entries;
  uint32_t entry_count;
  uint32_t free_entry; /* head of the list of unused ones */
  double generation;

  hd_copies copies; /* of arguments' memory */

  /* A delivery that was interrupted to let the loop go on. */
  hd_delivery pending;
  bool has_pending;
} hd_environment;

/* NULL with an exception pending. */
hd_environment *hd_get_environment(napi_env env);

/* ---- Status ------------------------------------------------------------- */

/* True for napi_ok. Else throws an Error with `code`, unless an exception is
 * pending already or JavaScript cannot run, and returns false. */
bool hd_ok(napi_env env, napi_status status);

/* Throws and returns NULL, for `return hd_throw(...)`. */
napi_value hd_throw(napi_env env, const char *code, const char *message);

/* Reads a number that must be an integer in 0..most. Throws if it is not. */
bool hd_get_u32(napi_env env, napi_value value, uint32_t most, uint32_t *number);

/* ---- slots.c ------------------------------------------------------------ */

napi_value hd_new_slot(napi_env env, napi_callback_info info);
napi_value hd_clear_slot(napi_env env, napi_callback_info info);

/* ---- groups.c ----------------------------------------------------------- */

/* NULL when there is no memory. */
bool hd_entry_add(hd_environment *environment, hd_group *group);
void hd_entry_remove(hd_environment *environment, hd_group *group);
/* NULL when the group is gone. */
hd_group *hd_entry_find(const hd_environment *environment, double id);
/* The group's number stays in use until the deferred is taken. False when the group is
 * gone, or has one. */
bool hd_entry_hold(hd_environment *environment, double id, napi_deferred deferred);
/* NULL when there is none, any more. */
napi_deferred hd_entry_take(hd_environment *environment, double id);

/* Functions for JavaScript; lib/task/native.js says what each does. */
napi_value hd_open(napi_env env, napi_callback_info info);
napi_value hd_append(napi_env env, napi_callback_info info);
napi_value hd_withdraw(napi_env env, napi_callback_info info);
napi_value hd_claim(napi_env env, napi_callback_info info);
napi_value hd_unclaim(napi_env env, napi_callback_info info);
napi_value hd_seal(napi_env env, napi_callback_info info);
napi_value hd_watch(napi_env env, napi_callback_info info);
napi_value hd_count(napi_env env, napi_callback_info info);

/* ---- promises.c --------------------------------------------------------- */

/* Functions for JavaScript; lib/task/group.js says what each does. */
napi_value hd_promise(napi_env env, napi_callback_info info);
napi_value hd_conclude(napi_env env, napi_callback_info info);

/* ---- arguments.c -------------------------------------------------------- */

/* A plan as lib/task/plan.js writes it. */
typedef struct hd_plan {
  const double *words;
  size_t length;
  uint32_t members;
  napi_value values; /* an array, which can be held */
  uint32_t value_count;
  const napi_value *given; /* the same one by one, or NULL: cheaper to get at */
} hd_plan;

/* Fills `count` members of the group from its hd_group.appended on, and a new
 * batch that holds what they need. False with an exception pending, and nothing
 * is left behind. */
bool hd_arguments_read(hd_environment *environment, hd_group *group, const hd_plan *plan,
                       hd_batch **made);

/* ---- results.c ---------------------------------------------------------- */

/* Kinds of results in the mailbox; lib/task/native.js has the same list. */
enum {
  HD_KIND_UNDEFINED,
  HD_KIND_NULL,
  HD_KIND_FALSE,
  HD_KIND_TRUE,
  HD_KIND_NUMBER, /* in the array of numbers */
  HD_KIND_VALUE,  /* next of the call's values */
  HD_KIND_ERROR,  /* likewise, as [kind, system, code, message, errno, syscall, path] */
  HD_KIND_CANCELLED,
  HD_KIND_DROPPED,
  HD_KIND_EXPIRED
};

/* Makes a JavaScript value; large data is handed over without a copy, and
 * `value` no longer owns it then. */
napi_status hd_result_value(napi_env env, heddle_value *value, napi_value *made);
napi_status hd_result_error(napi_env env, const hd_error *error, napi_value *made);

/* ---- delivery.c --------------------------------------------------------- */

void hd_delivery_news(void *data);
void hd_delivery_expired(void *data, hd_group *group, uint32_t index);

/* Calls lending()'s function with the number of threads that were lent. */
void hd_delivery_lent(void *data, uint32_t count);

/* ---- lending.c ---------------------------------------------------------- */

/* Functions for JavaScript; lib/thread/lease.js says what each is for. */
napi_value hd_lending(napi_env env, napi_callback_info info);
napi_value hd_borrow(napi_env env, napi_callback_info info);
napi_value hd_give_back(napi_env env, napi_callback_info info);
napi_value hd_pressed(napi_env env, napi_callback_info info);

/* ---- records.c ---------------------------------------------------------- */

/* Functions for JavaScript. */
napi_value hd_record_members(napi_env env, napi_callback_info info);
napi_value hd_recorded(napi_env env, napi_callback_info info);
napi_value hd_task_times_of(napi_env env, napi_callback_info info);
napi_value hd_thread_times_of(napi_env env, napi_callback_info info);

/* ---- registry.c --------------------------------------------------------- */

/* Registers the built-in tasks; once a process, any thread. Returns NULL, or
 * words that say what is wrong. */
const char *hd_registry_init(void);
napi_value hd_registry_tasks(napi_env env, napi_callback_info info);
napi_value hd_registry_runs(napi_env env, napi_callback_info info);
napi_value hd_registry_load(napi_env env, napi_callback_info info);

#endif
