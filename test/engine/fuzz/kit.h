/* What the fuzz targets share: the input as numbers and text, and a task that is
 * run to its end on this thread, without a scheduler. */
#ifndef FUZZ_KIT_H
#define FUZZ_KIT_H

#include <stdio.h>
#include <stdlib.h>

#include "failing_alloc.h"
#include "step.h"

/* What must hold, whatever the input is. */
#define HOLDS(condition)                                                                           \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      (void)fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);         \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)

typedef struct feed {
  const uint8_t *at;
  size_t left;
} feed;

/* 0 when there is nothing left. */
uint8_t feed_byte(feed *f);
uint32_t feed_u32(feed *f);
/* Up to so many bytes, as a copy of exactly that size; to free(). */
uint8_t *feed_copy(feed *f, size_t most, size_t *length);
/* The same with a NUL behind. */
char *feed_text(feed *f, size_t most, size_t *length);

/* How a task is disturbed. */
typedef struct trouble {
  long polls;       /* so many times it is still wanted; negative: always */
  long allocations; /* so many do not fail; negative: none does */
} trouble;

/* Of two bytes of the input, of which most stand for no trouble. */
trouble feed_trouble(feed *f);

/* The task as it is registered; parsed once, and kept. */
typedef struct subject {
  heddle_task task;
  hd_definition definition;
} subject;
void subject_open(subject *s);

/* Runs it; the result is to be let go by end_result(). Returns how it ended. */
unsigned subject_run(subject *s, const heddle_value *args, const trouble *with,
                     heddle_value *result);
/* Checks that nothing else of the engine's memory is left. */
void end_result(heddle_value *result);

/* The code of a rejected task. */
const char *code_of(const heddle_value *result);

#endif
