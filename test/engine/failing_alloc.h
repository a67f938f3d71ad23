/* The engine's allocator, made to fail. */
#ifndef TEST_FAILING_ALLOC_H
#define TEST_FAILING_ALLOC_H

#include <stdbool.h>

/* Makes the n-th allocation from now on fail (0 is the next); `ever_after`:
 * and all that follow. */
void alloc_fail_at(long n, bool ever_after);
void alloc_fail_never(void);
/* How many failed since alloc_fail_at(). */
long alloc_failed(void);
/* Blocks that are not freed. */
long alloc_live(void);

/* Makes the next `count` creations of an own thread fail. */
void threads_fail(int count);

#endif
