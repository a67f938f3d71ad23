/* Runners on libuv's thread pool. */
#ifndef HD_POOL_H
#define HD_POOL_H

#include "state.h"

/* Sees to it that the work that is ready has threads: queues runners, wakes
 * own threads, or waits for a slot. Loop thread, under the lock. Returns 0, or
 * libuv's error when there is not one thread to run it. */
int hd_pool_spread(hd_scheduler *scheduler);

/* Has the timer run while the scheduler waits for anything. Loop thread, under
 * the lock. */
void hd_pool_watch(hd_scheduler *scheduler);

/* Takes runners that have not begun off libuv's queue. Loop thread, not under
 * the lock. */
void hd_pool_cancel(hd_scheduler *scheduler);

/* hd_scheduler.summon: calls those that linger, and else wakes who may come. */
void hd_pool_summon(hd_scheduler *scheduler, uint32_t helpers);

#endif
