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

#include "slots.h"

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
  uint32_t nice;                   /* above 0 work runs on own threads only, at that increment */
  uint32_t own_generation;         /* of own threads; older ones end */
  uint32_t own_count;              /* own threads that exist, of all generations */
  uint32_t own_running;            /* of these, on a group */
  uint32_t own_current;            /* of these, of the current generation */
  uint32_t own_idle;               /* of those, waiting */
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

#endif
