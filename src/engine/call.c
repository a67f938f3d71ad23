#include "call.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "alloc.h"
#include "loop.h"

struct hd_scratch {
  hd_scratch *next;
  size_t size;
};

static int host_cancelled(const heddle_call *base) {
  const hd_call *call = (const hd_call *)base;
  return hd_member_cancelled(call->group, call->member);
}

static void host_progress(heddle_call *base, double fraction) {
  hd_call *call = (hd_call *)base;
  unsigned before = atomic_load_explicit(call->progress, memory_order_relaxed);
  if (!(fraction >= 0 && fraction <= 1) || fraction * HD_PROGRESS_DONE < before - 1.0) {
    (void)heddle_error(base, "ERR_HEDDLE_PROGRESS",
                       "%s: progress must rise from 0 to 1, got %g after %g",
                       call->definition->task->name, fraction, (double)before / HD_PROGRESS_DONE);
    return;
  }
  atomic_store_explicit(call->progress, (unsigned)(fraction * HD_PROGRESS_DONE),
                        memory_order_relaxed);
}

static uint64_t host_now(const heddle_call *base) {
  (void)base;
  return uv_hrtime();
}

static int host_wait(heddle_call *base, double ms) {
  uint64_t until = uv_hrtime() + (uint64_t)(fmin(fmax(ms, 0), 1e12) * 1e6);
  for (;;) {
    if (host_cancelled(base))
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

static void scratch_free(hd_call *call, bool wipe) {
  while (call->scratch != NULL) {
    hd_scratch *block = call->scratch;
    call->scratch = block->next;
    if (wipe)
      hd_wipe((unsigned char *)block + 2 * sizeof(max_align_t), block->size);
    hd_free(block);
  }
}

const heddle_host hd_host = {.abi = HEDDLE_ABI,
                             .size = sizeof(heddle_host),
                             .cancelled = host_cancelled,
                             .progress = host_progress,
                             .error = hd_call_error,
                             .system_error = hd_call_system_error,
                             .scratch = hd_call_scratch,
                             .read = hd_input_read,
                             .read_all = hd_input_read_all,
                             .create = hd_output_create,
                             .write = hd_output_write,
                             .close = hd_output_close,
                             .now = host_now,
                             .wait = host_wait,
                             .field = hd_result_field,
                             .result = hd_result_set,
                             .result_bytes = hd_result_bytes,
                             .result_resize = hd_result_resize,
                             .result_array = hd_result_array,
                             .result_string = hd_result_string,
                             .loop = hd_loop_run};

/* Replaces what stands for the previous result in `args` by that result. */
static bool substitute(hd_call *call, const heddle_value *previous, heddle_value *args) {
  const hd_signature *signature = &call->definition->signature;
  static const heddle_value undefined = {.type = HEDDLE_UNDEFINED};
  if (previous == NULL)
    previous = &undefined;
  for (uint32_t i = 0; i < signature->count; i++) {
    const hd_param *param = &signature->params[i];
    if (args[i].type != HD_VALUE_PREVIOUS || hd_param_convert(param, previous, &args[i]))
      continue;
    (void)heddle_error_as(&call->base, HEDDLE_TYPE_ERROR, "ERR_HEDDLE_INVALID_ARG_TYPE", 0,
                          "%s: %s must be %s, got %s from the previous step",
                          call->definition->task->name, param->label, param->expected,
                          hd_value_name(previous));
    return false;
  }
  return true;
}

/* Checks that what a task returned and what it set agree with the signature. */
static unsigned conclude(hd_call *call, heddle_status status) {
  const char *name = call->definition->task->name;
  if (call->result.type == HD_VALUE_ERROR)
    return HD_REJECTED;
  if (status == HEDDLE_CANCELLED) {
    if (hd_member_cancelled(call->group, call->member))
      return HD_CANCELLED;
    (void)heddle_error(&call->base, "ERR_HEDDLE_RESULT",
                       "%s: the task says it was cancelled, but it was not", name);
    return HD_REJECTED;
  }
  if (status != HEDDLE_OK) {
    (void)heddle_error(&call->base, "ERR_HEDDLE_RESULT", "%s: the task failed without an error",
                       name);
    return HD_REJECTED;
  }
  const hd_signature *signature = &call->definition->signature;
  bool is_void = (signature->results.types & (1u << HEDDLE_UNDEFINED)) != 0;
  if (call->result.type == HD_VALUE_NONE && is_void)
    call->result.type = HEDDLE_UNDEFINED;
  if (call->result.type == HD_VALUE_NONE) {
    (void)heddle_error(&call->base, "ERR_HEDDLE_NO_RESULT", "%s: the task gave no result", name);
    return HD_REJECTED;
  }
  char reason[200];
  if (!hd_signature_allows(signature, &call->result, reason, sizeof(reason))) {
    (void)heddle_error(&call->base, "ERR_HEDDLE_RESULT", "%s: the task gave %s", name, reason);
    return HD_REJECTED;
  }
  return HD_FULFILLED;
}

unsigned hd_call_run(const hd_group *group, const hd_member *member, const hd_step *step,
                     const heddle_value *previous, atomic_uint *progress, heddle_value *result) {
  const hd_signature *signature = &step->definition->signature;
  bool secret = (step->definition->task->flags & HEDDLE_SECRET) != 0;
  hd_call call = {.base = {&hd_host, step->args, signature->count},
                  .group = group,
                  .member = member,
                  .definition = step->definition,
                  .progress = progress,
                  .result = {.type = HD_VALUE_NONE}};
  heddle_status status = HEDDLE_FAILED;
  atomic_store_explicit(progress, 0, memory_order_relaxed);

  heddle_value replaced[HD_MAX_PARAMS];
  bool ready = true;
  for (uint32_t i = 0; i < signature->count; i++) {
    if (step->args[i].type != HD_VALUE_PREVIOUS)
      continue;
    memcpy(replaced, step->args, signature->count * sizeof(*replaced));
    call.base.args = replaced;
    ready = substitute(&call, previous, replaced);
    break;
  }
  if (ready)
    status = step->definition->task->run(&call.base);
  hd_input_close_all(&call);
  unsigned state = conclude(&call, status);
  heddle_status closed = hd_output_close_all(&call, state == HD_FULFILLED);
  if (closed != HEDDLE_OK)
    state = closed == HEDDLE_CANCELLED ? HD_CANCELLED : HD_REJECTED;
  scratch_free(&call, secret);
  if (state == HD_CANCELLED)
    hd_value_free(&call.result, secret);
  *result = call.result;
  return state;
}
