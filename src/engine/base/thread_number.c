#include "thread_number.h"

#include <stdatomic.h>

static _Thread_local uint32_t number;

uint32_t hd_thread_number(void) {
  static atomic_uint last;
  if (number == 0)
    number = atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
  return number;
}
