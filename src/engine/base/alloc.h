/* Memory of the engine. Any thread. A test links its own alloc.c, which makes
 * the n-th allocation fail. */
#ifndef HD_ALLOC_H
#define HD_ALLOC_H

#include <stddef.h>

void *hd_malloc(size_t size);
void *hd_calloc(size_t count, size_t size);
void *hd_realloc(void *block, size_t size);
void hd_free(void *block);

/* Zeroes memory in a way that the compiler keeps. */
void hd_wipe(void *block, size_t size);

/* Zeroes 4 KiB below the caller's frame, where functions that it has called had theirs:
 * some of OpenSSL's in assembly leave texts there. */
void hd_wipe_stack(void);

#endif
