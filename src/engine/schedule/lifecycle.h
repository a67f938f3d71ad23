/* A scheduler's beginning and end. Loop thread, not under the lock. */
#ifndef HD_LIFECYCLE_H
#define HD_LIFECYCLE_H

#include "state.h"

/* Returns 0 or libuv's error. `closed` of hd_scheduler_close() frees it. */
int hd_scheduler_new(uv_loop_t *loop, const hd_events *events, void *data, hd_scheduler **made);

/* Cancels everything; nothing is delivered any more. */
void hd_scheduler_stop(hd_scheduler *scheduler);

/* Stops, waits for running members, closes the handles, frees everything and
 * calls `closed(data)` last, on the loop's thread. */
void hd_scheduler_close(hd_scheduler *scheduler, void (*closed)(void *data));

#endif
