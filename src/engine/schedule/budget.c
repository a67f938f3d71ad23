#include "budget.h"

#include "settle.h"
#include "shared.h"

static const uint64_t QUANTUM_NS = 10 * 1000 * 1000;
static const uint64_t RESCUE_NS = 100 * 1000 * 1000;
static const uint64_t SLOT_NS = (uint64_t)HD_SLOT_MS * 1000 * 1000;

/* How long a copy of the library leaves a slot to the others, which look for one
 * every HD_SLOT_MS. */
static const uint64_t YIELD_NS = 2 * (uint64_t)HD_SLOT_MS * 1000 * 1000;

/* ---- Slots and own threads ------------------------------------------------- */

/* Threads of the number that are not lent. */
static uint32_t unlent(void) {
  const hd_process *p = &hd_the_process;
  if (p->lent < p->threads)
    return p->threads - p->lent;
  return p->rescued ? 1 : 0;
}

/* libuv's threads serve fs as well, and cannot take a lower priority back. */
static bool uses_pool(void) {
  return hd_the_process.nice == 0;
}

uint32_t hd_budget_slots(void) {
  uint32_t most = uses_pool() ? hd_the_process.pool_size - 1 : 0;
  uint32_t threads = unlent();
  return threads < most ? threads : most;
}

uint32_t hd_budget_own_limit(void) {
  return unlent() - hd_budget_slots();
}

static uint32_t runners(void) {
  return hd_the_process.slots_used + hd_the_process.own_running;
}

bool hd_budget_own_may_run(void) {
  return hd_the_process.own_running < hd_budget_own_limit() && runners() < unlent();
}

static bool other_copies_wait(void) {
  return atomic_load(&hd_the_process.slots->waiting) > hd_the_process.waiting_count;
}

bool hd_budget_shares(void) {
  return other_copies_wait() ||
         atomic_load(&hd_the_process.slots->used) > hd_the_process.slots_used;
}

/* Whether another copy waits, and no slot is free. */
static bool is_pressed(void) {
  return other_copies_wait() &&
         atomic_load(&hd_the_process.slots->used) + 1 >= hd_the_process.pool_size;
}

bool hd_budget_take_slot(void) {
  hd_process *p = &hd_the_process;
  if (p->slots_used >= hd_budget_slots() || runners() >= unlent())
    return false;
  /* The last free one is left to those who wait, for a while. */
  uint32_t kept = other_copies_wait() && uv_hrtime() < p->yields_until ? 2 : 1;
  unsigned used = atomic_load(&p->slots->used);
  do {
    if (used + kept >= p->pool_size)
      return false;
  } while (!atomic_compare_exchange_weak(&p->slots->used, &used, used + 1));
  p->slots_used++;
  return true;
}

void hd_budget_drop_slot(void) {
  hd_the_process.slots_used--;
  atomic_fetch_sub(&hd_the_process.slots->used, 1);
}

void hd_budget_wait(hd_scheduler *scheduler) {
  if (scheduler->waiting || scheduler->stopping)
    return;
  scheduler->waiting = true;
  if (uses_pool()) {
    hd_the_process.waiting_count++;
    atomic_fetch_add(&hd_the_process.slots->waiting, 1);
  }
  scheduler->next_waiting = NULL;
  if (hd_the_process.waiting_last == NULL)
    hd_the_process.waiting_first = scheduler;
  else
    hd_the_process.waiting_last->next_waiting = scheduler;
  hd_the_process.waiting_last = scheduler;
  uv_cond_broadcast(&hd_the_process.help); /* who only lingers gives its slot up */
}

void hd_budget_wait_no_more(hd_scheduler *scheduler) {
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
  if (uses_pool()) {
    hd_the_process.waiting_count--;
    atomic_fetch_sub(&hd_the_process.slots->waiting, 1);
  }
}

/* Grants free slots to those that wait. */
static void grant(void) {
  while (hd_the_process.waiting_first != NULL && hd_budget_take_slot()) {
    hd_scheduler *next = hd_the_process.waiting_first;
    hd_budget_wait_no_more(next);
    next->granted++;
    next->granted_at = uv_hrtime();
    hd_scheduler_wake(next);
  }
}

/* ---- Lending --------------------------------------------------------------- */

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

/* Lends what is free. `asking` is told by its call's result. */
static void lend(bool returned, const hd_scheduler *asking) {
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

void hd_budget_lend(bool returned) {
  if (hd_the_process.rescued && runners() == 0 && !runners_wanted())
    hd_the_process.rescued = false;
  lend(returned, NULL);
}

uint32_t hd_budget_borrow(hd_scheduler *scheduler, uint32_t wanted) {
  if (atomic_load(&scheduler->stopping))
    wanted = 0;
  if (scheduler->wanted == 0)
    scheduler->wanted_at = uv_hrtime();
  scheduler->wanted = wanted;
  uint32_t before = scheduler->lent_news;
  if (wanted > 0)
    lend(false, scheduler);
  uint32_t given = scheduler->lent_news - before;
  scheduler->lent_news = before; /* of these the caller knows */
  if (scheduler->wanted > 0)
    uv_cond_broadcast(&hd_the_process.help); /* who only lingers gives its slot up */
  return given;
}

/* Threads that came back go to runners, or to borrowers. */
static void spread_anew(void) {
  hd_process *p = &hd_the_process;
  if (p->lent < p->threads)
    p->rescued = false;
  if (!runners_wanted()) {
    hd_budget_lend(false);
    return;
  }
  grant();
  for (hd_scheduler *s = p->schedulers; s != NULL; s = s->next)
    if (hd_ready_demand(&s->ready, 1) > 0)
      hd_scheduler_wake(s); /* it spreads its work */
  uv_cond_broadcast(&p->work);
  hd_budget_lend(false);
}

void hd_budget_return(hd_scheduler *scheduler, uint32_t count) {
  if (count > scheduler->lent)
    count = scheduler->lent;
  scheduler->lent -= count;
  hd_the_process.lent -= count;
  scheduler->lent_at = uv_hrtime(); /* a new quantum for the rest */
  if (count > 0)
    spread_anew();
}

bool hd_budget_presses(const hd_scheduler *scheduler) {
  const hd_process *p = &hd_the_process;
  bool pressed = p->lent + runners() > p->threads && scheduler->lent > 0;
  if (!pressed && scheduler->lent > 0 && uv_hrtime() - scheduler->lent_at >= QUANTUM_NS) {
    const hd_scheduler *other = borrower();
    pressed = (other != NULL && other != scheduler && other->lent < scheduler->lent) ||
              (p->lent > runners() && runners_wanted());
  }
  return pressed;
}

void hd_budget_return_all(hd_scheduler *scheduler) {
  hd_the_process.lent -= scheduler->lent;
  scheduler->lent = scheduler->wanted = scheduler->lent_news = 0;
  spread_anew();
}

/* ---- Both ------------------------------------------------------------------ */

void hd_budget_release_slot(void) {
  if (is_pressed())
    hd_the_process.yields_until = uv_hrtime() + YIELD_NS;
  hd_budget_drop_slot();
  hd_budget_lend(true);
  grant();
  if (!uses_pool())
    uv_cond_broadcast(&hd_the_process.work); /* an own thread may have waited for it to leave */
}

/* Who may run has changed. */
static void look_anew(void) {
  hd_budget_lend(false);
  grant();
  for (hd_scheduler *s = hd_the_process.schedulers; s != NULL; s = s->next)
    hd_scheduler_wake(s); /* each spreads its work anew */
  uv_cond_broadcast(&hd_the_process.work);
  uv_cond_broadcast(&hd_the_process.help);
}

void hd_process_set_threads(uint32_t threads) {
  hd_lock();
  hd_the_process.threads = threads;
  look_anew();
  hd_unlock();
}

void hd_budget_set_nice(uint32_t nice) {
  hd_process *p = &hd_the_process;
  for (hd_scheduler *s = p->schedulers; s != NULL; s = s->next)
    hd_budget_wait_no_more(s); /* for a slot that there may not be */
  p->nice = nice;
  p->own_generation++;
  p->own_current = p->own_idle = 0;
  look_anew();
}

static bool others_are_ready(const hd_scheduler *scheduler) {
  for (const hd_scheduler *s = hd_the_process.schedulers; s != NULL; s = s->next)
    if (s != scheduler && s->ready.count > 0)
      return true;
  return false;
}

/* Whether an environment waits for a slot, this one not counted. */
static bool another_waits(const hd_scheduler *scheduler) {
  const hd_scheduler *first = hd_the_process.waiting_first;
  return first != NULL && (first != scheduler || first->next_waiting != NULL);
}

/* Whether a runner that has run for that long gives its thread up to a borrower. */
static bool lend_claims(uint64_t ns) {
  return ns >= QUANTUM_NS && runners() > hd_the_process.lent && borrower() != NULL;
}

bool hd_budget_must_leave(const hd_scheduler *scheduler, const hd_runner *runner, uint64_t now) {
  if (lend_claims(now - runner->since))
    return true;
  if (!runner->on_pool)
    return runner->generation != hd_the_process.own_generation ||
           hd_the_process.own_running > hd_budget_own_limit() ||
           (now - runner->since >= SLOT_NS && others_are_ready(scheduler));
  if (hd_the_process.slots_used > hd_budget_slots())
    return true;
  return now - runner->since >= SLOT_NS && (another_waits(scheduler) || is_pressed());
}

bool hd_budget_is_wanted(const hd_scheduler *scheduler) {
  return another_waits(scheduler) || is_pressed() || borrower() != NULL;
}

bool hd_budget_waits(const hd_scheduler *scheduler) {
  return scheduler->waiting || scheduler->wanted > 0;
}

/* Takes slots back that were granted before that time and not taken up. */
static void reclaim(uint64_t before) {
  for (hd_scheduler *s = hd_the_process.schedulers; s != NULL; s = s->next) {
    uint32_t late = s->granted_at <= before ? s->granted : 0;
    if (late == 0)
      continue;
    s->granted -= late;
    hd_budget_wait(s); /* behind the others */
    for (; late > 0; late--)
      hd_budget_release_slot();
  }
}

static void rescue(hd_scheduler *scheduler, uint64_t now) {
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
  hd_budget_lend(false);
}

void hd_budget_look_after(hd_scheduler *scheduler, uint64_t now) {
  reclaim(now - SLOT_NS);
  rescue(scheduler, now);
}
