#include "world.h"

#include <stdlib.h>
#include <string.h>

typedef struct defined {
  hd_definition definition;
  heddle_task task;
  struct defined *next;
} defined;

/* ---- Delivery ------------------------------------------------------------ */

static void note_error(outcome *o, const hd_error *error) {
  o->number_of_error = error->number;
  (void)snprintf(o->code, sizeof(o->code), "%s", error->code);
  (void)snprintf(o->text, sizeof(o->text), "%s", error->message);
  o->length = strlen(error->message);
}

static void note(job *j, uint32_t index) {
  const hd_member *member = hd_group_member(j->group, index);
  const heddle_value *result = &member->result;
  outcome *o = &j->outcomes[index];
  check_that(o->state == HD_QUEUED, __FILE__, __LINE__, "member %u was delivered twice", index);
  o->state = atomic_load(&member->word) & HD_STATE_MASK;
  o->place = j->delivered++;
  o->type = result->type;
  o->element = result->element;
  o->length = result->length;
  CHECK(o->state >= HD_FULFILLED);
  if (o->state != HD_FULFILLED && o->state != HD_REJECTED)
    CHECK_EQ(result->type, HD_VALUE_NONE);
  switch (result->type) {
  case HEDDLE_F64:
    o->number = result->as.f64;
    break;
  case HEDDLE_BOOL:
    o->number = result->as.boolean;
    break;
  case HEDDLE_I64:
  case HEDDLE_U64:
    o->bigint = result->as.u64;
    break;
  case HEDDLE_STRING:
  case HEDDLE_BYTES:
    o->data = result->as.data;
    (void)snprintf(o->text, sizeof(o->text), "%.*s", (int)result->length,
                   (const char *)result->as.data);
    break;
  case HD_VALUE_ERROR:
    note_error(o, result->as.data);
    break;
  default:
    break;
  }
}

static job *job_find(const world *w, const hd_group *group) {
  job *j = w->jobs;
  while (j != NULL && j->group != group)
    j = j->next;
  NEED(j != NULL);
  return j;
}

static void deliver(world *w, const hd_delivery *delivery) {
  hd_group *group = delivery->group;
  job *j = job_find(w, group);
  uint32_t next;
  for (uint32_t i = delivery->first; i != HD_NO_MEMBER; i = next) {
    next = hd_group_member(group, i)->next;
    note(j, i);
    if (w->inspect != NULL)
      w->inspect(hd_group_member(group, i), w->inspect_data);
    hd_member_release(group, i);
  }
  if (!delivery->finished)
    return;
  uint32_t appended = atomic_load(&group->appended);
  j->finished = true;
  j->dropped_from = delivery->dropped_from < appended ? delivery->dropped_from : appended;
  CHECK_EQ(j->delivered, j->dropped_from);
  CHECK_EQ(group->claims > 0 && delivery->dropped_from == HD_NO_MEMBER, 0);
  j->group = NULL;
  hd_scheduler_free_group(w->scheduler, group);
}

static void on_news(void *data) {
  world *w = data;
  hd_delivery delivery;
  while (hd_scheduler_take(w->scheduler, &delivery))
    deliver(w, &delivery);
}

static void on_lent(void *data, uint32_t count) {
  world *w = data;
  w->lent += count;
}

static void on_expired(void *data, hd_group *group, uint32_t index) {
  world *w = data;
  CHECK(!w->scheduler->closing);
  job_find(w, group)->outcomes[index].expired = true;
  w->expired++;
}

static void on_closed(void *data) {
  ((world *)data)->closed = true;
}

/* ---- The world ------------------------------------------------------------ */

int world_try_start(world *w) {
  static const hd_events events = {.news = on_news, .expired = on_expired, .lent = on_lent};
  memset(w, 0, sizeof(*w));
  NEED(uv_loop_init(&w->loop) == 0);
  int status = hd_scheduler_new(&w->loop, &events, w, &w->scheduler);
  if (status != 0) {
    (void)uv_run(&w->loop, UV_RUN_DEFAULT);
    CHECK_EQ(uv_loop_close(&w->loop), 0);
  }
  return status;
}

void world_start(world *w) {
  NEED(world_try_start(w) == 0);
}

void world_run(world *w) {
  (void)uv_run(&w->loop, UV_RUN_DEFAULT);
  if (!w->closed)
    CHECK_EQ(w->scheduler->open, 0);
}

void world_until(job *j, uint32_t delivered) {
  while (j->delivered < delivered && !j->finished)
    (void)uv_run(&j->world->loop, UV_RUN_ONCE);
}

void world_poll(world *w) {
  (void)uv_run(&w->loop, UV_RUN_NOWAIT);
}

void world_close(world *w) {
  hd_scheduler_close(w->scheduler, on_closed);
}

void world_end(world *w) {
  if (!w->closed) {
    if (!w->scheduler->closing)
      world_close(w);
    (void)uv_run(&w->loop, UV_RUN_DEFAULT);
  }
  CHECK(w->closed);
  CHECK_EQ(uv_loop_close(&w->loop), 0);
  while (w->jobs != NULL) {
    job *j = w->jobs;
    w->jobs = j->next;
    free(j->outcomes);
    free(j);
  }
  while (w->definitions != NULL) {
    defined *d = w->definitions;
    w->definitions = d->next;
    hd_signature_free(&d->definition.signature);
    free(d);
  }
}

void check_nothing_left(void) {
  hd_lock();
  uint32_t threads = hd_the_process.own_count;
  CHECK_EQ(hd_the_process.slots_used, 0);
  CHECK(hd_the_process.schedulers == NULL);
  CHECK(hd_the_process.waiting_first == NULL);
  hd_unlock();
  CHECK_EQ(alloc_live(), threads);
}

const hd_definition *define(world *w, const char *name, const char *signature,
                            heddle_status (*run)(heddle_call *call), uint32_t flags) {
  char problem[200] = "";
  defined *d = calloc(1, sizeof(*d));
  NEED(d != NULL);
  d->task = (heddle_task){.name = name, .signature = signature, .run = run, .flags = flags};
  d->definition.task = &d->task;
  if (!hd_signature_parse(&d->definition.signature, signature, problem, sizeof(problem))) {
    check_text(problem, "out of memory", __FILE__, __LINE__);
    free(d);
    return NULL;
  }
  d->next = w->definitions;
  w->definitions = d;
  return &d->definition;
}

/* ---- Jobs ----------------------------------------------------------------- */

job *job_open_with(world *w, hd_policy policy, uint32_t total, uint32_t limit, double priority,
                   uint64_t item_timeout_ns) {
  hd_group *group =
      hd_scheduler_open(w->scheduler, policy, total, limit, priority, item_timeout_ns);
  if (group == NULL)
    return NULL;
  job *j = calloc(1, sizeof(*j));
  NEED(j != NULL);
  j->outcomes = calloc(total, sizeof(*j->outcomes));
  NEED(j->outcomes != NULL);
  j->world = w;
  j->group = group;
  j->total = total;
  j->next = w->jobs;
  w->jobs = j;
  return j;
}

job *job_open(world *w, hd_policy policy, uint32_t total, uint32_t limit) {
  return job_open_with(w, policy, total, limit, 0, 0);
}

static bool need_batch(job *j) {
  if (j->batch == NULL)
    j->batch = hd_calloc(1, sizeof(*j->batch));
  return j->batch != NULL;
}

static void on_unpin(void *owner, void *pin) {
  CHECK(pin == owner);
  ((world *)owner)->unpinned++;
}

bool job_pin(job *j, bool secret) {
  if (!need_batch(j))
    return false;
  j->batch->secret = secret;
  j->batch->pin = j->batch->owner = j->world;
  j->batch->unpin = on_unpin;
  return true;
}

static hd_member *next_member(job *j) {
  uint32_t index = atomic_load(&j->group->appended) + j->added;
  if (!need_batch(j) || !hd_group_reserve(j->group, index + 1))
    return NULL;
  hd_member *member = hd_group_member(j->group, index);
  memset(member, 0, sizeof(*member));
  member->batch = j->batch;
  member->result.type = HD_VALUE_NONE;
  atomic_init(&member->word, HD_QUEUED);
  return member;
}

/* With room for a short string, as the binding's steps have, unless it is secret. */
static bool make_step(job *j, const hd_definition *definition, const heddle_value *args,
                      hd_step *step) {
  size_t size = definition->signature.count * sizeof(*args);
  bool secret = (definition->task->flags & HEDDLE_SECRET) != 0;
  char *made = hd_arena_alloc(&j->batch->arena, size + HD_SHORT);
  if (made == NULL)
    return false;
  if (size > 0)
    memcpy(made, args, size);
  *step = (hd_step){definition, (heddle_value *)(void *)made, secret ? NULL : made + size};
  return true;
}

bool job_add(job *j, const hd_definition *definition, const heddle_value *args) {
  hd_member *member = next_member(j);
  if (member == NULL || !make_step(j, definition, args, &member->step))
    return false;
  j->batch->parallel = j->batch->parallel || (definition->task->flags & HEDDLE_PARALLEL) != 0;
  j->batch->remaining++;
  j->added++;
  return true;
}

bool job_add_chain(job *j, size_t count, const job_step *steps) {
  hd_member *member = next_member(j);
  if (member == NULL)
    return false;
  hd_chain *chain = hd_arena_alloc(&j->batch->arena, sizeof(*chain) + count * sizeof(hd_step));
  if (chain == NULL)
    return false;
  chain->count = count;
  for (size_t i = 0; i < count; i++)
    if (!make_step(j, steps[i].definition, steps[i].args, &chain->steps[i]))
      return false;
  member->step.definition = NULL;
  member->step.args = (const heddle_value *)(const void *)chain;
  j->batch->remaining++;
  j->added++;
  return true;
}

int job_append(job *j) {
  hd_batch *batch = j->batch;
  uint32_t added = j->added;
  j->batch = NULL;
  j->added = 0;
  int status = hd_scheduler_append(j->world->scheduler, j->group, added);
  if (status == UV_ECANCELED && batch != NULL)
    hd_batch_free(batch);
  return status;
}

job *job_of(world *w, hd_policy policy, uint32_t total, uint32_t limit,
            const hd_definition *definition, const heddle_value *args) {
  job *j = job_open(w, policy, total, limit);
  NEED(j != NULL);
  for (uint32_t i = 0; i < total; i++)
    NEED(job_add(j, definition, args));
  CHECK_EQ(job_append(j), 0);
  return j;
}

const outcome *run_task(world *w, const char *signature, heddle_status (*run)(heddle_call *call),
                        uint32_t flags, const heddle_value *args) {
  job *j = job_open(w, HD_SETTLED, 1, 1);
  NEED(j != NULL && job_pin(j, (flags & HEDDLE_SECRET) != 0));
  NEED(job_add(j, define(w, "task", signature, run, flags), args));
  CHECK_EQ(job_append(j), 0);
  world_run(w);
  return &j->outcomes[0];
}

unsigned job_state(const job *j, uint32_t index) {
  return j->finished && index >= j->dropped_from ? HD_DROPPED : j->outcomes[index].state;
}

uint32_t job_count(const job *j, unsigned state) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < j->total; i++)
    count += job_state(j, i) == state;
  return count;
}
