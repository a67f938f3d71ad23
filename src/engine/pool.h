/* Runners on libuv's thread pool. */
#ifndef HD_POOL_H
#define HD_POOL_H

#include "scheduler.h"

/* Sees to it that the work that is ready has threads: queues runners, wakes
 * own threads, or waits for a slot. Loop thread, under the lock. Returns 0, or
 * libuv's error when there is not one thread to run it. */
int hd_pool_spread(hd_scheduler *scheduler);

/* Whether the runner has to give its slot up. Under the lock. */
bool hd_pool_must_leave(const hd_scheduler *scheduler, const hd_runner *runner, uint64_t now);

/* Has the timer run while the scheduler waits for anything. Loop thread, under
 * the lock. */
void hd_pool_watch(hd_scheduler *scheduler);

/* Takes runners that have not begun off libuv's queue. Loop thread, not under
 * the lock. */
void hd_pool_cancel(hd_scheduler *scheduler);

/* Closes the handles once nothing of the scheduler is on any thread; does
 * nothing unless it is closing. Loop thread, not under the lock. */
void hd_scheduler_try_close(hd_scheduler *scheduler);

#endif
