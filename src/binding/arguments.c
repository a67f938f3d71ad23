/* JavaScript values to C: the arguments of a list of tasks, from the plan that
 * lib/task/plan.js wrote. JavaScript has checked them and chosen the words for
 * errors; here everything is checked again that could corrupt memory. No
 * JavaScript runs in between, so that a data pointer stays what it is. */
#include "environment.h"

#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "library.h"

/* Tags of arguments; lib/task/plan.js has the same list. */
enum {
  TAG_UNDEFINED,
  TAG_NUMBER,
  TAG_BOOLEAN,
  TAG_STRING,
  TAG_VALUE,
  TAG_FILE,
  TAG_PREVIOUS,
  TAG_FIXED /* a value whose memory cannot go: shared, or nobody else's */
};

/* What a batch holds of JavaScript. */
typedef struct pin {
  napi_ref values;       /* keeps what arguments point into; NULL when nothing does */
  int64_t external;      /* bytes reported to the garbage collector */
  hd_copy_block *copies; /* of arguments' memory */
  bool secret;
} pin;

/* A copy, so that a buffer that is listed often has one. */
typedef struct known_copy {
  const void *origin;
  const void *copy;
  size_t size;
} known_copy;

enum { KNOWN_COPIES = 8 }; /* a power of two */

typedef struct reader {
  hd_environment *environment;
  napi_env env;
  const hd_plan *plan;
  size_t at; /* in the plan's words */
  hd_batch *batch;
  bool pinned;
  heddle_value *strings;    /* by index of value: strings already copied */
  const hd_param *detached; /* of the step that is read: memory that has gone */
  size_t copied;            /* bytes of an argument of that step that are copied at most */
  pin *pin;
  known_copy known[KNOWN_COPIES];
} reader;

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

static bool bad_plan(reader *r) {
  (void)hd_throw(r->env, "ERR_HEDDLE_NODE_API", "an argument changed after it was checked");
  return false;
}

static bool no_memory(reader *r) {
  (void)hd_throw(r->env, "ERR_HEDDLE_NO_MEMORY", "out of memory");
  return false;
}

static bool next_word(reader *r, double *word) {
  if (r->at >= r->plan->length)
    return bad_plan(r);
  *word = r->plan->words[r->at++];
  return true;
}

/* A copy as UTF-8 with a NUL behind it. */
static bool copy_string(reader *r, napi_value value, heddle_value *argument) {
  char small[256];
  size_t length;
  if (!hd_ok(r->env, napi_get_value_string_utf8(r->env, value, small, sizeof(small), &length)))
    return false;
  bool whole = length + 4 < sizeof(small); /* a character takes at most 4 bytes */
  if (!whole && !hd_ok(r->env, napi_get_value_string_utf8(r->env, value, NULL, 0, &length)))
    return false;
  char *copy = hd_arena_alloc(&r->batch->arena, length + 1);
  if (copy == NULL)
    return no_memory(r);
  if (whole) {
    memcpy(copy, small, length + 1);
  } else if (!hd_ok(r->env, napi_get_value_string_utf8(r->env, value, copy, length + 1, &length))) {
    return false;
  }
  argument->as.string = copy;
  argument->length = length;
  return true;
}

static bool get_value(reader *r, double index, napi_value *value) {
  if (!(index >= 0 && index < r->plan->value_count))
    return bad_plan(r);
  return hd_ok(r->env, napi_get_element(r->env, r->plan->values, (uint32_t)index, value));
}

static bool read_string(reader *r, double index, uint8_t type, heddle_value *argument) {
  napi_value value;
  if (!get_value(r, index, &value))
    return false;
  heddle_value *known = &r->strings[(size_t)index];
  if (known->type == HEDDLE_UNDEFINED) {
    if (!copy_string(r, value, known))
      return false;
    known->type = HEDDLE_STRING;
  }
  *argument = *known;
  argument->type = type;
  return true;
}

static heddle_element element_of(napi_typedarray_type type) {
  static const uint8_t elements[] = {HEDDLE_ELEMENT_I8,  HEDDLE_ELEMENT_U8,  HEDDLE_ELEMENT_U8C,
                                     HEDDLE_ELEMENT_I16, HEDDLE_ELEMENT_U16, HEDDLE_ELEMENT_I32,
                                     HEDDLE_ELEMENT_U32, HEDDLE_ELEMENT_F32, HEDDLE_ELEMENT_F64,
                                     HEDDLE_ELEMENT_I64, HEDDLE_ELEMENT_U64};
  return (size_t)type < sizeof(elements) ? (heddle_element)elements[type] : HEDDLE_ELEMENT_NONE;
}

/* Memory that was transferred looks as if it were empty. */
static bool note_detached(reader *r, const hd_param *param, napi_value buffer) {
  bool detached;
  if (!hd_ok(r->env, napi_is_detached_arraybuffer(r->env, buffer, &detached)))
    return false;
  if (detached && r->detached == NULL)
    r->detached = param;
  return true;
}

/* A copy of memory that may be freed while a thread reads it, or NULL: then it is
 * read where it is, and must stay. */
static const void *copy_data(reader *r, const void *data, size_t size) {
  if (size == 0 || size > r->copied)
    return NULL;
  size_t place = ((uintptr_t)data >> 4 ^ (uintptr_t)data >> 12) % KNOWN_COPIES;
  known_copy *known = &r->known[place];
  if (known->origin == data && known->size >= size)
    return known->copy;
  void *copy = hd_copies_take(&r->environment->copies, &r->pin->copies, size);
  if (copy == NULL)
    return NULL;
  memcpy(copy, data, size);
  *known = (known_copy){.origin = data, .copy = copy, .size = size};
  return copy;
}

static bool read_array(reader *r, const hd_param *param, napi_value value, bool fixed,
                       heddle_value *argument) {
  napi_typedarray_type type;
  size_t length;
  void *data;
  napi_value buffer;
  if (!hd_ok(r->env,
             napi_get_typedarray_info(r->env, value, &type, &length, &data, &buffer, NULL)) ||
      (length == 0 && !note_detached(r, param, buffer)))
    return false;
  heddle_element element = element_of(type);
  if (element == HEDDLE_ELEMENT_NONE)
    return bad_plan(r);
  if (param->type == HEDDLE_BYTES) {
    length *= heddle_element_size(element);
    element = HEDDLE_ELEMENT_NONE;
  } else if (param->element != HEDDLE_ELEMENT_NONE && param->element != element) {
    return bad_plan(r);
  }
  argument->type = param->type;
  argument->element = (uint8_t)element;
  argument->length = length;
  if (element != HEDDLE_ELEMENT_NONE)
    length *= heddle_element_size(element);
  const void *copy = fixed ? NULL : copy_data(r, data, length);
  argument->as.data = copy != NULL ? copy : (length == 0 ? NULL : data);
  r->pinned = r->pinned || (copy == NULL && length > 0);
  return true;
}

static bool read_bigint(reader *r, const hd_param *param, napi_value value,
                        heddle_value *argument) {
  bool lossless = false;
  argument->type = param->type;
  napi_status status =
      param->type == HEDDLE_I64
          ? napi_get_value_bigint_int64(r->env, value, &argument->as.i64, &lossless)
          : napi_get_value_bigint_uint64(r->env, value, &argument->as.u64, &lossless);
  return hd_ok(r->env, status) && (lossless || bad_plan(r));
}

static bool read_value(reader *r, const hd_param *param, double index, bool fixed,
                       heddle_value *argument) {
  napi_value value;
  if (!get_value(r, index, &value))
    return false;
  switch (param->type) {
  case HEDDLE_BYTES:
  case HEDDLE_ARRAY:
    return read_array(r, param, value, fixed, argument);
  case HEDDLE_I64:
  case HEDDLE_U64:
    return read_bigint(r, param, value, argument);
  default:
    return bad_plan(r);
  }
}

/* A path: a string, or bytes that need not be UTF-8. */
static bool read_file(reader *r, const hd_param *param, double index, heddle_value *argument) {
  napi_value value;
  napi_valuetype type;
  heddle_value bytes = {0};
  if (param->type != HEDDLE_BYTES)
    return bad_plan(r);
  if (!get_value(r, index, &value) || !hd_ok(r->env, napi_typeof(r->env, value, &type)))
    return false;
  if (type == napi_string)
    return read_string(r, index, HEDDLE_FILE, argument);
  if (!read_array(r, param, value, true, &bytes))
    return false;
  char *copy = hd_arena_alloc(&r->batch->arena, bytes.length + 1);
  if (copy == NULL)
    return no_memory(r);
  if (bytes.length > 0)
    memcpy(copy, bytes.as.data, bytes.length);
  copy[bytes.length] = '\0';
  argument->type = HEDDLE_FILE;
  argument->as.string = copy;
  argument->length = bytes.length;
  return true;
}

static bool read_argument(reader *r, const hd_param *param, heddle_value *argument) {
  double tag;
  double payload;
  if (!next_word(r, &tag) || !next_word(r, &payload))
    return false;
  memset(argument, 0, sizeof(*argument));
  switch (tag >= 0 && tag <= TAG_FIXED ? (int)tag : -1) {
  case TAG_UNDEFINED:
    argument->type = HEDDLE_UNDEFINED;
    return param->optional || bad_plan(r);
  case TAG_NUMBER:
    return hd_param_number(param, payload, argument) || bad_plan(r);
  case TAG_BOOLEAN:
    argument->type = HEDDLE_BOOL;
    argument->as.boolean = payload != 0;
    return param->type == HEDDLE_BOOL || bad_plan(r);
  case TAG_STRING:
    if (param->type != HEDDLE_STRING && param->type != HEDDLE_BYTES)
      return bad_plan(r);
    return read_string(r, payload, param->type, argument);
  case TAG_VALUE:
  case TAG_FIXED:
    return read_value(r, param, payload, tag == TAG_FIXED, argument);
  case TAG_FILE:
    return read_file(r, param, payload, argument);
  case TAG_PREVIOUS:
    argument->type = HD_VALUE_PREVIOUS;
    return true;
  default:
    return bad_plan(r);
  }
}

/* The step fails with these words when its turn comes. */
static bool refuse(reader *r, hd_step *step) {
  static const char format[] = "%s: %s is detached from its memory";
  const char *name = step->definition->task->name;
  const char *label = r->detached->label;
  size_t size = sizeof(format) + strlen(name) + strlen(label);
  char *text = hd_arena_alloc(&r->batch->arena, size);
  heddle_value *problem = hd_arena_alloc(&r->batch->arena, sizeof(*problem));
  if (text == NULL || problem == NULL)
    return no_memory(r);
  *problem = (heddle_value){.type = HEDDLE_STRING, .as.string = text};
  problem->length = (size_t)snprintf(text, size, format, name, label);
  step->definition = &refused;
  step->args = problem;
  r->detached = NULL;
  return true;
}

static bool read_step(reader *r, double id, hd_step *step) {
  const hd_definition *definition = hd_definition_find(id);
  if (definition == NULL)
    return bad_plan(r);
  uint32_t count = definition->signature.count;
  heddle_value *args = NULL;
  if (count > 0) {
    args = hd_arena_alloc(&r->batch->arena, count * sizeof(*args));
    if (args == NULL)
      return no_memory(r);
  }
  step->definition = definition;
  step->args = args;
  uint32_t flags = definition->task->flags;
  r->copied = (flags & HEDDLE_COPY) != 0 ? HD_COPY_LARGEST : 0;
  r->batch->secret = r->batch->secret || (flags & HEDDLE_SECRET) != 0;
  r->pin->secret = r->batch->secret;
  r->batch->parallel = r->batch->parallel || (flags & HEDDLE_PARALLEL) != 0;
  for (uint32_t i = 0; i < count; i++)
    if (!read_argument(r, &definition->signature.params[i], &args[i]))
      return false;
  return r->detached == NULL || refuse(r, step);
}

/* A chain stands in the plan as minus its number of steps, and the steps. */
static bool read_chain(reader *r, double count, hd_step *step) {
  if (!(count >= 1 && count <= (double)r->plan->length))
    return bad_plan(r);
  hd_chain *chain =
      hd_arena_alloc(&r->batch->arena, sizeof(*chain) + (size_t)count * sizeof(hd_step));
  if (chain == NULL)
    return no_memory(r);
  chain->count = (size_t)count;
  step->definition = NULL;
  step->args = (const heddle_value *)(void *)chain;
  for (size_t i = 0; i < chain->count; i++) {
    double id;
    if (!next_word(r, &id) || !read_step(r, id, &chain->steps[i]))
      return false;
  }
  return true;
}

static bool read_members(reader *r, hd_group *group, uint32_t first) {
  for (uint32_t i = 0; i < r->plan->members; i++) {
    hd_member *member = hd_group_member(group, first + i);
    double head;
    memset(&member->result, 0, sizeof(member->result));
    member->result.type = HD_VALUE_NONE;
    member->batch = r->batch;
    atomic_init(&member->word, HD_QUEUED);
    if (!next_word(r, &head) ||
        !(head < 0 ? read_chain(r, -head, &member->step) : read_step(r, head, &member->step)))
      return false;
  }
  return true;
}

/* Before anything is read: it holds the copies. */
static bool make_pin(reader *r) {
  r->pin = hd_calloc(1, sizeof(*r->pin));
  r->batch->pin = r->pin;
  return r->pin != NULL || no_memory(r);
}

static bool hold_values(reader *r) {
  pin *made = r->pin;
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
  pin *held = data;
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
  reader r = {.environment = environment, .env = environment->env, .plan = plan};
  uint32_t first = atomic_load(&group->appended);
  bool done = false;
  r.batch = hd_calloc(1, sizeof(*r.batch));
  r.strings = hd_calloc(plan->value_count, sizeof(*r.strings));
  if (r.batch == NULL || r.strings == NULL || !hd_group_reserve(group, first + plan->members)) {
    (void)no_memory(&r);
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
