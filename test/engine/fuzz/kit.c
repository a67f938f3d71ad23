#include "kit.h"

#include <string.h>

#include "host.h"

uint8_t feed_byte(feed *f) {
  if (f->left == 0)
    return 0;
  f->left--;
  return *f->at++;
}

uint32_t feed_u32(feed *f) {
  uint32_t number = 0;
  for (int i = 0; i < 4; i++)
    number = number << 8 | feed_byte(f);
  return number;
}

static void *feed_block(feed *f, size_t most, size_t more, size_t *length) {
  *length = f->left < most ? f->left : most;
  uint8_t *copy = malloc(*length + more == 0 ? 1 : *length + more);
  HOLDS(copy != NULL);
  if (*length > 0)
    memcpy(copy, f->at, *length);
  memset(copy + *length, 0, more);
  f->at += *length;
  f->left -= *length;
  return copy;
}

uint8_t *feed_copy(feed *f, size_t most, size_t *length) {
  return feed_block(f, most, 0, length);
}

char *feed_text(feed *f, size_t most, size_t *length) {
  return feed_block(f, most, 1, length);
}

trouble feed_trouble(feed *f) {
  uint8_t polls = feed_byte(f);
  uint8_t allocations = feed_byte(f);
  return (trouble){.polls = polls < 192 ? -1 : polls - 192,
                   .allocations = allocations < 192 ? -1 : allocations - 192};
}

void subject_open(subject *s) {
  char problem[200];
  if (s->definition.task != NULL)
    return;
  HOLDS(hd_signature_parse(&s->definition.signature, s->task.signature, problem, sizeof(problem)));
  s->definition.task = &s->task;
}

/* A caller that loses interest. */
typedef struct fickle {
  hd_caller base; /* first */
  long *polls;
} fickle;

static bool lost_interest(const hd_caller *base) {
  long *polls = ((const fickle *)base)->polls;
  return *polls >= 0 && (*polls == 0 || --*polls == 0);
}

static long live;

unsigned subject_run(subject *s, const heddle_value *args, const trouble *with,
                     heddle_value *result) {
  atomic_uint progress;
  long polls = with->polls;
  fickle caller = {{&hd_host, lost_interest, &progress}, &polls};
  hd_step step = {&s->definition, args, NULL};
  live = alloc_live();
  if (with->allocations >= 0)
    alloc_fail_at(with->allocations, true);
  unsigned state = hd_step_run(&caller.base, &step, NULL, result);
  alloc_fail_never();
  HOLDS(state == HD_FULFILLED || state == HD_REJECTED || (state == HD_CANCELLED && polls == 0));
  HOLDS((result->type == HD_VALUE_ERROR) == (state == HD_REJECTED));
  HOLDS(result->type != HEDDLE_RECORD ||
        ((const hd_record *)result->as.data)->count <= HD_MAX_FIELDS);
  char reason[200];
  HOLDS(state != HD_FULFILLED ||
        hd_signature_allows(&s->definition.signature, result, reason, sizeof(reason)));
  return state;
}

void end_result(heddle_value *result) {
  hd_value_free(result, true);
  HOLDS(alloc_live() == live);
}

const char *code_of(const heddle_value *result) {
  HOLDS(result->type == HD_VALUE_ERROR);
  return ((const hd_error *)result->as.data)->code;
}
