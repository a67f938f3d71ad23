#include "arena.h"

#include <stddef.h>
#include <stdint.h>

#include "alloc.h"

enum { ALIGN = 16, FIRST_CHUNK = 512, LAST_CHUNK = 256 * 1024 };

struct hd_arena_chunk {
  hd_arena_chunk *next;
  size_t size;
  size_t used;
  size_t reserved; /* keeps the data aligned */
};

static unsigned char *chunk_data(hd_arena_chunk *chunk) {
  return (unsigned char *)(chunk + 1);
}

static hd_arena_chunk *chunk_new(hd_arena *arena, size_t least) {
  size_t size = arena->chunks == NULL ? FIRST_CHUNK : arena->chunks->size * 2;
  if (size > LAST_CHUNK)
    size = LAST_CHUNK;
  if (size < least)
    size = least;
  if (size > SIZE_MAX - sizeof(hd_arena_chunk))
    return NULL;
  hd_arena_chunk *chunk = hd_malloc(sizeof(*chunk) + size);
  if (chunk == NULL)
    return NULL;
  chunk->next = arena->chunks;
  chunk->size = size;
  chunk->used = 0;
  arena->chunks = chunk;
  arena->bytes += sizeof(*chunk) + size;
  return chunk;
}

void *hd_arena_alloc(hd_arena *arena, size_t size) {
  if (size > SIZE_MAX - ALIGN)
    return NULL;
  size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
  hd_arena_chunk *chunk = arena->chunks;
  if (chunk == NULL || chunk->size - chunk->used < size) {
    chunk = chunk_new(arena, size);
    if (chunk == NULL)
      return NULL;
  }
  void *block = chunk_data(chunk) + chunk->used;
  chunk->used += size;
  return block;
}

void hd_arena_free(hd_arena *arena, bool wipe) {
  hd_arena_chunk *chunk = arena->chunks;
  while (chunk != NULL) {
    hd_arena_chunk *next = chunk->next;
    if (wipe)
      hd_wipe(chunk_data(chunk), chunk->used);
    hd_free(chunk);
    chunk = next;
  }
  arena->chunks = NULL;
  arena->bytes = 0;
}
