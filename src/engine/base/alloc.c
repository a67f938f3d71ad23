#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* MADV_HUGEPAGE */
#endif

#include "alloc.h"

#include <stdlib.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#if defined(MADV_HUGEPAGE)
enum { HUGE_PAGE = 2 * 1024 * 1024, LARGE = 2 * HUGE_PAGE };

/* In huge pages, where the system has them: a fault for each 4 KiB costs more than
 * most tasks do for them. What does not fill a huge page is in small ones. */
static void *large(size_t size) {
  void *block;
  if (posix_memalign(&block, HUGE_PAGE, size) != 0)
    return NULL;
  (void)madvise(block, size / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE); /* it is slower without */
  return block;
}
#endif

void *hd_malloc(size_t size) {
#if defined(MADV_HUGEPAGE)
  if (size >= LARGE)
    return large(size);
#endif
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
