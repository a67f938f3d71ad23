#include "timeouts.h"

#include "settle.h"
#include "shared.h"

enum { MS = 1000 * 1000, MOST_AT_ONCE = 64 };

/* Marks the runner's member as expired. Under the lock. */
static bool expire(hd_scheduler *scheduler, hd_group *group, uint32_t index) {
  hd_member *member = hd_group_member(group, index);
  unsigned word = atomic_load(&member->word);
  do {
    if ((word & HD_STATE_MASK) != HD_RUNNING || (word & HD_EXPIRED) != 0)
      return false;
  } while (!atomic_compare_exchange_weak(&member->word, &word, word | HD_EXPIRED));
  group->failed++;
  scheduler->figures.failed++;
  if (!group->decided && hd_group_decides(group, HD_REJECTED))
    hd_scheduler_decide(scheduler, group);
  return true;
}

static void look_again(hd_scheduler *scheduler);

static void on_timer(uv_timer_t *timer) {
  hd_scheduler *scheduler = timer->data;
  struct {
    hd_group *group;
    uint32_t index;
  } expired[MOST_AT_ONCE];
  size_t count = 0;
  uint64_t now = uv_hrtime();
  hd_lock();
  for (hd_runner *runner = scheduler->runners; runner != NULL; runner = runner->next) {
    hd_group *group = runner->group;
    if (group == NULL || group->item_timeout == 0 || runner->member == HD_NO_MEMBER ||
        now < runner->member_started + group->item_timeout || count == MOST_AT_ONCE)
      continue;
    if (expire(scheduler, group, runner->member)) {
      expired[count].group = group;
      expired[count++].index = runner->member;
    }
  }
  hd_unlock();
  /* Their groups cannot go meanwhile: only this thread frees them. What is told
   * may close the scheduler. */
  for (size_t i = 0; i < count && !scheduler->closing; i++)
    scheduler->events.expired(scheduler->data, expired[i].group, expired[i].index);
  look_again(scheduler);
}

/* When the timer has to look again: at the next deadline of what runs, and no
 * later than the shortest timeout from now, for what starts after this look. */
static uint64_t next_look(const hd_scheduler *scheduler, uint64_t now) {
  uint64_t soonest = UINT64_MAX;
  for (const hd_group *group = scheduler->groups; group != NULL; group = group->next_group)
    if (group->item_timeout > 0 && group->item_timeout < soonest - now)
      soonest = now + group->item_timeout;
  for (const hd_runner *runner = scheduler->runners; runner != NULL; runner = runner->next) {
    const hd_group *group = runner->group;
    if (group == NULL || group->item_timeout == 0 || runner->member == HD_NO_MEMBER)
      continue;
    if ((atomic_load(&hd_group_member(group, runner->member)->word) & HD_EXPIRED) != 0)
      continue;
    uint64_t deadline = runner->member_started + group->item_timeout;
    if (deadline < soonest)
      soonest = deadline < now ? now : deadline;
  }
  return soonest;
}

static void start_timer(hd_scheduler *scheduler, uint64_t ns) {
  uv_update_time(scheduler->loop);
  /* Fails only without a callback. */
  (void)uv_timer_start(&scheduler->timer, on_timer, (ns + MS - 1) / MS, 0);
}

static void look_again(hd_scheduler *scheduler) {
  uint64_t now = uv_hrtime();
  hd_lock();
  bool wanted = scheduler->timed > 0 && !scheduler->closing;
  uint64_t look = next_look(scheduler, now);
  hd_unlock();
  if (wanted)
    start_timer(scheduler, look - now);
}

void hd_timeouts_opened(hd_scheduler *scheduler, uint64_t item_timeout) {
  uv_timer_t *timer = &scheduler->timer;
  if (!uv_is_active((uv_handle_t *)timer) || uv_timer_get_due_in(timer) * MS > item_timeout)
    start_timer(scheduler, item_timeout);
}

void hd_timeouts_freed(hd_scheduler *scheduler) {
  if (scheduler->timed == 0 && !scheduler->closing)
    (void)uv_timer_stop(&scheduler->timer); /* always 0 */
}
