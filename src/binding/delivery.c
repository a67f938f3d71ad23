/* Finished members go up to JavaScript: in calls of at most HD_MAILBOX members,
 * for a few milliseconds at a time, inside a callback scope, so that promise
 * reactions run at once and what they throw is reported. */
#include "environment.h"

#include <string.h>

#include "alloc.h"

enum { BUDGET_NS = 5 * 1000 * 1000 }; /* then the loop goes on first */

enum { OWN_ARGS = 4 }; /* of the call, before the values */

typedef struct letter {
  hd_environment *e;
  napi_value *args; /* of the call: OWN_ARGS, and room for a value a member */
  uint32_t count;
  uint32_t value_count;
} letter;

/* Arguments of a call cost a fraction of what elements of an array do. */
static void put_value(letter *l, napi_value value) {
  l->args[OWN_ARGS + l->value_count++] = value;
}

/* A result that JavaScript cannot hold (a string of a gigabyte, say). */
static const hd_error cannot_convert = {.kind = HEDDLE_HEDDLE_ERROR,
                                        .code = "ERR_HEDDLE_RESULT",
                                        .message = "the result cannot become a JavaScript value"};

static int32_t put_error(letter *l, const hd_error *error) {
  napi_value value;
  if (hd_result_error(l->e->env, error, &value) != napi_ok)
    return HD_KIND_CANCELLED; /* the environment is going down */
  put_value(l, value);
  return HD_KIND_ERROR;
}

static int32_t put_result(letter *l, heddle_value *value) {
  napi_value made;
  bool pending = false;
  switch (value->type) {
  case HEDDLE_UNDEFINED:
    return HD_KIND_UNDEFINED;
  case HEDDLE_NULL:
    return HD_KIND_NULL;
  case HEDDLE_BOOL:
    return value->as.boolean ? HD_KIND_TRUE : HD_KIND_FALSE;
  case HEDDLE_F64:
    l->e->numbers[l->count] = value->as.f64;
    return HD_KIND_NUMBER;
  default:
    if (hd_result_value(l->e->env, value, &made) == napi_ok) {
      put_value(l, made);
      return HD_KIND_VALUE;
    }
    if (napi_is_exception_pending(l->e->env, &pending) == napi_ok && pending)
      (void)napi_get_and_clear_last_exception(l->e->env, &made); /* told below */
    return put_error(l, &cannot_convert);
  }
}

static void put_member(letter *l, hd_group *group, uint32_t index) {
  hd_member *member = hd_group_member(group, index);
  int32_t kind;
  switch (atomic_load(&member->word) & HD_STATE_MASK) {
  case HD_FULFILLED:
    kind = put_result(l, &member->result);
    break;
  case HD_REJECTED:
    kind = put_error(l, member->result.as.data);
    break;
  case HD_CANCELLED:
    kind = HD_KIND_CANCELLED;
    break;
  default:
    kind = HD_KIND_DROPPED;
    break;
  }
  l->e->kinds[l->count * 2] = (int32_t)index;
  l->e->kinds[l->count * 2 + 1] = kind;
  l->count++;
}

/* What the function throws is an uncaught error. */
static void call_up(napi_env env, napi_ref reference, size_t count, const napi_value *args) {
  napi_value function;
  napi_value receiver;
  napi_value error;
  bool pending = false;
  if (napi_get_undefined(env, &receiver) != napi_ok ||
      napi_get_reference_value(env, reference, &function) != napi_ok)
    return; /* the environment is going down */
  if (napi_call_function(env, receiver, function, count, args, NULL) == napi_ok)
    return;
  if (napi_is_exception_pending(env, &pending) == napi_ok && pending &&
      napi_get_and_clear_last_exception(env, &error) == napi_ok)
    (void)napi_fatal_exception(env, error);
}

/* deliver(group, count, finished, droppedFrom, ...values) */
static void send_letter(letter *l, double id, bool finished, uint32_t dropped_from) {
  napi_env env = l->e->env;
  napi_value *args = l->args;
  if (napi_create_double(env, id, &args[0]) != napi_ok ||
      napi_create_uint32(env, l->count, &args[1]) != napi_ok ||
      napi_get_boolean(env, finished, &args[2]) != napi_ok ||
      napi_create_uint32(env, dropped_from, &args[3]) != napi_ok)
    return; /* the environment is going down */
  call_up(env, l->e->deliver, OWN_ARGS + l->value_count, args);
}

/* Delivers up to HD_MAILBOX members of e->pending. */
static void deliver_some(hd_environment *e) {
  hd_delivery *d = &e->pending;
  hd_group *group = d->group;
  napi_value args[OWN_ARGS + HD_MAILBOX];
  letter l = {.e = e, .args = args};
  napi_handle_scope scope;
  if (napi_open_handle_scope(e->env, &scope) != napi_ok)
    return;
  uint32_t first = d->first;
  while (d->first != HD_NO_MEMBER && l.count < HD_MAILBOX) {
    put_member(&l, group, d->first);
    d->first = hd_group_member(group, d->first)->next;
  }
  bool last = d->first == HD_NO_MEMBER;
  bool finished = last && d->finished;
  double id = group->id;
  uint32_t dropped_from = d->dropped_from;
  for (uint32_t i = first; i != d->first;) {
    uint32_t next = hd_group_member(group, i)->next;
    hd_member_release(group, i);
    i = next;
  }
  if (last)
    e->has_pending = false;
  if (finished) {
    hd_entry_remove(e, group);
    hd_scheduler_free_group(e->scheduler, group);
  }
  if (l.count > 0 || finished)
    send_letter(&l, id, finished, dropped_from);
  (void)napi_close_handle_scope(e->env, scope); /* always succeeds */
}

static bool scopes_open(hd_environment *e, napi_handle_scope *handles,
                        napi_callback_scope *callback) {
  napi_value resource;
  if (napi_open_handle_scope(e->env, handles) != napi_ok)
    return false;
  if (napi_get_reference_value(e->env, e->resource, &resource) == napi_ok &&
      napi_open_callback_scope(e->env, resource, e->context, callback) == napi_ok)
    return true;
  (void)napi_close_handle_scope(e->env, *handles); /* always succeeds */
  return false;
}

static void scopes_close(hd_environment *e, napi_handle_scope handles,
                         napi_callback_scope callback) {
  /* Runs promise reactions; refused when the environment is going down. */
  (void)napi_close_callback_scope(e->env, callback);
  (void)napi_close_handle_scope(e->env, handles); /* always succeeds */
}

void hd_delivery_news(void *data) {
  hd_environment *e = data;
  napi_handle_scope handles;
  napi_callback_scope callback;
  if (e->deliver == NULL || !scopes_open(e, &handles, &callback))
    return;
  uint64_t began = uv_hrtime();
  bool more;
  do {
    if (!e->has_pending)
      e->has_pending = hd_scheduler_take(e->scheduler, &e->pending);
    more = e->has_pending;
    if (more)
      deliver_some(e);
  } while (more && uv_hrtime() - began < BUDGET_NS);
  if (more)
    hd_scheduler_recall(e->scheduler);
  scopes_close(e, handles, callback);
}

void hd_delivery_expired(void *data, hd_group *group, uint32_t index) {
  hd_environment *e = data;
  napi_handle_scope handles;
  napi_callback_scope callback;
  if (e->deliver == NULL || !scopes_open(e, &handles, &callback))
    return;
  napi_value args[OWN_ARGS];
  letter l = {.e = e, .args = args, .count = 1};
  e->kinds[0] = (int32_t)index;
  e->kinds[1] = HD_KIND_EXPIRED;
  send_letter(&l, group->id, false, HD_NO_MEMBER);
  scopes_close(e, handles, callback);
}

void hd_delivery_lent(void *data, uint32_t count) {
  hd_environment *e = data;
  napi_handle_scope handles;
  napi_callback_scope callback;
  napi_value arg;
  if (e->lent == NULL || !scopes_open(e, &handles, &callback))
    return;
  if (napi_create_uint32(e->env, count, &arg) == napi_ok)
    call_up(e->env, e->lent, 1, &arg);
  scopes_close(e, handles, callback);
}
