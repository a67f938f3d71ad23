#include "alloc.h"

#include <stdlib.h>

void *hd_malloc(size_t size) {
  return malloc(size == 0 ? 1 : size);
}

void *hd_calloc(size_t count, size_t size) {
  return calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);
}

void *hd_realloc(void *block, size_t size) {
  return realloc(block, size == 0 ? 1 : size);
}

void hd_free(void *block) {
  free(block);
}
