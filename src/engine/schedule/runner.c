#include "runner.h"

#include "budget.h"
#include "recording.h"
#include "settle.h"
#include "shared.h"

enum {
  SLICE_NS = 20 * 1000,               /* members run between two looks at the lock */
  TURN_NS = 50 * 1000,                /* a turn, when other groups wait */
  SEQUENCE_TURN_NS = 2 * 1000 * 1000, /* the same for a sequence, whose data is warm here */
  DELIVER_MEMBERS = 1024,             /* undelivered results that wake the loop: a number, */
  DELIVER_BYTES = 1024 * 1024,        /* a size, */
  DELIVER_NS = 20 * 1000 * 1000,      /* or a time since they last did */
  MOST_RAN = 256                      /* members of a slice, while they are recorded */
};

/* Members that ran since the lock was last held, as a list. */
typedef struct slice {
  uint32_t first, last, count;
  uint64_t ended;           /* ns */
  uint64_t wait_ns, run_ns; /* sums over those that ran */
  bool exhausted;           /* no member was left to claim */
  bool recorded;
  uint32_t ran_count;
  hd_ran *ran; /* room for MOST_RAN, if they are recorded */
} slice;

void hd_runner_enter(hd_scheduler *scheduler, hd_runner *runner) {
  runner->scheduler = scheduler;
  runner->group = NULL;
  runner->next = scheduler->runners;
  scheduler->runners = runner;
}

void hd_runner_leave(hd_scheduler *scheduler, hd_runner *runner) {
  hd_runner **link = &scheduler->runners;
  while (*link != runner)
    link = &(*link)->next;
  *link = runner->next;
}

/* Queued to running, unless nobody wants it. */
static bool member_start(hd_group *group, hd_member *member) {
  unsigned word = atomic_load(&member->word);
  for (;;) {
    unsigned state = hd_member_cancelled(group, member) ? HD_DROPPED : HD_RUNNING;
    /* A claim that comes in between changes the word, and is seen. */
    if (atomic_compare_exchange_weak(&member->word, &word, word - HD_QUEUED + state))
      return state == HD_RUNNING;
  }
}

/* Running to its last state; the claims in the word stay. */
static void member_end(hd_group *group, hd_member *member, unsigned state) {
  unsigned word = atomic_load(&member->word);
  unsigned last;
  do {
    last = hd_member_cancelled(group, member) ? HD_CANCELLED : state;
  } while (!atomic_compare_exchange_weak(&member->word, &word, word - HD_RUNNING + last));
  if (last == HD_CANCELLED)
    hd_value_free(&member->result, member->batch->secret);
}

static bool run_cancelled(const hd_caller *caller) {
  const hd_run *run = (const hd_run *)caller;
  return hd_member_cancelled(run->group, run->member);
}

static unsigned run_chain(const hd_run *run, hd_group *group, hd_member *member) {
  const hd_chain *chain = (const hd_chain *)(const void *)member->step.args;
  bool secret = member->batch->secret;
  heddle_value previous = {.type = HD_VALUE_NONE};
  unsigned state = HD_FULFILLED;
  for (size_t i = 0; i < chain->count && state == HD_FULFILLED; i++) {
    heddle_value result;
    if (hd_member_cancelled(group, member)) {
      state = HD_CANCELLED;
      break;
    }
    state = hd_step_run(&run->caller, &chain->steps[i], i == 0 ? NULL : &previous, &result);
    hd_value_free(&previous, secret);
    previous = result;
  }
  if (state == HD_CANCELLED)
    hd_value_free(&previous, secret);
  member->result = previous;
  return state;
}

/* False when nobody wanted it any more, and it did not run. */
static bool run_member(hd_runner *runner, hd_run *run, hd_group *group, uint32_t index,
                       uint64_t now) {
  hd_member *member = hd_group_member(group, index);
  if (!member_start(group, member))
    return false;
  if (group->item_timeout > 0) {
    hd_lock();
    runner->member = index;
    runner->member_started = now;
    hd_unlock();
  }
  unsigned state;
  run->member = member;
  if (member->step.definition == NULL) {
    state = run_chain(run, group, member);
  } else {
    /* Only a sequence has members that refer to the one before. */
    const heddle_value *previous = group->policy == HD_SEQUENCE && index > 0
                                       ? &hd_group_member(group, index - 1)->result
                                       : NULL;
    state = hd_step_run(&run->caller, &member->step, previous, &member->result);
  }
  if (group->item_timeout > 0) {
    hd_lock();
    runner->member = HD_NO_MEMBER;
    hd_unlock();
  }
  member_end(group, member, state);
  return true;
}

static void run_slice(hd_runner *runner, hd_group *group, slice *s) {
  hd_run run = {.caller = {.host = runner->scheduler->host,
                           .cancelled = run_cancelled,
                           .progress = &runner->progress},
                .scheduler = runner->scheduler,
                .group = group};
  uint64_t now = uv_hrtime(); /* the lock may have been waited for */
  uint64_t began = now;
  uint64_t wait_ns = 0;
  uint64_t idle_ns = 0;
  uint32_t ran = 0;
  const bool recorded = s->recorded;
  s->first = HD_NO_MEMBER;
  s->count = 0;
  s->exhausted = false;
  do {
    uint32_t index = hd_group_take(group);
    if (index == HD_NO_MEMBER) {
      s->exhausted = true;
      break;
    }
    hd_member *member = hd_group_member(group, index);
    const uint64_t queued = member->batch->queued;
    uint64_t then = now; /* the clock was last read: it may have been appended since */
    if (then < queued) {
      idle_ns += queued - then;
      then = queued;
    }
    const bool has_run = run_member(runner, &run, group, index, then);
    member->next = HD_NO_MEMBER;
    if (s->first == HD_NO_MEMBER)
      s->first = index;
    else
      hd_group_member(group, s->last)->next = index;
    s->last = index;
    s->count++;
    now = uv_hrtime();
    if (has_run)
      wait_ns += then - queued;
    else
      idle_ns += now - then;
    if (recorded && has_run) {
      s->ran[ran++] = (hd_ran){.index = index, .started = then, .ended = now};
      if (ran == MOST_RAN)
        break;
    }
    if (hd_group_decides(group, atomic_load(&member->word) & HD_STATE_MASK))
      break;
    /* What is watched must not wait for a long member in the same slice. */
  } while (now - began < SLICE_NS && !atomic_load(&group->watched));
  s->ended = now;
  s->wait_ns = wait_ns;
  s->run_ns = now - began - idle_ns;
  s->ran_count = ran;
}

/* ---- Under the lock ----------------------------------------------------- */

/* A sequence's last result stays with the runner while the next step may read
 * it: what is published is the one before. */
static void finish(hd_group *group, uint32_t index) {
  if (group->policy != HD_SEQUENCE) {
    hd_group_finish(group, index);
    return;
  }
  if (group->held != HD_NO_MEMBER)
    hd_group_finish(group, group->held);
  group->held = index;
}

static void count_member(hd_scheduler *scheduler, hd_group *group, const hd_member *member) {
  unsigned word = atomic_load(&member->word);
  group->done++;
  switch (word & HD_STATE_MASK) {
  case HD_FULFILLED:
    scheduler->figures.completed++;
    break;
  case HD_REJECTED:
    scheduler->figures.failed++;
    group->failed++;
    break;
  default: /* an expired one was counted as failed when it expired */
    if ((word & HD_EXPIRED) == 0)
      scheduler->figures.cancelled++;
    break;
  }
  group->undelivered++;
  group->undelivered_bytes += hd_value_bytes(&member->result);
}

static void publish(hd_scheduler *scheduler, const hd_runner *runner, hd_group *group, slice *s) {
  bool decided = false;
  /* It may have begun or ended since the slice did. */
  if (scheduler->recording != NULL)
    hd_recording_add(scheduler->recording, group, s->ran, s->ran_count, runner->on_pool);
  s->recorded = scheduler->recording != NULL;
  for (uint32_t i = s->first, next; i != HD_NO_MEMBER; i = next) {
    const hd_member *member = hd_group_member(group, i);
    next = member->next; /* finish() writes over it */
    count_member(scheduler, group, member);
    decided = decided || hd_group_decides(group, atomic_load(&member->word) & HD_STATE_MASK);
    finish(group, i);
  }
  scheduler->figures.run_ns += s->run_ns;
  scheduler->figures.wait_ns += s->wait_ns;
  if (decided && !group->decided)
    hd_scheduler_decide(scheduler, group);
  if (s->count > 0 &&
      (decided || atomic_load(&group->watched) || group->undelivered >= DELIVER_MEMBERS ||
       group->undelivered_bytes >= DELIVER_BYTES || s->ended - group->notified_at >= DELIVER_NS))
    hd_scheduler_notify(scheduler, group);
}

static bool turn_is_over(hd_scheduler *scheduler, hd_runner *runner, hd_group *group,
                         uint64_t elapsed, uint64_t now) {
  if (hd_budget_must_leave(scheduler, runner, now))
    return true;
  uint64_t quantum = group->policy == HD_SEQUENCE ? SEQUENCE_TURN_NS : TURN_NS;
  size_t self = group->is_ready ? 1 : 0;
  return scheduler->ready.count > self && elapsed >= quantum;
}

bool hd_runner_turn(hd_scheduler *scheduler, hd_runner *runner) {
  if (scheduler->ready.count == 0)
    return false;
  hd_group *group = scheduler->ready.groups[0];
  bool parallel = group->parallel;
  group->active++;
  scheduler->active++;
  scheduler->parallel += parallel;
  group->turn = ++scheduler->turns;
  hd_ready_rotate(&scheduler->ready);
  hd_scheduler_settle(scheduler, group); /* it may be at its limit now */
  runner->member = HD_NO_MEMBER;
  runner->group = group;

  uint64_t began = uv_hrtime();
  hd_ran ran[MOST_RAN];
  slice s = {.recorded = scheduler->recording != NULL, .ran = ran};
  do {
    hd_unlock();
    run_slice(runner, group, &s);
    hd_lock();
    publish(scheduler, runner, group, &s);
  } while (!s.exhausted && !turn_is_over(scheduler, runner, group, s.ended - began, s.ended));

  runner->group = NULL;
  atomic_store_explicit(&runner->progress, 0, memory_order_relaxed);
  group->active--;
  scheduler->active--;
  scheduler->parallel -= parallel;
  if (scheduler->parallel == 0 && scheduler->lingering > 0)
    uv_cond_broadcast(&hd_the_process.help);
  /* Behind those that came during the turn. */
  hd_ready_remove(&scheduler->ready, group);
  group->turn = ++scheduler->turns;
  hd_scheduler_settle(scheduler, group);
  return true;
}
