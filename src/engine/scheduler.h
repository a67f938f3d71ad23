/* The scheduler: one an environment (a main thread or worker). It owns the
 * environment's groups, its runners on libuv's pool, and the one uv_async_t by
 * which runners wake its loop. */
#ifndef HD_SCHEDULER_H
#define HD_SCHEDULER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "group.h"
#include "ready.h"

typedef struct hd_scheduler hd_scheduler;

/* What a thread needs to run members. Belongs to one thread, but for the
 * fields said to be otherwise. */
typedef struct hd_runner {
  uv_work_t work; /* when it is a runner on libuv's pool */
  hd_scheduler *scheduler;
  bool on_pool;
  bool started;         /* under the lock */
  uint64_t since;       /* ns, when it got its slot */
  atomic_uint progress; /* of its member, see HD_PROGRESS_DONE; any thread */

  /* Under the lock; the loop's timer reads them. */
  hd_group *group;
  uint32_t member;
  uint64_t member_started; /* ns; kept only for groups with an item timeout */
  struct hd_runner *next;  /* in hd_scheduler.runners */
} hd_runner;

/* A member that runs, as its call's caller. */
typedef struct hd_run {
  hd_caller caller; /* first: such an hd_caller * is an hd_run * */
  hd_scheduler *scheduler;
  const hd_group *group;
  const hd_member *member;
} hd_run;

/* What the loop's thread is told. Called on the loop's thread, without the
 * lock. */
typedef struct hd_events {
  void (*news)(void *data);                                     /* call hd_scheduler_take() */
  void (*expired)(void *data, hd_group *group, uint32_t index); /* an item timed out */
  void (*lent)(void *data, uint32_t count); /* threads, see lend.h; may be NULL */
} hd_events;

typedef struct hd_figures {
  uint64_t queued, running, completed, failed, cancelled; /* members */
  uint64_t wait_ns, run_ns;                               /* sums over all that ran */
} hd_figures;

struct hd_scheduler {
  /* Set once. */
  uv_loop_t *loop;
  hd_events events;
  void *data;
  const heddle_host *host; /* for the calls of its members */

  /* Only the loop's thread. */
  uv_async_t async;
  uv_timer_t timer; /* item timeouts */
  uv_timer_t claim; /* runs while it waits for a slot */
  uint32_t open;    /* groups not yet delivered; the async handle is ref'd meanwhile */
  uint32_t works;   /* runners whose after-work callback is to come */
  uint32_t handles; /* not closed */
  bool closing;
  bool recalled; /* the binding has not delivered all that it took */
  void (*closed)(void *data);

  /* Under the lock. */
  hd_ready ready;
  hd_runner *runners;  /* that are queued or run, own threads' included */
  hd_runner *spare;    /* for when there is no memory; NULL only while one is out */
  uint32_t slots;      /* of libuv's pool that its runners hold, not the granted ones */
  uint32_t starting;   /* runners queued on libuv that have not begun */
  uint32_t granted;    /* slots given, for which no runner is queued yet */
  uint64_t granted_at; /* ns, the last of them */
  uint32_t active;     /* runners on a group */
  uint32_t own;        /* own threads on a group */
  uint32_t timed;      /* groups with an item timeout */
  uint32_t parallel;   /* runners on a group with parallel tasks */
  uint32_t lingering;  /* runners on libuv's pool that wait for a loop to help with */
  struct hd_loop *loops;
  uint32_t lent;       /* threads that it has borrowed, see lend.h */
  uint32_t lent_news;  /* of these, those of which it has not been told */
  uint32_t wanted;     /* that it wants to borrow */
  uint64_t wanted_at;  /* ns, since when; or the last time it got one */
  uint64_t lent_at;    /* ns, when its quantum began */
  uint64_t blocked_at; /* ns, since when all threads are lent and its runners wait; or 0 */
  uint64_t turns;
  uint64_t appended;                /* members, ever */
  hd_figures figures;               /* without queued and running */
  hd_group *groups;                 /* all */
  hd_group *news_first, *news_last; /* groups with something to deliver */
  bool waiting;                     /* in the process's queue for a slot */
  struct hd_scheduler *next_waiting;
  struct hd_scheduler *next, *previous; /* all schedulers */

  /* Any thread. */
  atomic_bool stopping; /* everything is to stop; never goes back */
};

/* ---- Loop thread -------------------------------------------------------- */

/* Returns 0 or libuv's error. `closed` of hd_scheduler_close() frees it. */
int hd_scheduler_new(uv_loop_t *loop, const hd_events *events, void *data, hd_scheduler **made);

/* Cancels everything; nothing is delivered any more. */
void hd_scheduler_stop(hd_scheduler *scheduler);

/* Stops, waits for running members, closes the handles, frees everything and
 * calls `closed(data)` last, on the loop's thread. */
void hd_scheduler_close(hd_scheduler *scheduler, void (*closed)(void *data));

/* Opens a group of `total` members, none of which is there yet. `limit` and
 * `total` are at least 1. NULL when there is no memory. */
hd_group *hd_scheduler_open(hd_scheduler *scheduler, hd_policy policy, uint32_t total,
                            uint32_t limit, double priority, uint64_t item_timeout);

/* Appends members that were filled in from hd_group.appended on, room for
 * which was made by hd_group_reserve(). Returns 0; UV_ECANCELED when the group
 * is withdrawn or the scheduler stopped, and nothing was appended; or the
 * error for which no thread at all could be started: all members are dropped
 * then. */
int hd_scheduler_append(hd_scheduler *scheduler, hd_group *group, uint32_t count);

/* No more members will be appended, though fewer came than hd_scheduler_open()
 * was told. */
void hd_scheduler_seal(hd_scheduler *scheduler, hd_group *group);

/* Takes a group's claim on its members back, and the members not yet appended. */
void hd_scheduler_withdraw(hd_scheduler *scheduler, hd_group *group);

hd_claim_result hd_scheduler_claim(hd_scheduler *scheduler, hd_group *group, uint32_t index);
void hd_scheduler_unclaim(hd_scheduler *scheduler, hd_group *group, uint32_t index);

/* From now on each member is delivered as it ends. */
void hd_scheduler_watch(hd_scheduler *scheduler, hd_group *group);

typedef struct hd_counts {
  uint32_t done, failed;
  double running; /* sum of the fractions that running members report */
} hd_counts;

void hd_scheduler_count(hd_scheduler *scheduler, hd_group *group, hd_counts *counts);
void hd_scheduler_figures(hd_scheduler *scheduler, hd_figures *figures);

/* A list of finished members, for one group. */
typedef struct hd_delivery {
  hd_group *group;
  uint32_t first;        /* follow hd_member.next; HD_NO_MEMBER at the end */
  uint32_t dropped_from; /* when finished: these were dropped without a member each */
  bool finished;         /* the group is the caller's to hd_scheduler_free_group() */
} hd_delivery;

/* Takes one group's finished members, in the order in which they finished.
 * False when there is no news. */
bool hd_scheduler_take(hd_scheduler *scheduler, hd_delivery *delivery);

/* Has hd_events.news called again, after other events of the loop. */
void hd_scheduler_recall(hd_scheduler *scheduler);

/* Frees a group that was delivered as finished. */
void hd_scheduler_free_group(hd_scheduler *scheduler, hd_group *group);

/* ---- Any thread --------------------------------------------------------- */

void hd_scheduler_wake(hd_scheduler *scheduler);

/* ---- Runners (runner.c), under the lock --------------------------------- */

/* Runs members of the group whose turn it is, giving the lock up meanwhile.
 * False when none is ready. */
bool hd_runner_turn(hd_scheduler *scheduler, hd_runner *runner);

void hd_runner_enter(hd_scheduler *scheduler, hd_runner *runner);
void hd_runner_leave(hd_scheduler *scheduler, hd_runner *runner);

/* ---- Parts of the scheduler, under the lock ----------------------------- */

/* Puts the group where its state belongs: among the ready ones or not, and
 * into the news when it is complete. */
void hd_scheduler_settle(hd_scheduler *scheduler, hd_group *group);

/* Decides the group and withdraws its claim. */
void hd_scheduler_decide(hd_scheduler *scheduler, hd_group *group);

/* Puts the group into the news and wakes the loop. */
void hd_scheduler_notify(hd_scheduler *scheduler, hd_group *group);

#endif
