#include "failing_alloc.h"

#include <limits.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
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

static atomic_size_t watched_run;
static atomic_uint watched_byte;
static atomic_long leaked;

void alloc_watch(unsigned char byte, size_t run) {
  atomic_store(&watched_byte, byte);
  atomic_store(&leaked, 0);
  atomic_store(&watched_run, run);
}

long alloc_leaked(void) {
  return atomic_load(&leaked);
}

static void look_at(const unsigned char *block) {
  size_t wanted = atomic_load(&watched_run);
  size_t run = 0;
  if (wanted == 0 || block == NULL)
    return;
  for (size_t i = 0; i < malloc_usable_size((void *)block) && run < wanted; i++)
    run = block[i] == atomic_load(&watched_byte) ? run + 1 : 0;
  if (run == wanted)
    atomic_fetch_add(&leaked, 1);
}

void *hd_malloc(size_t size) {
  return fails() ? NULL : counted(malloc(size == 0 ? 1 : size));
}

void *hd_calloc(size_t count, size_t size) {
  return fails() ? NULL : counted(calloc(count == 0 ? 1 : count, size == 0 ? 1 : size));
}

/* Always moves the block: what it leaves behind is looked at. */
void *hd_realloc(void *block, size_t size) {
  if (fails())
    return NULL;
  void *grown = counted(malloc(size == 0 ? 1 : size));
  if (grown == NULL || block == NULL)
    return grown;
  size_t before = malloc_usable_size(block);
  memcpy(grown, block, before < size ? before : size);
  hd_free(block);
  return grown;
}

void hd_free(void *block) {
  if (block != NULL)
    atomic_fetch_sub(&live, 1);
  look_at(block);
  free(block);
}

/* ---- Threads ------------------------------------------------------------- */

static atomic_int allowed = -1;

void threads_allow(int count) {
  atomic_store(&allowed, count);
}

int __real_uv_thread_create_ex(uv_thread_t *, const uv_thread_options_t *, uv_thread_cb, void *);
int __wrap_uv_thread_create_ex(uv_thread_t *, const uv_thread_options_t *, uv_thread_cb, void *);

/* Called under the engine's lock. */
int __wrap_uv_thread_create_ex(uv_thread_t *id, const uv_thread_options_t *options,
                               uv_thread_cb entry, void *data) {
  int left = atomic_load(&allowed);
  if (left == 0)
    return UV_EAGAIN;
  if (left > 0)
    atomic_store(&allowed, left - 1);
  return __real_uv_thread_create_ex(id, options, entry, data);
}
