#include "lend.h"

#include "pool.h"
#include "shared.h"
#include "scheduler.h"

static const uint64_t QUANTUM_NS = 10 * 1000 * 1000;
static const uint64_t RESCUE_NS = 100 * 1000 * 1000;

static uint32_t runners(void) {
  return hd_the_process.slots_used + hd_the_process.own_running;
}

static uint32_t unused(void) {
  uint32_t used = runners() + hd_the_process.lent;
  return used < hd_the_process.threads ? hd_the_process.threads - used : 0;
}

static bool runners_wanted(void) {
  for (const hd_scheduler *s = hd_the_process.schedulers; s != NULL; s = s->next)
    if (hd_ready_demand(&s->ready, 1) > 0)
      return true;
  return false;
}

/* The one that has waited longest. */
static hd_scheduler *borrower(void) {
  hd_scheduler *first = NULL;
  for (hd_scheduler *s = hd_the_process.schedulers; s != NULL; s = s->next)
    if (s->wanted > 0 && (first == NULL || s->wanted_at < first->wanted_at))
      first = s;
  return first;
}

static void lend_one(hd_scheduler *scheduler) {
  scheduler->wanted--;
  scheduler->wanted_at = uv_hrtime(); /* the next one is behind the others */
  if (scheduler->lent++ == 0)
    scheduler->lent_at = scheduler->wanted_at;
  scheduler->lent_news++;
  hd_the_process.lent++;
}

/* `asking` is told by its call's result. */
static void settle(bool returned, const hd_scheduler *asking) {
  hd_process *p = &hd_the_process;
  hd_scheduler *next = borrower();
  while (next != NULL && unused() > 0) {
    bool theirs = p->lent < runners() || (returned && p->lent == runners());
    if (!theirs && runners_wanted())
      return;
    lend_one(next);
    if (next != asking)
      hd_scheduler_wake(next);
    next = borrower();
  }
}

void hd_lend_settle(bool returned) {
  if (hd_the_process.rescued && runners() == 0 && !runners_wanted())
    hd_the_process.rescued = false;
  settle(returned, NULL);
}

bool hd_lend_is_wanted(void) {
  return borrower() != NULL;
}

bool hd_lend_claims(uint64_t ns) {
  return ns >= QUANTUM_NS && runners() > hd_the_process.lent && borrower() != NULL;
}

uint32_t hd_lend_borrow(hd_scheduler *scheduler, uint32_t wanted) {
  hd_lock();
  if (atomic_load(&scheduler->stopping))
    wanted = 0;
  if (scheduler->wanted == 0)
    scheduler->wanted_at = uv_hrtime();
  scheduler->wanted = wanted;
  uint32_t before = scheduler->lent_news;
  if (wanted > 0)
    settle(false, scheduler);
  uint32_t given = scheduler->lent_news - before;
  scheduler->lent_news = before; /* of these the caller knows */
  if (scheduler->wanted > 0)
    uv_cond_broadcast(&hd_the_process.help); /* who only lingers gives its slot up */
  hd_pool_watch(scheduler);
  hd_unlock();
  return given;
}

/* Under the lock: threads that came back go to runners, or to borrowers. */
static void spread_anew(void) {
  hd_process *p = &hd_the_process;
  if (p->lent < p->threads)
    p->rescued = false;
  if (!runners_wanted()) {
    hd_lend_settle(false);
    return;
  }
  hd_process_grant();
  for (hd_scheduler *s = p->schedulers; s != NULL; s = s->next)
    if (hd_ready_demand(&s->ready, 1) > 0)
      hd_scheduler_wake(s); /* it spreads its work */
  uv_cond_broadcast(&p->work);
  hd_lend_settle(false);
}

void hd_lend_return(hd_scheduler *scheduler, uint32_t count) {
  hd_lock();
  if (count > scheduler->lent)
    count = scheduler->lent;
  scheduler->lent -= count;
  hd_the_process.lent -= count;
  scheduler->lent_at = uv_hrtime(); /* a new quantum for the rest */
  if (count > 0)
    spread_anew();
  hd_unlock();
}

bool hd_lend_pressed(const hd_scheduler *scheduler) {
  const hd_process *p = &hd_the_process;
  hd_lock();
  bool pressed = p->lent + runners() > p->threads && scheduler->lent > 0;
  if (!pressed && scheduler->lent > 0 && uv_hrtime() - scheduler->lent_at >= QUANTUM_NS) {
    const hd_scheduler *other = borrower();
    pressed = (other != NULL && other != scheduler && other->lent < scheduler->lent) ||
              (p->lent > runners() && runners_wanted());
  }
  hd_unlock();
  return pressed;
}

void hd_lend_rescue(hd_scheduler *scheduler, uint64_t now) {
  hd_process *p = &hd_the_process;
  if (scheduler->wanted > 0 && scheduler->lent == 0 && now - scheduler->wanted_at >= RESCUE_NS) {
    lend_one(scheduler);
    hd_scheduler_wake(scheduler);
  }
  if (p->lent < p->threads || runners() > 0 || hd_ready_demand(&scheduler->ready, 1) == 0) {
    scheduler->blocked_at = 0;
  } else if (scheduler->blocked_at == 0) {
    scheduler->blocked_at = now;
  } else if (now - scheduler->blocked_at >= RESCUE_NS) {
    p->rescued = true;
    uv_cond_broadcast(&p->work);
  }
  hd_lend_settle(false);
}

void hd_lend_end(hd_scheduler *scheduler) {
  hd_the_process.lent -= scheduler->lent;
  scheduler->lent = scheduler->wanted = scheduler->lent_news = 0;
  spread_anew();
}
