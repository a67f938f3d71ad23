#include "alloc.h"

void hd_wipe(void *block, size_t size) {
  volatile unsigned char *byte = block;
  while (size-- > 0)
    *byte++ = 0;
}
