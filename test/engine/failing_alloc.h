/* The engine's allocator, made to fail. */
#ifndef TEST_FAILING_ALLOC_H
#define TEST_FAILING_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* Makes the n-th allocation from now on fail (0 is the next); `ever_after`:
 * and all that follow. */
void alloc_fail_at(long n, bool ever_after);
void alloc_fail_never(void);
/* How many failed since alloc_fail_at(). */
long alloc_failed(void);
/* Blocks that are not freed. */
long alloc_live(void);

/* From now on counts the blocks that are freed with `run` bytes of `byte` in a
 * row in them; 0 bytes: no longer. */
void alloc_watch(unsigned char byte, size_t run);
long alloc_leaked(void);

/* Allows `count` more own threads to be made; negative for any number. */
void threads_allow(int count);

#endif
