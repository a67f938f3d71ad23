#include "group.h"

#include <string.h>

#include "alloc.h"
#include "scheduler.h"

hd_group *hd_group_new(hd_policy policy, uint32_t total) {
  hd_group *group = hd_calloc(1, sizeof(*group));
  if (group == NULL)
    return NULL;
  size_t segments = ((size_t)total + HD_SEGMENT - 1) / HD_SEGMENT;
  group->segments = hd_calloc(segments, sizeof(*group->segments));
  if (group->segments == NULL) {
    hd_free(group);
    return NULL;
  }
  group->segment_count = segments;
  group->capacity = total;
  group->policy = policy;
  group->total = total;
  group->dropped_from = HD_NO_MEMBER;
  group->held = HD_NO_MEMBER;
  group->finished_first = group->finished_last = HD_NO_MEMBER;
  atomic_init(&group->next, 0);
  atomic_init(&group->appended, 0);
  atomic_init(&group->withdrawn, false);
  atomic_init(&group->watched, false);
  return group;
}

void hd_group_free(hd_group *group) {
  uint32_t appended = atomic_load(&group->appended);
  for (uint32_t i = 0; i < appended && group->released < appended; i++)
    hd_member_release(group, i);
  for (size_t i = 0; i < group->segment_count; i++)
    hd_free(group->segments[i]);
  hd_free(group->segments);
  hd_free(group);
}

bool hd_group_reserve(hd_group *group, uint32_t count) {
  uint32_t appended = atomic_load(&group->appended);
  for (size_t i = appended / HD_SEGMENT; i * HD_SEGMENT < count; i++) {
    if (group->segments[i] != NULL)
      continue;
    size_t room = group->capacity - i * HD_SEGMENT;
    group->segments[i] = hd_malloc((room < HD_SEGMENT ? room : HD_SEGMENT) * sizeof(hd_member));
    if (group->segments[i] == NULL)
      return false;
  }
  return true;
}

bool hd_member_cancelled(const hd_group *group, const hd_member *member) {
  /* In this order: with the withdrawal, claims made before it are seen. The
   * other way round a member could be told of a cancel that is none. */
  bool withdrawn = atomic_load_explicit(&group->withdrawn, memory_order_acquire);
  unsigned word = atomic_load_explicit(&member->word, memory_order_relaxed);
  if (word & HD_EXPIRED)
    return true;
  if (atomic_load_explicit(&group->scheduler->stopping, memory_order_relaxed))
    return true;
  return withdrawn && word < HD_CLAIM;
}

uint32_t hd_group_take(hd_group *group) {
  unsigned next = atomic_load_explicit(&group->next, memory_order_relaxed);
  do {
    /* Acquire: the members below `appended` are filled in. */
    if (next >= atomic_load_explicit(&group->appended, memory_order_acquire))
      return HD_NO_MEMBER;
  } while (!atomic_compare_exchange_weak_explicit(&group->next, &next, next + 1,
                                                  memory_order_relaxed, memory_order_relaxed));
  return next;
}

bool hd_group_runnable(const hd_group *group) {
  return group->active < group->limit && atomic_load(&group->next) < atomic_load(&group->appended);
}

bool hd_group_decides(const hd_group *group, unsigned state) {
  if (state != HD_FULFILLED && state != HD_REJECTED)
    return false;
  switch (group->policy) {
  case HD_ALL:
  case HD_SEQUENCE:
    return state == HD_REJECTED;
  case HD_RACE:
    return true;
  case HD_ANY:
    return state == HD_FULFILLED;
  default:
    return false;
  }
}

uint32_t hd_group_drop(hd_group *group) {
  uint32_t appended = atomic_load(&group->appended);
  uint32_t next = atomic_exchange(&group->next, appended);
  group->total = appended;
  if (next >= appended)
    return 0;
  group->dropped_from = next;
  return appended - next;
}

uint32_t hd_group_withdraw(hd_group *group) {
  atomic_store(&group->withdrawn, true);
  group->decided = true;
  group->total = atomic_load(&group->appended);
  return group->claims == 0 ? hd_group_drop(group) : 0;
}

void hd_group_finish(hd_group *group, uint32_t index) {
  hd_member *member = hd_group_member(group, index);
  member->next = HD_NO_MEMBER;
  group->claims -= atomic_load(&member->word) / HD_CLAIM;
  if (group->finished_last == HD_NO_MEMBER)
    group->finished_first = index;
  else
    hd_group_member(group, group->finished_last)->next = index;
  group->finished_last = index;
}

bool hd_group_at_end(const hd_group *group) {
  return group->active == 0 && atomic_load(&group->next) >= group->total;
}

void hd_member_release(hd_group *group, uint32_t index) {
  hd_member *member = hd_group_member(group, index);
  hd_batch *batch = member->batch;
  if (batch == NULL)
    return;
  member->batch = NULL;
  group->released++;
  hd_value_free(&member->result, batch->secret);
  if (--batch->remaining == 0)
    hd_batch_free(group->scheduler, batch);
}

hd_claim_result hd_group_claim(hd_group *group, uint32_t index) {
  if (index >= group->dropped_from)
    return HD_CLAIM_DROPPED;
  hd_member *member = hd_group_member(group, index);
  unsigned word = atomic_load(&member->word);
  do {
    /* Of an expired one its timeout is about to be told, even if it has stopped. */
    bool expired = (word & HD_EXPIRED) != 0;
    switch (word & HD_STATE_MASK) {
    case HD_DROPPED:
      return HD_CLAIM_DROPPED;
    case HD_CANCELLED:
      return expired ? HD_CLAIM_HELD : HD_CLAIM_CANCELLED;
    case HD_RUNNING:
      if (!expired && hd_member_cancelled(group, member))
        return HD_CLAIM_CANCELLED;
      break;
    case HD_QUEUED:
      break;
    default:
      return HD_CLAIM_HELD;
    }
  } while (!atomic_compare_exchange_weak(&member->word, &word, word + HD_CLAIM));
  group->claims++;
  return HD_CLAIM_HELD;
}

uint32_t hd_group_unclaim(hd_group *group, uint32_t index) {
  hd_member *member = hd_group_member(group, index);
  unsigned word = atomic_load(&member->word);
  do {
    unsigned state = word & HD_STATE_MASK;
    if (word < HD_CLAIM || (state != HD_QUEUED && state != HD_RUNNING))
      return 0; /* finished: hd_group_finish() takes its claims back */
  } while (!atomic_compare_exchange_weak(&member->word, &word, word - HD_CLAIM));
  group->claims--;
  return group->claims == 0 && atomic_load(&group->withdrawn) ? hd_group_drop(group) : 0;
}
