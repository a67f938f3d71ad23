/* In place of src/engine/base/alloc.c: allocations that fail when they are told
 * to, and counts of what is held. Both are words of a file that the test writes
 * and reads: HEDDLE_FAULTS names it. Linked with --wrap for what is counted of
 * Node-API; see scripts/faults/build.js. */
#include "alloc.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The same list is in scripts/faults/control.js. */
typedef struct words {
  _Atomic int64_t left;     /* allocations until one fails; negative: none does */
  _Atomic int64_t ever;     /* whether all after it fail, too */
  _Atomic int64_t failed;   /* since it was set */
  _Atomic int64_t blocks;   /* that are not freed */
  _Atomic int64_t handles;  /* scopes that are open */
  _Atomic int64_t callback; /* likewise */
  _Atomic int64_t held;     /* references */
} words;

static words own = {.left = -1};
static words *shared = &own;

static void __attribute__((constructor)) begin(void) {
  const char *path = getenv("HEDDLE_FAULTS");
  int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0)
    return;
  void *page = mmap(NULL, sizeof(words), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  (void)close(file);
  if (page != MAP_FAILED)
    shared = page;
}

static bool fails(void) {
  int64_t left = atomic_load(&shared->left);
  do {
    if (left < 0)
      return false;
  } while (!atomic_compare_exchange_weak(&shared->left, &left,
                                         left == 0 && atomic_load(&shared->ever) ? 0 : left - 1));
  if (left > 0)
    return false;
  atomic_fetch_add(&shared->failed, 1);
  return true;
}

static void *counted(void *block) {
  if (block != NULL)
    atomic_fetch_add(&shared->blocks, 1);
  return block;
}

void *hd_malloc(size_t size) {
  return fails() ? NULL : counted(malloc(size == 0 ? 1 : size));
}

void *hd_calloc(size_t count, size_t size) {
  return fails() ? NULL : counted(calloc(count == 0 ? 1 : count, size == 0 ? 1 : size));
}

void *hd_realloc(void *block, size_t size) {
  if (fails())
    return NULL;
  void *grown = realloc(block, size == 0 ? 1 : size);
  return block == NULL ? counted(grown) : grown;
}

void hd_free(void *block) {
  if (block != NULL)
    atomic_fetch_sub(&shared->blocks, 1);
  free(block);
}

/* ---- Node-API: as declared by node_api.h, which this floor may not include --- */

#define COUNTED(name, counter, step, parameters, arguments)                                        \
  int __real_##name parameters;                                                                    \
  int __wrap_##name parameters;                                                                    \
  int __wrap_##name parameters {                                                                   \
    int status = __real_##name arguments;                                                          \
    if (status == 0)                                                                               \
      atomic_fetch_add(&shared->counter, step);                                                    \
    return status;                                                                                 \
  }

COUNTED(napi_open_handle_scope, handles, 1, (void *env, void **scope), (env, scope))
COUNTED(napi_close_handle_scope, handles, -1, (void *env, void *scope), (env, scope))
COUNTED(napi_open_callback_scope, callback, 1, (void *e, void *r, void *c, void **s), (e, r, c, s))
COUNTED(napi_close_callback_scope, callback, -1, (void *env, void *scope), (env, scope))
COUNTED(napi_create_reference, held, 1, (void *e, void *v, uint32_t n, void **r), (e, v, n, r))
COUNTED(napi_delete_reference, held, -1, (void *env, void *reference), (env, reference))
