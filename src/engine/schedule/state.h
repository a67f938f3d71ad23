/* What the files of this floor share of one environment (a main thread or
 * worker): its scheduler, and the runners of that. Fields are grouped by who may
 * touch them. */
#ifndef HD_STATE_H
#define HD_STATE_H

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
  uint32_t generation;  /* of own threads; see hd_process */
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
  void (*lent)(void *data, uint32_t count); /* threads, see budget.h; may be NULL */
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
  /* Has up to so many threads come to its loops. Under the lock. */
  void (*summon)(hd_scheduler *scheduler, uint32_t helpers);
  /* Its last runner on libuv's pool is back. Loop thread. */
  void (*drained)(hd_scheduler *scheduler);

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
  uint32_t lent;       /* threads that it has borrowed, see budget.h */
  uint32_t lent_news;  /* of these, those of which it has not been told */
  uint32_t wanted;     /* that it wants to borrow */
  uint64_t wanted_at;  /* ns, since when; or the last time it got one */
  uint64_t lent_at;    /* ns, when its quantum began */
  uint64_t blocked_at; /* ns, since when all threads are lent and its runners wait; or 0 */
  uint64_t turns;
  uint64_t appended;                /* members, ever */
  hd_figures figures;               /* without queued and running */
  struct hd_recording *recording;   /* or NULL, see recording.h; set by the loop's thread */
  hd_group *groups;                 /* all */
  hd_group *news_first, *news_last; /* groups with something to deliver */
  bool waiting;                     /* in the process's queue for a slot */
  struct hd_scheduler *next_waiting;
  struct hd_scheduler *next, *previous; /* all schedulers */

  /* Any thread. */
  atomic_bool stopping; /* everything is to stop; never goes back */
};

#endif
