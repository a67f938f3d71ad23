/* Copies of arguments' memory. What JavaScript transfers while a thread reads it
 * can be collected, and then freed, under the thread: Node-API has no hold on it.
 * Blocks are kept and used again, since fresh memory costs more than the copy.
 * They are not reported to the garbage collector: there are never many. Loop
 * thread. */
#ifndef HD_COPIES_H
#define HD_COPIES_H

#include <stdbool.h>
#include <stddef.h>

enum {
  HD_COPY_LARGEST = 1024 * 1024,   /* bytes of one */
  HD_COPY_MOST = 32 * 1024 * 1024, /* of an environment at a time */
  HD_COPY_KEPT = 4 * 1024 * 1024,  /* of free blocks */
  HD_COPY_BLOCKS = 9,              /* sizes of blocks: 4 KiB, 8 KiB, ... 1 MiB */
};

typedef struct hd_copy_block hd_copy_block;

/* Of an environment; begins as zeros. */
typedef struct hd_copies {
  hd_copy_block *free[HD_COPY_BLOCKS];
  size_t kept; /* bytes of these */
  size_t used; /* bytes of those that were given out */
} hd_copies;

/* Room for `size` bytes, 1 to HD_COPY_LARGEST, in the blocks `taken`. NULL when
 * as much is out as may be, or there is no memory. */
void *hd_copies_take(hd_copies *copies, hd_copy_block **taken, size_t size);

/* Gives all blocks back; `wipe` zeroes what was used of them. */
void hd_copies_give(hd_copies *copies, hd_copy_block *taken, bool wipe);

/* Frees what is kept. */
void hd_copies_free(hd_copies *copies);

#endif
