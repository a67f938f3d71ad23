#include "lifecycle.h"

#include "alloc.h"
#include "budget.h"
#include "host.h"
#include "pool.h"
#include "recording.h"
#include "scheduler.h"
#include "settle.h"
#include "shared.h"

static void on_closed(uv_handle_t *handle) {
  hd_scheduler *scheduler = handle->data;
  if (--scheduler->handles > 0)
    return;
  hd_lock();
  if (scheduler->previous == NULL)
    hd_the_process.schedulers = scheduler->next;
  else
    scheduler->previous->next = scheduler->next;
  if (scheduler->next != NULL)
    scheduler->next->previous = scheduler->previous;
  hd_unlock();
  while (scheduler->groups != NULL)
    hd_scheduler_free_group(scheduler, scheduler->groups);
  hd_recording_end(scheduler);
  hd_ready_free(&scheduler->ready);
  hd_free(scheduler->spare); /* all are back */
  void (*closed)(void *) = scheduler->closed;
  void *data = scheduler->data;
  hd_free(scheduler);
  closed(data);
}

/* Closes the handles once nothing of the scheduler is on any thread; does
 * nothing unless it is closing. Not under the lock. */
static void try_close(hd_scheduler *scheduler) {
  if (!scheduler->closing || uv_is_closing((uv_handle_t *)&scheduler->async))
    return;
  hd_lock();
  bool idle = scheduler->works == 0 && scheduler->own == 0;
  hd_unlock();
  if (!idle)
    return; /* who is the last comes back here: hd_scheduler.drained, or an own thread */
  uv_close((uv_handle_t *)&scheduler->async, on_closed);
  uv_close((uv_handle_t *)&scheduler->timer, on_closed);
  uv_close((uv_handle_t *)&scheduler->claim, on_closed);
}

static void on_async(uv_async_t *async) {
  hd_scheduler *scheduler = async->data;
  if (scheduler->closing) {
    try_close(scheduler);
    return;
  }
  hd_lock();
  (void)hd_pool_spread(scheduler); /* slots granted; what waits had a thread before */
  bool news = scheduler->news_first != NULL || scheduler->recalled;
  scheduler->recalled = false;
  uint32_t lent = scheduler->lent_news;
  scheduler->lent_news = 0;
  hd_unlock();
  if (lent > 0)
    scheduler->events.lent(scheduler->data, lent);
  if (news)
    scheduler->events.news(scheduler->data);
}

int hd_scheduler_new(uv_loop_t *loop, const hd_events *events, void *data, hd_scheduler **made) {
  int status = hd_process_init();
  if (status != 0)
    return status;
  hd_scheduler *scheduler = hd_calloc(1, sizeof(*scheduler));
  if (scheduler == NULL)
    return UV_ENOMEM;
  scheduler->spare = hd_calloc(1, sizeof(*scheduler->spare));
  if (scheduler->spare == NULL) {
    hd_free(scheduler);
    return UV_ENOMEM;
  }
  scheduler->loop = loop;
  scheduler->events = *events;
  scheduler->data = data;
  scheduler->host = &hd_host;
  scheduler->summon = hd_pool_summon;
  scheduler->drained = try_close;
  atomic_init(&scheduler->stopping, false);
  status = uv_async_init(loop, &scheduler->async, on_async);
  if (status != 0) {
    hd_free(scheduler->spare);
    hd_free(scheduler);
    return status;
  }
  (void)uv_timer_init(loop, &scheduler->timer); /* always 0 */
  (void)uv_timer_init(loop, &scheduler->claim);
  scheduler->async.data = scheduler->timer.data = scheduler->claim.data = scheduler;
  uv_unref((uv_handle_t *)&scheduler->async);
  uv_unref((uv_handle_t *)&scheduler->timer);
  uv_unref((uv_handle_t *)&scheduler->claim);
  scheduler->handles = 3;

  hd_lock();
  scheduler->next = hd_the_process.schedulers;
  if (scheduler->next != NULL)
    scheduler->next->previous = scheduler;
  hd_the_process.schedulers = scheduler;
  if (hd_the_process.stopping)
    atomic_store(&scheduler->stopping, true);
  hd_unlock();
  *made = scheduler;
  return 0;
}

void hd_scheduler_stop(hd_scheduler *scheduler) {
  hd_lock();
  atomic_store(&scheduler->stopping, true);
  for (hd_group *group = scheduler->groups; group != NULL; group = group->next_group) {
    hd_scheduler_decide(scheduler, group);
    scheduler->figures.cancelled += hd_group_drop(group);
    hd_scheduler_settle(scheduler, group);
  }
  hd_budget_wait_no_more(scheduler);
  uv_cond_broadcast(&hd_the_process.help); /* runners that linger leave */
  hd_budget_return_all(scheduler);
  (void)hd_pool_spread(scheduler); /* gives granted slots back */
  hd_unlock();
  hd_pool_cancel(scheduler);
}

void hd_scheduler_close(hd_scheduler *scheduler, void (*closed)(void *data)) {
  scheduler->closed = closed;
  scheduler->closing = true;
  uv_ref((uv_handle_t *)&scheduler->async); /* the loop runs until it is closed */
  (void)uv_timer_stop(&scheduler->timer);   /* always 0 */
  hd_scheduler_stop(scheduler);
  try_close(scheduler);
}
