#include "step.h"

#include <string.h>

#include "alloc.h"
#include "input.h"
#include "output.h"

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
    if (hd_call_cancelled(&call->base))
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

unsigned hd_step_run(const hd_caller *caller, const hd_step *step, const heddle_value *previous,
                     heddle_value *result) {
  const hd_signature *signature = &step->definition->signature;
  bool secret = (step->definition->task->flags & HEDDLE_SECRET) != 0;
  hd_call call = {.base = {caller->host, step->args, signature->count},
                  .caller = caller,
                  .definition = step->definition,
                  .room = step->room,
                  .result = {.type = HD_VALUE_NONE}};
  heddle_status status = HEDDLE_FAILED;
  atomic_store_explicit(caller->progress, 0, memory_order_relaxed);

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
  if (ready && secret)
    hd_wipe_stack();
  if (call.inputs != NULL)
    hd_input_close_all(&call);
  unsigned state = conclude(&call, status);
  heddle_status closed =
      call.files == NULL ? HEDDLE_OK : hd_output_close_all(&call, state == HD_FULFILLED);
  if (closed != HEDDLE_OK)
    state = closed == HEDDLE_CANCELLED ? HD_CANCELLED : HD_REJECTED;
  if (call.scratch != NULL)
    hd_call_free_scratch(&call, secret);
  if (state == HD_CANCELLED)
    hd_value_free(&call.result, secret);
  *result = call.result;
  return state;
}
