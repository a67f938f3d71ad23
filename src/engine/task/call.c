#include "call.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "alloc.h"

struct hd_scratch {
  hd_scratch *next;
  size_t size;
};

int hd_call_cancelled(const heddle_call *base) {
  const hd_caller *caller = ((const hd_call *)base)->caller;
  return caller->cancelled(caller);
}

void hd_call_progress(heddle_call *base, double fraction) {
  hd_call *call = (hd_call *)base;
  unsigned before = atomic_load_explicit(call->caller->progress, memory_order_relaxed);
  if (!(fraction >= 0 && fraction <= 1) || fraction * HD_PROGRESS_DONE < before - 1.0) {
    (void)heddle_error(base, "ERR_HEDDLE_PROGRESS",
                       "%s: progress must rise from 0 to 1, got %g after %g",
                       call->definition->task->name, fraction, (double)before / HD_PROGRESS_DONE);
    return;
  }
  atomic_store_explicit(call->caller->progress, (unsigned)(fraction * HD_PROGRESS_DONE),
                        memory_order_relaxed);
}

uint64_t hd_call_now(const heddle_call *base) {
  (void)base;
  return uv_hrtime();
}

int hd_call_wait(heddle_call *base, double ms) {
  uint64_t until = uv_hrtime() + (uint64_t)(fmin(fmax(ms, 0), 1e12) * 1e6);
  for (;;) {
    if (hd_call_cancelled(base))
      return 1;
    if (uv_hrtime() >= until)
      return 0;
    uv_sleep(1);
  }
}

static void set_error(hd_call *call, const hd_error *error) {
  if (call->result.type == HD_VALUE_ERROR)
    return; /* the first stays */
  heddle_value made;
  hd_value_error(&made, error); /* its words may lie in the result */
  hd_value_free(&call->result, (call->definition->task->flags & HEDDLE_SECRET) != 0);
  call->result = made;
}

heddle_status hd_call_error(heddle_call *base, heddle_error_kind kind, const char *code, int number,
                            const char *format, va_list values) {
  char message[1024];
  (void)vsnprintf(message, sizeof(message), format, values);
  hd_error error = {.kind = kind, .code = code, .number = number, .message = message};
  set_error((hd_call *)base, &error);
  return HEDDLE_FAILED;
}

heddle_status hd_call_system_error(heddle_call *base, int number, const char *syscall,
                                   const char *path) {
  char code[32];
  char reason[128];
  char message[4096 + 256];
  (void)uv_err_name_r(number, code, sizeof(code));
  (void)uv_strerror_r(number, reason, sizeof(reason));
  (void)snprintf(message, sizeof(message), path == NULL ? "%s: %s, %s" : "%s: %s, %s '%s'", code,
                 reason, syscall, path);
  hd_error error = {.kind = HEDDLE_PLAIN_ERROR,
                    .system = true,
                    .number = number,
                    .code = code,
                    .message = message,
                    .syscall = syscall,
                    .path = path};
  set_error((hd_call *)base, &error);
  return HEDDLE_FAILED;
}

heddle_status hd_call_no_memory(hd_call *call) {
  set_error(call, &hd_error_no_memory);
  return HEDDLE_FAILED;
}

void *hd_call_scratch(heddle_call *base, size_t size) {
  hd_call *call = (hd_call *)base;
  size_t head = 2 * sizeof(max_align_t);
  hd_scratch *block = size > SIZE_MAX - head ? NULL : hd_malloc(head + size);
  if (block == NULL) {
    (void)hd_call_no_memory(call);
    return NULL;
  }
  block->next = call->scratch;
  block->size = size;
  call->scratch = block;
  return (unsigned char *)block + head;
}

void hd_call_free_scratch(hd_call *call, bool wipe) {
  while (call->scratch != NULL) {
    hd_scratch *block = call->scratch;
    call->scratch = block->next;
    if (wipe)
      hd_wipe((unsigned char *)block + 2 * sizeof(max_align_t), block->size);
    hd_free(block);
  }
}
