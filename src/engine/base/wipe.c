#include "alloc.h"

#include <stdint.h>

void hd_wipe(void *block, size_t size) {
  volatile unsigned char *byte = block;
  while (size-- > 0)
    *byte++ = 0;
}

/* In a file of its own, so that it is called and has a frame where theirs were. */
void hd_wipe_stack(void) {
  enum { WORDS = 4096 / sizeof(uint64_t) };
  uint64_t below[WORDS];
  volatile uint64_t *word = below;
  for (size_t i = 0; i < WORDS; i++)
    word[i] = 0;
}
