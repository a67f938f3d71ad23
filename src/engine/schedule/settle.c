#include "settle.h"

#include "shared.h"

void hd_scheduler_wake(hd_scheduler *scheduler) {
  (void)uv_async_send(&scheduler->async); /* fails only once it is closed */
}

void hd_scheduler_notify(hd_scheduler *scheduler, hd_group *group) {
  if (group->notified)
    return;
  group->notified = true;
  group->notified_at = uv_hrtime();
  group->next_news = NULL;
  if (scheduler->news_last == NULL)
    scheduler->news_first = group;
  else
    scheduler->news_last->next_news = group;
  scheduler->news_last = group;
  hd_scheduler_wake(scheduler);
}

void hd_scheduler_settle(hd_scheduler *scheduler, hd_group *group) {
  if (group->complete)
    return;
  if (hd_group_at_end(group)) {
    if (group->held != HD_NO_MEMBER)
      hd_group_finish(group, group->held);
    group->held = HD_NO_MEMBER;
    group->complete = true;
    hd_ready_remove(&scheduler->ready, group);
    hd_scheduler_notify(scheduler, group);
  } else if (hd_group_runnable(group)) {
    hd_ready_insert(&scheduler->ready, group);
    if (scheduler->lingering > 0)
      uv_cond_broadcast(&hd_the_process.help);
  } else {
    hd_ready_remove(&scheduler->ready, group);
  }
}

void hd_scheduler_decide(hd_scheduler *scheduler, hd_group *group) {
  scheduler->figures.cancelled += hd_group_withdraw(group);
  hd_scheduler_settle(scheduler, group);
}
