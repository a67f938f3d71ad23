/* What is kept of a task whose data comes in chunks, each a member of its own, in
 * between them. A slot is the loop thread's (src/binding/slots.c), and goes down as
 * a bytes argument that holds its address; one member at a time has it. */
#ifndef HD_SLOT_H
#define HD_SLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "heddle.h"

typedef struct hd_slot {
  void *state; /* NULL before the first chunk */
  void (*release)(void *state);
} hd_slot;

/* Frees what it keeps. No member has it. */
static inline void hd_slot_clear(hd_slot *slot) {
  void *state = slot->state;
  slot->state = NULL;
  if (state != NULL)
    slot->release(state);
}

/* The slot of argument `index`; NULL, with the call's error, where there is none. */
static inline hd_slot *hd_slot_of(heddle_call *call, uint32_t index) {
  const heddle_value *value = heddle_arg(call, index);
  hd_slot *slot = NULL;
  if (value->type == HEDDLE_BYTES && value->length == sizeof(slot))
    memcpy(&slot, value->as.data, sizeof(slot));
  else
    (void)heddle_error(call, "ERR_HEDDLE_ARGUMENT", "chunks need a slot");
  return slot;
}

/* Whether the chunk is the last one, as argument `index` says. */
static inline bool hd_slot_is_last(const heddle_call *call, uint32_t index) {
  return heddle_arg(call, index)->as.boolean;
}

/* What a chunk comes to that is not the last one: no bytes. */
static inline heddle_status hd_slot_go_on(heddle_call *call) {
  return heddle_result_bytes(call, 0) == NULL ? HEDDLE_FAILED : HEDDLE_OK;
}

#endif
