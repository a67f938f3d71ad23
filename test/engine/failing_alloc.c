#include "failing_alloc.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <uv.h>

#include "alloc.h"

static atomic_long countdown = LONG_MAX;
static atomic_bool ever;
static atomic_long failed;
static atomic_long live;

void alloc_fail_at(long n, bool ever_after) {
  atomic_store(&failed, 0);
  atomic_store(&ever, ever_after);
  atomic_store(&countdown, n);
}

void alloc_fail_never(void) {
  atomic_store(&ever, false);
  atomic_store(&countdown, LONG_MAX);
}

long alloc_failed(void) {
  return atomic_load(&failed);
}

long alloc_live(void) {
  return atomic_load(&live);
}

static bool fails(void) {
  long left = atomic_fetch_sub(&countdown, 1);
  if (left > 0 || (left < 0 && !atomic_load(&ever)))
    return false;
  atomic_fetch_add(&failed, 1);
  return true;
}

static void *counted(void *block) {
  if (block != NULL)
    atomic_fetch_add(&live, 1);
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
  if (block == NULL)
    (void)counted(grown);
  return grown;
}

void hd_free(void *block) {
  if (block != NULL)
    atomic_fetch_sub(&live, 1);
  free(block);
}

/* ---- Threads ------------------------------------------------------------- */

static atomic_int thread_failures;

void threads_fail(int count) {
  atomic_store(&thread_failures, count);
}

int __real_uv_thread_create_ex(uv_thread_t *, const uv_thread_options_t *, uv_thread_cb, void *);
int __wrap_uv_thread_create_ex(uv_thread_t *, const uv_thread_options_t *, uv_thread_cb, void *);

int __wrap_uv_thread_create_ex(uv_thread_t *id, const uv_thread_options_t *options,
                               uv_thread_cb entry, void *data) {
  if (atomic_load(&thread_failures) > 0) {
    atomic_fetch_sub(&thread_failures, 1);
    return UV_EAGAIN;
  }
  return __real_uv_thread_create_ex(id, options, entry, data);
}
