/* Groups of one environment: opened, appended to, withdrawn and delivered. */
#include "scheduler.h"

#include "budget.h"
#include "pool.h"
#include "settle.h"
#include "shared.h"
#include "timeouts.h"

/* Sums of a timeout and a time stay in range. */
static const uint64_t LONGEST_TIMEOUT = UINT64_MAX / 4;

hd_group *hd_scheduler_open(hd_scheduler *scheduler, hd_policy policy, uint32_t total,
                            uint32_t limit, double priority, uint64_t item_timeout) {
  hd_group *group = hd_group_new(policy, total);
  if (group == NULL)
    return NULL;
  group->stopping = &scheduler->stopping;
  group->limit = policy == HD_SEQUENCE ? 1 : limit;
  group->priority = priority;
  group->item_timeout = item_timeout < LONGEST_TIMEOUT ? item_timeout : LONGEST_TIMEOUT;
  group->notified_at = uv_hrtime();
  hd_lock();
  /* With room for every open group, making one ready cannot fail. */
  if (!hd_ready_reserve(&scheduler->ready, (size_t)scheduler->open + 1)) {
    hd_unlock();
    hd_group_free(group);
    return NULL;
  }
  group->turn = ++scheduler->turns;
  group->next_group = scheduler->groups;
  if (scheduler->groups != NULL)
    scheduler->groups->previous_group = group;
  scheduler->groups = group;
  if (item_timeout > 0)
    scheduler->timed++;
  hd_unlock();
  if (scheduler->open++ == 0)
    uv_ref((uv_handle_t *)&scheduler->async);
  if (item_timeout > 0)
    hd_timeouts_opened(scheduler, group->item_timeout);
  return group;
}

void hd_scheduler_free_group(hd_scheduler *scheduler, hd_group *group) {
  hd_lock();
  if (group->previous_group == NULL)
    scheduler->groups = group->next_group;
  else
    group->previous_group->next_group = group->next_group;
  if (group->next_group != NULL)
    group->next_group->previous_group = group->previous_group;
  bool timed = group->item_timeout > 0;
  if (timed)
    scheduler->timed--;
  hd_unlock();
  if (timed)
    hd_timeouts_freed(scheduler);
  hd_group_free(group);
  if (--scheduler->open == 0 && !scheduler->closing)
    uv_unref((uv_handle_t *)&scheduler->async);
}

int hd_scheduler_append(hd_scheduler *scheduler, hd_group *group, uint32_t count) {
  int status = 0;
  /* One batch holds all that is appended at once. */
  hd_batch *batch = NULL;
  if (count > 0) {
    batch = hd_group_member(group, atomic_load(&group->appended))->batch;
    batch->queued = uv_hrtime();
  }
  hd_lock();
  if (group->decided || atomic_load(&scheduler->stopping)) {
    hd_unlock();
    return UV_ECANCELED;
  }
  if (batch != NULL && batch->parallel)
    group->parallel = true;
  /* Release: a runner that sees the number sees the members. */
  atomic_fetch_add_explicit(&group->appended, count, memory_order_release);
  scheduler->appended += count;
  hd_scheduler_settle(scheduler, group);
  status = hd_pool_spread(scheduler);
  if (status != 0)
    hd_scheduler_decide(scheduler, group);
  hd_unlock();
  return status;
}

void hd_scheduler_seal(hd_scheduler *scheduler, hd_group *group) {
  hd_lock();
  group->total = atomic_load(&group->appended);
  hd_scheduler_settle(scheduler, group);
  hd_unlock();
}

void hd_scheduler_withdraw(hd_scheduler *scheduler, hd_group *group) {
  hd_lock();
  hd_scheduler_decide(scheduler, group);
  hd_unlock();
}

hd_claim_result hd_scheduler_claim(hd_scheduler *scheduler, hd_group *group, uint32_t index) {
  hd_claim_result result = HD_CLAIM_CANCELLED;
  hd_lock();
  if (!atomic_load(&scheduler->stopping))
    result = hd_group_claim(group, index);
  hd_unlock();
  return result;
}

void hd_scheduler_unclaim(hd_scheduler *scheduler, hd_group *group, uint32_t index) {
  hd_lock();
  scheduler->figures.cancelled += hd_group_unclaim(group, index);
  hd_scheduler_settle(scheduler, group);
  hd_unlock();
}

void hd_scheduler_watch(hd_scheduler *scheduler, hd_group *group) {
  hd_lock();
  atomic_store(&group->watched, true);
  if (group->undelivered > 0)
    hd_scheduler_notify(scheduler, group);
  hd_unlock();
}

void hd_scheduler_count(hd_scheduler *scheduler, hd_group *group, hd_counts *counts) {
  hd_lock();
  *counts = (hd_counts){.done = group->done, .failed = group->failed, .left = group->active};
  uint32_t appended = atomic_load(&group->appended);
  uint32_t next = atomic_load(&group->next);
  if (next < appended)
    counts->left += appended - next;
  for (const hd_runner *runner = scheduler->runners; runner != NULL; runner = runner->next)
    if (runner->group == group)
      counts->running +=
          (double)atomic_load_explicit(&runner->progress, memory_order_relaxed) / HD_PROGRESS_DONE;
  hd_unlock();
}

void hd_scheduler_figures(hd_scheduler *scheduler, hd_figures *figures) {
  hd_lock();
  *figures = scheduler->figures;
  figures->running = scheduler->active;
  uint64_t ended = figures->completed + figures->failed + figures->cancelled;
  /* Expired members count as failed while they still run. */
  uint64_t begun = ended + figures->running;
  figures->queued = scheduler->appended > begun ? scheduler->appended - begun : 0;
  hd_unlock();
}

bool hd_scheduler_take(hd_scheduler *scheduler, hd_delivery *delivery) {
  hd_lock();
  hd_group *group = scheduler->news_first;
  if (group != NULL) {
    scheduler->news_first = group->next_news;
    if (scheduler->news_first == NULL)
      scheduler->news_last = NULL;
    group->notified = false;
    *delivery = (hd_delivery){.group = group,
                              .first = group->finished_first,
                              .dropped_from = group->dropped_from,
                              .finished = group->complete};
    group->finished_first = group->finished_last = HD_NO_MEMBER;
    group->undelivered = 0;
    group->undelivered_bytes = 0;
  }
  hd_unlock();
  return group != NULL;
}

void hd_scheduler_recall(hd_scheduler *scheduler) {
  scheduler->recalled = true;
  hd_scheduler_wake(scheduler);
}

/* ---- Lending ---------------------------------------------------------------- */

uint32_t hd_scheduler_borrow(hd_scheduler *scheduler, uint32_t wanted) {
  hd_lock();
  uint32_t given = hd_budget_borrow(scheduler, wanted);
  hd_pool_watch(scheduler);
  hd_unlock();
  return given;
}

void hd_scheduler_give_back(hd_scheduler *scheduler, uint32_t count) {
  hd_lock();
  hd_budget_return(scheduler, count);
  hd_unlock();
}

bool hd_scheduler_pressed(const hd_scheduler *scheduler) {
  hd_lock();
  bool pressed = hd_budget_presses(scheduler);
  hd_unlock();
  return pressed;
}
