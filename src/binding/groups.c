/* The functions by which JavaScript opens groups, appends to them, and says
 * what it no longer wants. */
#include "environment.h"

#include <math.h>
#include <string.h>

#include "alloc.h"

enum { NO_ENTRY = UINT32_MAX, MOST_ENTRIES = 1 << 24 };

/* In use while it has a group, or a deferred. */
typedef struct hd_group_entry {
  hd_group *group;
  napi_deferred deferred; /* of the call's promise */
  double id;              /* -1 when it is free */
  uint32_t next;          /* the next free one */
} entry;

/* A number names an entry and its generation, so that a late one is noticed. */
static uint32_t entry_of(double id) {
  return (uint32_t)fmod(id, MOST_ENTRIES);
}

bool hd_entry_add(hd_environment *e, hd_group *group) {
  if (e->free_entry == NO_ENTRY || e->entries == NULL) {
    uint32_t count = e->entry_count == 0 ? 64 : e->entry_count * 2;
    entry *grown =
        count > MOST_ENTRIES ? NULL : hd_realloc(e->entries, count * sizeof(*e->entries));
    if (grown == NULL)
      return false;
    for (uint32_t i = e->entry_count; i < count; i++)
      grown[i] = (entry){.id = -1, .next = i + 1 < count ? i + 1 : NO_ENTRY};
    e->free_entry = e->entry_count;
    e->entries = grown;
    e->entry_count = count;
  }
  uint32_t index = e->free_entry;
  e->free_entry = e->entries[index].next;
  group->id = e->generation * MOST_ENTRIES + index;
  e->entries[index].group = group;
  e->entries[index].id = group->id;
  e->generation = fmod(e->generation + 1, 1 << 28); /* ids stay exact integers */
  return true;
}

/* NULL when there is none of that number. */
static entry *find_entry(const hd_environment *e, double id) {
  if (!(id >= 0))
    return NULL;
  uint32_t index = entry_of(id);
  return index < e->entry_count && e->entries[index].id == id ? &e->entries[index] : NULL;
}

static void release_entry(hd_environment *e, entry *unused) {
  if (unused->group != NULL || unused->deferred != NULL)
    return;
  unused->id = -1;
  unused->next = e->free_entry;
  e->free_entry = (uint32_t)(unused - e->entries);
}

void hd_entry_remove(hd_environment *e, hd_group *group) {
  entry *its = &e->entries[entry_of(group->id)];
  its->group = NULL;
  release_entry(e, its);
}

hd_group *hd_entry_find(const hd_environment *e, double id) {
  entry *found = find_entry(e, id);
  return found == NULL ? NULL : found->group;
}

bool hd_entry_hold(hd_environment *e, double id, napi_deferred deferred) {
  entry *found = find_entry(e, id);
  if (found == NULL || found->deferred != NULL)
    return false;
  found->deferred = deferred;
  return true;
}

napi_deferred hd_entry_take(hd_environment *e, double id) {
  entry *found = find_entry(e, id);
  napi_deferred deferred = found == NULL ? NULL : found->deferred;
  if (deferred == NULL)
    return NULL;
  found->deferred = NULL;
  release_entry(e, found);
  return deferred;
}

/* ---- Arguments of the functions below ----------------------------------- */

/* Of `count` arguments at least, and `most` at most: *got of them. */
static bool get_some_args(napi_env env, napi_callback_info info, size_t count, size_t most,
                          napi_value *args, size_t *got, hd_environment **environment) {
  size_t given = 0;
  if (!hd_ok(env, napi_get_cb_info(env, info, &given, NULL, NULL, NULL)))
    return false;
  *got = given < most ? given : most; /* Node-API fills what is beyond */
  size_t room = *got;
  if (!hd_ok(env, napi_get_cb_info(env, info, &room, args, NULL, NULL)) ||
      !hd_ok(env, napi_get_instance_data(env, (void **)environment)))
    return false;
  if (*got >= count && *environment != NULL && (*environment)->scheduler != NULL)
    return true;
  (void)hd_throw(env, "ERR_HEDDLE_NODE_API", "arguments are missing");
  return false;
}

static bool get_args(napi_env env, napi_callback_info info, size_t count, napi_value *args,
                     hd_environment **environment) {
  size_t got;
  return get_some_args(env, info, count, count, args, &got, environment);
}

/* NULL without an exception when the group is gone. */
static bool get_group(napi_env env, const hd_environment *e, napi_value value, hd_group **group) {
  double id;
  if (!hd_ok(env, napi_get_value_double(env, value, &id)))
    return false;
  *group = hd_entry_find(e, id);
  return true;
}

static napi_value make_number(napi_env env, double number) {
  napi_value value;
  return hd_ok(env, napi_create_double(env, number, &value)) ? value : NULL;
}

enum { PLAN_ARGS = 4, MOST_VALUES = 2048 /* lib/task/group.js has the same */ };

/* (plan: Float64Array, length, members, values: Array, ...values): `count` arguments,
 * the last ones either all values or none. */
static bool get_plan(napi_env env, const napi_value *args, size_t count, hd_plan *plan) {
  napi_typedarray_type type;
  size_t room;
  void *words;
  uint32_t length;
  if (!hd_ok(env, napi_get_typedarray_info(env, args[0], &type, &room, &words, NULL, NULL)) ||
      !hd_get_u32(env, args[1], UINT32_MAX - 1, &length) ||
      !hd_get_u32(env, args[2], INT32_MAX, &plan->members) ||
      !hd_ok(env, napi_get_array_length(env, args[3], &plan->value_count)))
    return false;
  if (type != napi_float64_array || length > room || plan->members == 0) {
    (void)hd_throw(env, "ERR_HEDDLE_NODE_API", "the plan is not well formed");
    return false;
  }
  plan->words = words;
  plan->length = length;
  plan->values = args[3];
  plan->given = count - PLAN_ARGS == plan->value_count ? args + PLAN_ARGS : NULL;
  return true;
}

enum { APPENDED = 0, REFUSED = 1 };

/* Throws when memory or threads are short. */
static bool append(hd_environment *e, hd_group *group, const hd_plan *plan, int *outcome) {
  hd_batch *batch;
  if (plan->members > group->capacity - atomic_load(&group->appended)) {
    (void)hd_throw(e->env, "ERR_HEDDLE_NODE_API", "there are more members than the group was for");
    return false;
  }
  if (!hd_arguments_read(e, group, plan, &batch))
    return false;
  int status = hd_scheduler_append(e->scheduler, group, plan->members);
  *outcome = status == UV_ECANCELED ? REFUSED : APPENDED;
  if (*outcome == REFUSED)
    hd_batch_free(batch); /* the members were not taken */
  if (status == 0 || status == UV_ECANCELED)
    return true;
  char message[128];
  (void)uv_strerror_r(status, message, sizeof(message));
  (void)hd_throw(e->env, "ERR_HEDDLE_NO_THREAD", message);
  return false;
}

/* open(policy, total, limit, priority, itemTimeout ms, watched, plan, length,
 * members, values, ...values): the group's number, or -1 when heddle has stopped. */
napi_value hd_open(napi_env env, napi_callback_info info) {
  enum { COUNT = 6 + PLAN_ARGS };
  napi_value args[COUNT + MOST_VALUES];
  size_t got;
  hd_environment *e;
  uint32_t policy;
  uint32_t total;
  double limit;
  double priority;
  double timeout;
  bool watched;
  hd_plan plan;
  if (!get_some_args(env, info, COUNT, COUNT + MOST_VALUES, args, &got, &e) ||
      !hd_get_u32(env, args[0], HD_SEQUENCE, &policy) ||
      !hd_get_u32(env, args[1], INT32_MAX, &total) ||
      !hd_ok(env, napi_get_value_double(env, args[2], &limit)) ||
      !hd_ok(env, napi_get_value_double(env, args[3], &priority)) ||
      !hd_ok(env, napi_get_value_double(env, args[4], &timeout)) ||
      !hd_ok(env, napi_get_value_bool(env, args[5], &watched)) ||
      !get_plan(env, args + 6, got - 6, &plan))
    return NULL;
  if (total == 0 || plan.members > total || !(limit >= 1) || !(timeout >= 0) || isnan(priority))
    return hd_throw(env, "ERR_HEDDLE_NODE_API", "a group is not well formed");
  hd_group *group = hd_scheduler_open(e->scheduler, (hd_policy)policy, total,
                                      limit < UINT32_MAX ? (uint32_t)limit : UINT32_MAX, priority,
                                      (uint64_t)(fmin(timeout, 1e12) * 1e6));
  if (group == NULL)
    return hd_throw(env, "ERR_HEDDLE_NO_MEMORY", "out of memory");
  if (!hd_entry_add(e, group)) {
    hd_scheduler_free_group(e->scheduler, group);
    return hd_throw(env, "ERR_HEDDLE_NO_MEMORY", "out of memory");
  }
  if (watched)
    hd_scheduler_watch(e->scheduler, group);
  int outcome = REFUSED;
  if (append(e, group, &plan, &outcome) && outcome == APPENDED)
    return make_number(env, group->id);
  if (atomic_load(&group->appended) == 0) { /* nothing of it will be delivered */
    hd_entry_remove(e, group);
    hd_scheduler_free_group(e->scheduler, group);
  }
  return outcome == REFUSED ? make_number(env, -1) : NULL;
}

/* append(group, plan, length, members, values, ...values): false when the group has been
 * withdrawn and nothing was appended. */
napi_value hd_append(napi_env env, napi_callback_info info) {
  enum { COUNT = 1 + PLAN_ARGS };
  napi_value args[COUNT + MOST_VALUES];
  size_t got;
  napi_value result;
  hd_environment *e;
  hd_group *group;
  hd_plan plan;
  int outcome = REFUSED;
  if (!get_some_args(env, info, COUNT, COUNT + MOST_VALUES, args, &got, &e) ||
      !get_group(env, e, args[0], &group) || !get_plan(env, args + 1, got - 1, &plan))
    return NULL;
  if (group != NULL && !append(e, group, &plan, &outcome))
    return NULL;
  return hd_ok(env, napi_get_boolean(env, outcome == APPENDED, &result)) ? result : NULL;
}

/* Calls `function` with the group, if it is still there. */
static napi_value with_group(napi_env env, napi_callback_info info,
                             void (*function)(hd_scheduler *, hd_group *)) {
  napi_value arg;
  hd_environment *e;
  hd_group *group;
  if (get_args(env, info, 1, &arg, &e) && get_group(env, e, arg, &group) && group != NULL)
    function(e->scheduler, group);
  return NULL;
}

/* withdraw(group): its own claim on all its members. */
napi_value hd_withdraw(napi_env env, napi_callback_info info) {
  return with_group(env, info, hd_scheduler_withdraw);
}

/* watch(group): deliver each member as it ends. */
napi_value hd_watch(napi_env env, napi_callback_info info) {
  return with_group(env, info, hd_scheduler_watch);
}

/* seal(group): no more members will come. */
napi_value hd_seal(napi_env env, napi_callback_info info) {
  return with_group(env, info, hd_scheduler_seal);
}

/* claim(group, index): an hd_claim_result. */
napi_value hd_claim(napi_env env, napi_callback_info info) {
  napi_value args[2];
  hd_environment *e;
  hd_group *group;
  uint32_t index;
  hd_claim_result result = HD_CLAIM_DROPPED;
  if (!get_args(env, info, 2, args, &e) || !get_group(env, e, args[0], &group) ||
      !hd_get_u32(env, args[1], INT32_MAX, &index))
    return NULL;
  if (group != NULL && index < atomic_load(&group->appended))
    result = hd_scheduler_claim(e->scheduler, group, index);
  return make_number(env, result);
}

/* unclaim(group, index) */
napi_value hd_unclaim(napi_env env, napi_callback_info info) {
  napi_value args[2];
  hd_environment *e;
  hd_group *group;
  uint32_t index;
  if (get_args(env, info, 2, args, &e) && get_group(env, e, args[0], &group) &&
      hd_get_u32(env, args[1], INT32_MAX, &index) && group != NULL &&
      index < atomic_load(&group->appended))
    hd_scheduler_unclaim(e->scheduler, group, index);
  return NULL;
}

/* count(group): [done, failed, sum of the fractions of what runs, most members that run
 * or wait], or undefined when the group is gone. */
napi_value hd_count(napi_env env, napi_callback_info info) {
  napi_value arg;
  napi_value list;
  hd_environment *e;
  hd_group *group;
  hd_counts counts;
  if (!get_args(env, info, 1, &arg, &e) || !get_group(env, e, arg, &group) || group == NULL)
    return NULL;
  hd_scheduler_count(e->scheduler, group, &counts);
  napi_value done = make_number(env, counts.done);
  napi_value failed = make_number(env, counts.failed);
  napi_value running = make_number(env, counts.running);
  napi_value left = make_number(env, counts.left);
  if (done == NULL || failed == NULL || running == NULL || left == NULL ||
      !hd_ok(env, napi_create_array_with_length(env, 4, &list)) ||
      !hd_ok(env, napi_set_element(env, list, 0, done)) ||
      !hd_ok(env, napi_set_element(env, list, 1, failed)) ||
      !hd_ok(env, napi_set_element(env, list, 2, running)) ||
      !hd_ok(env, napi_set_element(env, list, 3, left)))
    return NULL;
  return list;
}
