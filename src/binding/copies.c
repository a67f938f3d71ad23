#include "copies.h"

#include "alloc.h"

enum { ALIGN = 16, SMALLEST = 4 * 1024, SHARED = 256 * 1024 };

struct hd_copy_block {
  hd_copy_block *next;
  size_t used;
  size_t kind;
  size_t reserved; /* keeps the data aligned */
};

static size_t size_of(size_t kind) {
  return (size_t)SMALLEST << kind;
}

static unsigned char *data_of(hd_copy_block *block) {
  return (unsigned char *)(block + 1);
}

/* The least that `size` fits in, and twice the last one as long as copies share. */
static size_t kind_for(const hd_copy_block *last, size_t size) {
  size_t least = last == NULL ? 0 : size_of(last->kind) * 2;
  size_t kind = 0;
  while (size_of(kind) < size || (size_of(kind) < least && size_of(kind) < SHARED))
    kind++;
  return kind;
}

static hd_copy_block *block_new(hd_copies *copies, size_t kind) {
  size_t size = size_of(kind);
  if (copies->used + size > HD_COPY_MOST)
    return NULL;
  hd_copy_block *block = copies->free[kind];
  if (block != NULL) {
    copies->free[kind] = block->next;
    copies->kept -= size;
  } else {
    block = hd_malloc(sizeof(*block) + size);
    if (block == NULL)
      return NULL;
    block->kind = kind;
  }
  block->used = 0;
  copies->used += size;
  return block;
}

void *hd_copies_take(hd_copies *copies, hd_copy_block **taken, size_t size) {
  size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
  hd_copy_block *block = *taken;
  if (block == NULL || size_of(block->kind) - block->used < size) {
    block = block_new(copies, kind_for(*taken, size));
    if (block == NULL)
      return NULL;
    block->next = *taken;
    *taken = block;
  }
  void *room = data_of(block) + block->used;
  block->used += size;
  return room;
}

void hd_copies_give(hd_copies *copies, hd_copy_block *taken, bool wipe) {
  while (taken != NULL) {
    hd_copy_block *block = taken;
    size_t size = size_of(block->kind);
    taken = block->next;
    copies->used -= size;
    if (wipe)
      hd_wipe(data_of(block), block->used);
    if (copies->kept + size > HD_COPY_KEPT) {
      hd_free(block);
      continue;
    }
    block->next = copies->free[block->kind];
    copies->free[block->kind] = block;
    copies->kept += size;
  }
}

void hd_copies_free(hd_copies *copies) {
  for (size_t kind = 0; kind < HD_COPY_BLOCKS; kind++) {
    while (copies->free[kind] != NULL) {
      hd_copy_block *block = copies->free[kind];
      copies->free[kind] = block->next;
      hd_free(block);
    }
  }
  copies->kept = 0;
}
