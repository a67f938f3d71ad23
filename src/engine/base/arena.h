/* A bump allocator: many small blocks, freed at once. One thread at a time. */
#ifndef HD_ARENA_H
#define HD_ARENA_H

#include <stddef.h>
#include <stdbool.h>

typedef struct hd_arena_chunk hd_arena_chunk;

typedef struct hd_arena {
  hd_arena_chunk *chunks; /* newest first */
  size_t bytes;           /* taken from the system, for the figures */
} hd_arena;

/* Aligned for any type; NULL when there is no memory. */
void *hd_arena_alloc(hd_arena *arena, size_t size);

/* Frees everything; `wipe` zeroes it first. The arena is then empty again. */
void hd_arena_free(hd_arena *arena, bool wipe);

#endif
