/* What all environments of the process share, in one place: the lock, the
 * number of threads, libuv's slots and heddle's own threads.
 *
 * The lock is the only one of the engine. It guards everything whose comment
 * says "under the lock", is held for short and bounded times, and never while
 * a task or JavaScript runs.
 *
 * Not named process.h: Windows' C library has a header of that name. */
#ifndef HD_SHARED_H
#define HD_SHARED_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "copies.h"

struct hd_scheduler;

typedef struct hd_process {
  uv_mutex_t lock;
  uv_cond_t work;   /* own threads wait here */
  uv_cond_t help;   /* lingering runners wait here */
  uv_cond_t helped; /* loops wait here for their last helper */

  /* Set once. */
  uint32_t pool_size; /* libuv's threads */
  hd_slots *slots;    /* of these, what all copies of the library use */

  /* Under the lock. */
  uint32_t threads;                /* most tasks at once; configure({threads}) */
  uint32_t slots_used;             /* of libuv's pool: runners queued, running or granted */
  uint32_t waiting_count;          /* environments that wait for a slot */
  uint64_t yields_until;           /* other copies have the next slot, if they wait */
  uint32_t own_count;              /* own threads that exist */
  uint32_t own_idle;               /* of these, waiting */
  uint32_t own_running;            /* of these, on a group */
  uint32_t lent;                   /* of `threads`, to JavaScript threads that are busy */
  bool rescued;                    /* runners have one thread though all are lent */
  bool stopping;                   /* the process is going down */
  bool pinned;                     /* the library stays loaded, and the exit handler is set */
  struct hd_scheduler *schedulers; /* all of them */
  struct hd_scheduler *waiting_first, *waiting_last; /* for a slot */
} hd_process;

extern hd_process hd_the_process;

/* Once a process; returns 0 or libuv's error. Any thread. */
int hd_process_init(void);

static inline void hd_lock(void) {
  uv_mutex_lock(&hd_the_process.lock);
}

static inline void hd_unlock(void) {
  uv_mutex_unlock(&hd_the_process.lock);
}

/* ---- Under the lock ----------------------------------------------------- */

/* libuv's slots that heddle may take: all but the last, as far as wanted. */
uint32_t hd_process_slots(void);

/* Own threads wanted beyond these. */
uint32_t hd_process_own_limit(void);

/* Threads of the number that are not lent. */
uint32_t hd_process_unlent(void);

/* Takes a slot, if there is one, or gives one back that was not used. */
bool hd_process_take_slot(void);
void hd_process_drop_slot(void);

/* Whether another copy of the library has slots, or waits for one. */
bool hd_process_shares(void);

/* Whether another copy waits, and none is free. */
bool hd_process_is_pressed(void);

/* Grants free slots to those that wait. */
void hd_process_grant(void);

/* A slot comes back: it is granted to the environment that waits longest,
 * whose loop is woken, or is free again. */
void hd_process_release_slot(void);

/* Takes slots back that were granted before that time and not taken up: a loop
 * that is blocked must not keep them from the others. */
void hd_process_reclaim(uint64_t before);

/* Puts the environment in the queue for a slot, or takes it out. */
void hd_process_wait(struct hd_scheduler *scheduler);
void hd_process_wait_no_more(struct hd_scheduler *scheduler);

/* Whether no task runs, in any environment. Not under the lock. */
bool hd_process_is_idle(void);

/* ---- Own threads (threads.c) -------------------------------------------- */

/* Wakes or starts own threads for `wanted` more members; under the lock.
 * Returns 0, or libuv's error when a thread was wanted and not one exists. */
int hd_threads_wake(uint32_t wanted);

/* Makes every task stop and joins own threads. Not under the lock. Called when
 * the process exits; heddle takes no work afterwards. */
void hd_threads_stop(void);

/* Sets the number of threads. Not under the lock. */
void hd_process_set_threads(uint32_t threads);

#endif
