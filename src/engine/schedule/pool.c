#include "pool.h"

#include <string.h>

#include "alloc.h"
#include "budget.h"
#include "loop.h"
#include "own_threads.h"
#include "runner.h"
#include "settle.h"
#include "shared.h"

static void give_slot_back(hd_scheduler *scheduler) {
  scheduler->slots--;
  hd_budget_release_slot();
}

/* A parallel task is under way, and may open a loop: waits for it, since nobody
 * could call for this thread then. True when there may be something to do. */
static bool linger(hd_scheduler *scheduler) {
  if (scheduler->parallel == 0 || hd_budget_is_wanted(scheduler) ||
      atomic_load(&scheduler->stopping))
    return false;
  hd_process *p = &hd_the_process;
  scheduler->lingering++;
  if (atomic_load(&p->slots->copies) > 1) /* others cannot call for it */
    (void)uv_cond_timedwait(&p->help, &p->lock, (uint64_t)HD_SLOT_MS * 1000 * 1000);
  else
    uv_cond_wait(&p->help, &p->lock);
  scheduler->lingering--;
  return true;
}

/* On a thread of libuv's pool. */
static void pool_work(uv_work_t *work) {
  hd_runner *runner = work->data;
  hd_scheduler *scheduler = runner->scheduler;
  hd_lock();
  runner->started = true;
  runner->since = uv_hrtime();
  scheduler->starting--;
  while (!hd_budget_must_leave(scheduler, runner, uv_hrtime()))
    if (!hd_runner_turn(scheduler, runner) && !hd_loop_help(scheduler, runner) &&
        !linger(scheduler))
      break;
  hd_runner_leave(scheduler, runner);
  if (hd_ready_demand(&scheduler->ready, 1) > 0)
    hd_budget_wait(scheduler);
  give_slot_back(scheduler);
  hd_unlock();
}

/* A runner that is no longer used is kept as the spare one, if that is out. */
static void runner_free(hd_scheduler *scheduler, hd_runner *runner) {
  if (scheduler->spare == NULL)
    scheduler->spare = runner;
  else
    hd_free(runner);
}

/* On the loop's thread. */
static void pool_after(uv_work_t *work, int status) {
  hd_runner *runner = work->data;
  hd_scheduler *scheduler = runner->scheduler;
  hd_lock();
  if (status == UV_ECANCELED) { /* it never began */
    hd_runner_leave(scheduler, runner);
    scheduler->starting--;
    give_slot_back(scheduler);
  }
  runner_free(scheduler, runner);
  scheduler->works--;
  (void)hd_pool_spread(scheduler); /* what waits had a thread before */
  hd_unlock();
  if (scheduler->works == 0)
    scheduler->drained(scheduler);
}

/* The slot is already counted in the process. */
static int start_runner(hd_scheduler *scheduler) {
  hd_runner *runner = hd_calloc(1, sizeof(*runner));
  if (runner == NULL) {
    runner = scheduler->spare;
    scheduler->spare = NULL;
    if (runner == NULL)
      return UV_ENOMEM; /* pool_after() brings one back, and spreads anew */
    memset(runner, 0, sizeof(*runner));
  }
  runner->on_pool = true;
  runner->work.data = runner;
  atomic_init(&runner->progress, 0);
  hd_runner_enter(scheduler, runner);
  int status = uv_queue_work(scheduler->loop, &runner->work, pool_work, pool_after);
  if (status != 0) {
    hd_runner_leave(scheduler, runner);
    runner_free(scheduler, runner);
    return status;
  }
  scheduler->starting++;
  scheduler->works++;
  scheduler->slots++;
  return 0;
}

static void on_claim(uv_timer_t *timer) {
  hd_scheduler *scheduler = timer->data;
  hd_lock();
  hd_budget_look_after(scheduler, uv_hrtime());
  (void)hd_pool_spread(scheduler); /* what waits had a thread before */
  hd_unlock();
}

/* Whoever waits for a slot looks after those that others let lie. */
void hd_pool_watch(hd_scheduler *scheduler) {
  if (scheduler->closing)
    return;
  if (!hd_budget_waits(scheduler))
    (void)uv_timer_stop(&scheduler->claim); /* always 0 */
  else if (!uv_is_active((uv_handle_t *)&scheduler->claim))
    (void)uv_timer_start(&scheduler->claim, on_claim, HD_SLOT_MS, HD_SLOT_MS);
}

/* Whether loops have use for all threads, now or as soon as they are opened: a
 * worker thread cannot queue works then. */
static bool wants_helpers(const hd_scheduler *scheduler) {
  for (size_t i = 0; i < scheduler->ready.count; i++)
    if (scheduler->ready.groups[i]->parallel)
      return true;
  return hd_loop_waits(scheduler);
}

/* Returns as hd_pool_spread(). */
static int spread(hd_scheduler *scheduler) {
  hd_process *p = &hd_the_process;
  uint32_t need = 0;
  int status = 0;
  if (!atomic_load(&scheduler->stopping)) {
    uint32_t coming = scheduler->starting + scheduler->lingering;
    uint32_t most = p->threads + coming;
    uint32_t demand = wants_helpers(scheduler) ? most : hd_ready_demand(&scheduler->ready, most);
    need = demand > coming ? demand - coming : 0;
  }
  if (need == 0)
    hd_budget_wait_no_more(scheduler);
  uint32_t granted = scheduler->granted;
  for (scheduler->granted = 0; granted > 0; granted--) {
    if (need > 0 && p->slots_used <= hd_budget_slots() && (status = start_runner(scheduler)) == 0)
      need--;
    else
      hd_budget_release_slot();
  }
  while (need > 0 && (p->waiting_first == NULL || p->waiting_first == scheduler) &&
         hd_budget_take_slot()) {
    if ((status = start_runner(scheduler)) != 0) {
      hd_budget_drop_slot();
      break;
    }
    need--;
  }
  if (need == 0) {
    hd_budget_wait_no_more(scheduler);
    return 0;
  }
  if (hd_budget_own_limit() > 0) {
    int started = hd_threads_wake(need);
    status = started == 0 ? 0 : started;
  }
  bool others = p->slots_used > scheduler->slots || hd_budget_shares(); /* have some */
  if ((others && hd_budget_slots() > 0) || p->lent > 0) {
    hd_budget_wait(scheduler);
    return 0;
  }
  /* A runner that is on its way back looks at what waits, too. */
  bool has_thread = scheduler->works > 0 || p->own_current > 0;
  return has_thread ? 0 : status;
}

int hd_pool_spread(hd_scheduler *scheduler) {
  int status = spread(scheduler);
  hd_pool_watch(scheduler);
  return status;
}

void hd_pool_cancel(hd_scheduler *scheduler) {
  hd_lock();
  for (hd_runner *runner = scheduler->runners; runner != NULL; runner = runner->next)
    if (runner->on_pool && !runner->started)
      (void)uv_cancel((uv_req_t *)&runner->work); /* UV_EBUSY: it has just begun */
  hd_unlock();
}

void hd_pool_summon(hd_scheduler *scheduler, uint32_t helpers) {
  if (scheduler->lingering > 0)
    uv_cond_broadcast(&hd_the_process.help);
  else if (hd_the_process.slots_used < hd_budget_slots())
    hd_scheduler_wake(scheduler); /* the task was not declared parallel: its loop may be late */
  if (hd_budget_own_limit() > 0)
    (void)hd_threads_wake(helpers); /* they are welcome, not needed */
}
