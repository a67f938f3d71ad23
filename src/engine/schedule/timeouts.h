/* Item timeouts: a timer on the loop looks at what runs. Loop thread. */
#ifndef HD_TIMEOUTS_H
#define HD_TIMEOUTS_H

#include "state.h"

/* To be called when a group with an item timeout was opened, and when one was
 * freed. */
void hd_timeouts_opened(hd_scheduler *scheduler, uint64_t item_timeout);
void hd_timeouts_freed(hd_scheduler *scheduler);

#endif
