/* Other copies of this library in the process: another package may bring its
 * own, whose statics are its own as well. libuv's pool is everybody's, so the
 * slots of it are counted in one place that all copies find. */
#ifndef HD_SLOTS_H
#define HD_SLOTS_H

#include <stdatomic.h>

#include "heddle_compiler.h"

/* Of all copies together. Its layout never changes: copies of other versions use
 * it. What needs another one gets another name of its function. */
typedef struct hd_slots {
  atomic_uint used;    /* of libuv's pool */
  atomic_uint waiting; /* environments that want one */
  atomic_uint copies;
} hd_slots;

/* Found by that name, and never called by it: it may be another copy's. */
HEDDLE_EXPORT hd_slots *heddle_slots_1(void);

/* That of the copy that was loaded first, which stays loaded from now on. Called
 * once by each copy. */
hd_slots *hd_slots_join(void);

#endif
