/* Slots, in which tasks keep what they have made of the chunks until now. */
#include "slot.h"

#include "alloc.h"
#include "environment.h"

static void on_collected(napi_env env, void *data, void *hint) {
  hd_slot *slot = data;
  (void)env;
  (void)hint;
  hd_slot_clear(slot);
  hd_free(slot);
}

/* slot(): an ArrayBuffer with the address of a new slot, which lives as long. Whoever
 * sends it down holds it until the member has ended. */
napi_value hd_new_slot(napi_env env, napi_callback_info info) {
  void *memory;
  napi_value buffer;
  (void)info;
  if (hd_get_environment(env) == NULL)
    return NULL;
  hd_slot *slot = hd_calloc(1, sizeof(*slot));
  if (slot == NULL)
    return hd_throw(env, "ERR_HEDDLE_NO_MEMORY", "out of memory");
  if (!hd_ok(env, napi_create_arraybuffer(env, sizeof(slot), &memory, &buffer))) {
    hd_free(slot);
    return NULL;
  }
  memcpy(memory, &slot, sizeof(slot));
  if (!hd_ok(env, napi_add_finalizer(env, buffer, slot, on_collected, NULL, NULL))) {
    hd_free(slot);
    return NULL;
  }
  return buffer;
}

/* clearSlot(slot: ArrayBuffer): frees what it keeps. No member has it. */
napi_value hd_clear_slot(napi_env env, napi_callback_info info) {
  napi_value arg;
  hd_slot *slot;
  void *memory;
  size_t length;
  size_t count = 1;
  if (!hd_ok(env, napi_get_cb_info(env, info, &count, &arg, NULL, NULL)) ||
      !hd_ok(env, napi_get_arraybuffer_info(env, arg, &memory, &length)))
    return NULL;
  if (length != sizeof(slot))
    return hd_throw(env, "ERR_HEDDLE_NODE_API", "a slot is needed");
  memcpy(&slot, memory, sizeof(slot));
  hd_slot_clear(slot);
  return NULL;
}
