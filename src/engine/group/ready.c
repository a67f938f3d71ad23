#include "ready.h"

#include "alloc.h"
#include "group.h"

static bool before(const hd_group *a, const hd_group *b) {
  if (a->priority != b->priority)
    return a->priority > b->priority;
  return a->turn < b->turn;
}

static void put(hd_ready *ready, size_t index, hd_group *group) {
  ready->groups[index] = group;
  group->ready_index = index;
}

static void sift_up(hd_ready *ready, size_t index) {
  hd_group *group = ready->groups[index];
  while (index > 0) {
    size_t parent = (index - 1) / 2;
    if (!before(group, ready->groups[parent]))
      break;
    put(ready, index, ready->groups[parent]);
    index = parent;
  }
  put(ready, index, group);
}

static void sift_down(hd_ready *ready, size_t index) {
  hd_group *group = ready->groups[index];
  for (;;) {
    size_t child = index * 2 + 1;
    if (child >= ready->count)
      break;
    if (child + 1 < ready->count && before(ready->groups[child + 1], ready->groups[child]))
      child++;
    if (!before(ready->groups[child], group))
      break;
    put(ready, index, ready->groups[child]);
    index = child;
  }
  put(ready, index, group);
}

bool hd_ready_reserve(hd_ready *ready, size_t capacity) {
  if (capacity <= ready->capacity)
    return true;
  size_t wanted = ready->capacity == 0 ? 16 : ready->capacity;
  while (wanted < capacity)
    wanted *= 2;
  hd_group **groups = hd_realloc(ready->groups, wanted * sizeof(*groups));
  if (groups == NULL)
    return false;
  ready->groups = groups;
  ready->capacity = wanted;
  return true;
}

void hd_ready_free(hd_ready *ready) {
  hd_free(ready->groups);
  ready->groups = NULL;
  ready->count = ready->capacity = 0;
}

void hd_ready_insert(hd_ready *ready, hd_group *group) {
  if (group->is_ready)
    return;
  group->is_ready = true;
  put(ready, ready->count++, group);
  sift_up(ready, ready->count - 1);
}

void hd_ready_remove(hd_ready *ready, hd_group *group) {
  if (!group->is_ready)
    return;
  size_t index = group->ready_index;
  group->is_ready = false;
  hd_group *last = ready->groups[--ready->count];
  if (last == group)
    return;
  put(ready, index, last);
  sift_up(ready, index);
  sift_down(ready, last->ready_index);
}

void hd_ready_rotate(hd_ready *ready) {
  sift_down(ready, 0);
}

uint32_t hd_ready_demand(const hd_ready *ready, uint32_t most) {
  uint64_t demand = 0;
  for (size_t i = 0; i < ready->count && demand < most; i++) {
    const hd_group *group = ready->groups[i];
    uint32_t room = group->limit - group->active;
    uint32_t left = atomic_load(&group->appended) - atomic_load(&group->next);
    demand += room < left ? room : left;
  }
  return demand < most ? (uint32_t)demand : most;
}
