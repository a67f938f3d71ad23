/* The members of a list of tasks, from the plan that lib/task/plan.js wrote, and
 * what they hold. No JavaScript runs in between, so that a data pointer stays
 * what it is. */
#include "argument.h"

#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "library.h"

/* Runs in place of a step whose memory had gone before it went down: so its
 * member fails, as any other does, and not the whole list. */
static heddle_status run_refused(heddle_call *call) {
  return heddle_error_as(call, HEDDLE_HEDDLE_ERROR, "ERR_HEDDLE_DETACHED", 0, "%s",
                         heddle_arg(call, 0)->as.string);
}

static const heddle_task refused_task = {"refused", "problem: string -> void", run_refused, 0};
static hd_param refused_param = {.name = "problem", .type = HEDDLE_STRING};
static const hd_definition refused = {.task = &refused_task,
                                      .signature = {.params = &refused_param, .count = 1}};

/* The step fails with these words when its turn comes. */
static bool refuse(hd_reader *r, hd_step *step) {
  static const char format[] = "%s: %s is detached from its memory";
  const char *name = step->definition->task->name;
  const char *label = r->detached->label;
  size_t size = sizeof(format) + strlen(name) + strlen(label);
  char *text = hd_arena_alloc(&r->batch->arena, size);
  heddle_value *problem = hd_arena_alloc(&r->batch->arena, sizeof(*problem));
  if (text == NULL || problem == NULL)
    return hd_reader_no_memory(r);
  *problem = (heddle_value){.type = HEDDLE_STRING, .as.string = text};
  problem->length = (size_t)snprintf(text, size, format, name, label);
  step->definition = &refused;
  step->args = problem;
  r->detached = NULL;
  return true;
}

/* Whether a task of these flags calls for threads. */
static bool is_parallel(uint32_t flags, const heddle_value *args, uint32_t count) {
  enum { LARGE = 4 * 1024 * 1024 };
  size_t bytes = 0;
  for (uint32_t i = 0; (flags & HEDDLE_PARALLEL_LARGE) != 0 && i < count && bytes < LARGE; i++)
    bytes += hd_value_bytes(&args[i]);
  return bytes >= LARGE || (flags & HEDDLE_PARALLEL) != 0;
}

/* What is known once all arguments have been read. */
static bool finish_step(hd_reader *r, hd_step *step) {
  const hd_definition *definition = step->definition;
  r->last = *step;
  if (!r->batch->parallel)
    r->batch->parallel =
        is_parallel(definition->task->flags, step->args, definition->signature.count);
  return r->detached == NULL || refuse(r, step);
}

/* Room for the arguments of a step, and for a result that may be a short string. */
static bool make_step(hd_reader *r, const hd_definition *definition, heddle_value **args,
                      hd_step *step) {
  *args = NULL;
  *step = (hd_step){.definition = definition};
  const hd_signature *signature = &definition->signature;
  bool is_string = (signature->results.types & (1u << HEDDLE_STRING)) != 0;
  bool is_secret = (definition->task->flags & HEDDLE_SECRET) != 0;
  size_t size = signature->count * sizeof(**args);
  size_t room = is_string && !is_secret ? HD_SHORT : 0;
  if (size + room == 0)
    return true;
  char *made = hd_arena_alloc(&r->batch->arena, size + room);
  if (made == NULL)
    return hd_reader_no_memory(r);
  *args = (heddle_value *)(void *)made;
  step->args = *args;
  step->room = room > 0 ? made + size : NULL;
  return true;
}

static bool read_step(hd_reader *r, double id, hd_step *step) {
  const hd_definition *definition = hd_definition_find(id);
  if (definition == NULL)
    return hd_reader_bad(r);
  uint32_t count = definition->signature.count;
  heddle_value *args;
  if (!make_step(r, definition, &args, step))
    return false;
  uint32_t flags = definition->task->flags;
  r->copied = (flags & HEDDLE_COPY) != 0 ? HD_COPY_LARGEST : 0;
  r->batch->secret = r->batch->secret || (flags & HEDDLE_SECRET) != 0;
  r->pin->secret = r->batch->secret;
  for (uint32_t i = 0; i < count; i++)
    if (!hd_argument_read(r, &definition->signature.params[i], &args[i]))
      return false;
  return finish_step(r, step);
}

/* A step like the last one but for an argument: the words have SAME and its place. */
static bool read_same(hd_reader *r, double place, hd_step *step) {
  const hd_definition *definition = r->last.definition;
  uint32_t count = definition == NULL ? 0 : definition->signature.count;
  if (!(place < count))
    return hd_reader_bad(r);
  uint32_t i = (uint32_t)place;
  heddle_value *args;
  if (!make_step(r, definition, &args, step))
    return false;
  memcpy(args, r->last.args, count * sizeof(*args));
  return hd_argument_read(r, &definition->signature.params[i], &args[i]) && finish_step(r, step);
}

/* A chain stands in the plan as minus its number of steps, and the steps. */
static bool read_chain(hd_reader *r, double count, hd_step *step) {
  if (!(count >= 1 && count <= (double)r->plan->length))
    return hd_reader_bad(r);
  hd_chain *chain =
      hd_arena_alloc(&r->batch->arena, sizeof(*chain) + (size_t)count * sizeof(hd_step));
  if (chain == NULL)
    return hd_reader_no_memory(r);
  chain->count = (size_t)count;
  step->definition = NULL;
  step->args = (const heddle_value *)(void *)chain;
  step->room = NULL;
  for (size_t i = 0; i < chain->count; i++) {
    double id;
    if (!hd_reader_next(r, &id) || !read_step(r, id, &chain->steps[i]))
      return false;
  }
  return true;
}

static const double SAME = 4294967296; /* lib/task/plan.js has it too */

static bool read_member(hd_reader *r, double head, hd_step *step) {
  if (head < 0)
    return read_chain(r, -head, step);
  return head < SAME ? read_step(r, head, step) : read_same(r, head - SAME, step);
}

static bool read_members(hd_reader *r, hd_group *group, uint32_t first) {
  for (uint32_t i = 0; i < r->plan->members; i++) {
    hd_member *member = hd_group_member(group, first + i);
    double head;
    memset(&member->result, 0, sizeof(member->result));
    member->result.type = HD_VALUE_NONE;
    member->batch = r->batch;
    atomic_init(&member->word, HD_QUEUED);
    if (!hd_reader_next(r, &head) || !read_member(r, head, &member->step))
      return false;
  }
  return true;
}

/* Before anything is read: it holds the copies. */
static bool make_pin(hd_reader *r) {
  r->pin = hd_calloc(1, sizeof(*r->pin));
  r->batch->pin = r->pin;
  return r->pin != NULL || hd_reader_no_memory(r);
}

static bool hold_values(hd_reader *r) {
  hd_pin *made = r->pin;
  if (r->pinned && !hd_ok(r->env, napi_create_reference(r->env, r->plan->values, 1, &made->values)))
    return false;
  int64_t total;
  int64_t bytes = (int64_t)r->batch->arena.bytes;
  if (bytes > 0 && napi_adjust_external_memory(r->env, bytes, &total) == napi_ok)
    made->external = bytes;
  return true;
}

static void unpin(void *owner, void *data) {
  hd_environment *environment = owner;
  hd_pin *held = data;
  int64_t total;
  /* Both may be refused when the environment goes down, which frees them too. */
  if (held->values != NULL)
    (void)napi_delete_reference(environment->env, held->values);
  if (held->external > 0)
    (void)napi_adjust_external_memory(environment->env, -held->external, &total);
  hd_copies_give(&environment->copies, held->copies, held->secret);
  hd_free(held);
}

bool hd_arguments_read(hd_environment *environment, hd_group *group, const hd_plan *plan,
                       hd_batch **made) {
  hd_reader r = {.environment = environment, .env = environment->env, .plan = plan};
  uint32_t first = atomic_load(&group->appended);
  bool done = false;
  r.batch = hd_calloc(1, sizeof(*r.batch));
  r.strings = hd_calloc(plan->value_count, sizeof(*r.strings));
  if (r.batch == NULL || r.strings == NULL || !hd_group_reserve(group, first + plan->members)) {
    (void)hd_reader_no_memory(&r);
    goto done;
  }
  r.batch->remaining = plan->members;
  r.batch->unpin = unpin;
  r.batch->owner = environment;
  done = make_pin(&r) && read_members(&r, group, first) && hold_values(&r);
done:
  hd_free(r.strings);
  if (!done && r.batch != NULL) {
    hd_batch_free(r.batch);
    r.batch = NULL;
  }
  *made = r.batch;
  return done;
}
