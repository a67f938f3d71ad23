/* The groups that wait for a thread: a binary heap, highest priority first,
 * within a priority the one whose turn was longest ago. Under the lock. */
#ifndef HD_READY_H
#define HD_READY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hd_group;

typedef struct hd_ready {
  struct hd_group **groups;
  size_t count;
  size_t capacity;
} hd_ready;

/* Makes room, so that hd_ready_insert() cannot fail. */
bool hd_ready_reserve(hd_ready *ready, size_t capacity);
void hd_ready_free(hd_ready *ready);

void hd_ready_insert(hd_ready *ready, struct hd_group *group);
void hd_ready_remove(hd_ready *ready, struct hd_group *group);

/* Members that wait and could run now, counted up to `most`. */
uint32_t hd_ready_demand(const hd_ready *ready, uint32_t most);

/* To be called when the top's turn grew. */
void hd_ready_rotate(hd_ready *ready);

#endif
