#include "shared.h"

#include <stdlib.h>

#include "cpus.h"
#include "lend.h"
#include "scheduler.h"

hd_process hd_the_process;

/* How long a copy of the library leaves a slot to the others, which look for one
 * every 10 ms. */
enum { YIELD_NS = 20 * 1000 * 1000 };

static uv_once_t once = UV_ONCE_INIT;
static int init_status;

/* As libuv reads it in uv__threadpool_init (src/threadpool.c): 4 by default,
 * 0 means 1, 1024 at most. */
static uint32_t read_pool_size(void) {
  enum { DEFAULT = 4, MOST = 1024 };
  char text[32];
  size_t size = sizeof(text);
  if (uv_os_getenv("UV_THREADPOOL_SIZE", text, &size) != 0)
    return DEFAULT;
  int value = atoi(text);
  if (value == 0)
    return 1;
  return value < 0 || value > MOST ? MOST : (uint32_t)value;
}

static void init(void) {
  hd_process *p = &hd_the_process;
  init_status = uv_mutex_init(&p->lock);
  if (init_status != 0)
    return;
  uv_cond_t *conditions[] = {&p->work, &p->help, &p->helped};
  for (int i = 0; i < 3; i++) {
    init_status = uv_cond_init(conditions[i]);
    if (init_status != 0) {
      while (i > 0)
        uv_cond_destroy(conditions[--i]);
      uv_mutex_destroy(&p->lock);
      return;
    }
  }
  p->pool_size = read_pool_size();
  p->threads = hd_cpus();
  p->slots = hd_copies_join();
}

int hd_process_init(void) {
  uv_once(&once, init);
  return init_status;
}

uint32_t hd_process_unlent(void) {
  const hd_process *p = &hd_the_process;
  if (p->lent < p->threads)
    return p->threads - p->lent;
  return p->rescued ? 1 : 0;
}

uint32_t hd_process_slots(void) {
  uint32_t most = hd_the_process.pool_size - 1;
  uint32_t threads = hd_process_unlent();
  return threads < most ? threads : most;
}

uint32_t hd_process_own_limit(void) {
  return hd_process_unlent() - hd_process_slots();
}

static bool others_wait(void) {
  return atomic_load(&hd_the_process.slots->waiting) > hd_the_process.waiting_count;
}

bool hd_process_shares(void) {
  return others_wait() || atomic_load(&hd_the_process.slots->used) > hd_the_process.slots_used;
}

bool hd_process_is_pressed(void) {
  return others_wait() && atomic_load(&hd_the_process.slots->used) + 1 >= hd_the_process.pool_size;
}

bool hd_process_take_slot(void) {
  hd_process *p = &hd_the_process;
  if (p->slots_used >= hd_process_slots())
    return false;
  /* The last free one is left to those who wait, for a while. */
  uint32_t kept = others_wait() && uv_hrtime() < p->yields_until ? 2 : 1;
  unsigned used = atomic_load(&p->slots->used);
  do {
    if (used + kept >= p->pool_size)
      return false;
  } while (!atomic_compare_exchange_weak(&p->slots->used, &used, used + 1));
  p->slots_used++;
  return true;
}

void hd_process_drop_slot(void) {
  hd_the_process.slots_used--;
  atomic_fetch_sub(&hd_the_process.slots->used, 1);
}

void hd_process_wait(hd_scheduler *scheduler) {
  if (scheduler->waiting || scheduler->stopping)
    return;
  scheduler->waiting = true;
  hd_the_process.waiting_count++;
  atomic_fetch_add(&hd_the_process.slots->waiting, 1);
  scheduler->next_waiting = NULL;
  if (hd_the_process.waiting_last == NULL)
    hd_the_process.waiting_first = scheduler;
  else
    hd_the_process.waiting_last->next_waiting = scheduler;
  hd_the_process.waiting_last = scheduler;
  uv_cond_broadcast(&hd_the_process.help); /* who only lingers gives its slot up */
}

void hd_process_wait_no_more(hd_scheduler *scheduler) {
  if (!scheduler->waiting)
    return;
  hd_scheduler *before = NULL;
  hd_scheduler *at = hd_the_process.waiting_first;
  while (at != scheduler) {
    before = at;
    at = at->next_waiting;
  }
  if (before == NULL)
    hd_the_process.waiting_first = scheduler->next_waiting;
  else
    before->next_waiting = scheduler->next_waiting;
  if (hd_the_process.waiting_last == scheduler)
    hd_the_process.waiting_last = before;
  scheduler->waiting = false;
  hd_the_process.waiting_count--;
  atomic_fetch_sub(&hd_the_process.slots->waiting, 1);
}

void hd_process_grant(void) {
  while (hd_the_process.waiting_first != NULL && hd_process_take_slot()) {
    hd_scheduler *next = hd_the_process.waiting_first;
    hd_process_wait_no_more(next);
    next->granted++;
    next->granted_at = uv_hrtime();
    hd_scheduler_wake(next);
  }
}

void hd_process_release_slot(void) {
  if (hd_process_is_pressed())
    hd_the_process.yields_until = uv_hrtime() + YIELD_NS;
  hd_process_drop_slot();
  hd_lend_settle(true);
  hd_process_grant();
}

void hd_process_reclaim(uint64_t before) {
  for (hd_scheduler *s = hd_the_process.schedulers; s != NULL; s = s->next) {
    uint32_t late = s->granted_at <= before ? s->granted : 0;
    if (late == 0)
      continue;
    s->granted -= late;
    hd_process_wait(s); /* behind the others */
    for (; late > 0; late--)
      hd_process_release_slot();
  }
}

bool hd_process_is_idle(void) {
  bool idle = true;
  hd_lock();
  for (const hd_scheduler *s = hd_the_process.schedulers; s != NULL; s = s->next)
    idle = idle && s->active == 0;
  hd_unlock();
  return idle;
}

void hd_process_set_threads(uint32_t threads) {
  hd_lock();
  hd_the_process.threads = threads;
  hd_lend_settle(false);
  hd_process_grant();
  for (hd_scheduler *s = hd_the_process.schedulers; s != NULL; s = s->next)
    hd_scheduler_wake(s); /* each spreads its work anew */
  uv_cond_broadcast(&hd_the_process.work);
  uv_cond_broadcast(&hd_the_process.help);
  hd_unlock();
}
