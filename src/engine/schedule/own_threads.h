/* heddle's own threads: for what libuv's pool has no slots for, and for all work
 * where they are nice. They serve all environments in turn, live until the process
 * exits or their niceness is no longer wanted, and are joined then: left running
 * into OpenSSL's own exit they would crash. */
#ifndef HD_OWN_THREADS_H
#define HD_OWN_THREADS_H

#include <stdbool.h>
#include <stdint.h>

/* Wakes or starts own threads for `wanted` more members; under the lock.
 * Returns 0, or libuv's error when a thread was wanted and not one exists. */
int hd_threads_wake(uint32_t wanted);

/* Sets the process's niceness, 0 to HD_NICE_MOST: above 0, all work runs on own
 * threads of so much lower a priority. What runs is not moved. Not under the lock.
 * Returns 0, or libuv's error, and nothing has changed: a thread cannot have that
 * priority here. */
int hd_process_set_nice(uint32_t nice);

/* Makes every task stop and joins own threads. Not under the lock. Called when
 * the process exits; heddle takes no work afterwards. Returns whether no task
 * runs any more, in any environment. */
bool hd_threads_stop(void);

#endif
