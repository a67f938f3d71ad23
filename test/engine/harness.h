/* The smallest harness that works under sanitizers. Each test runs in a child
 * process of its own, because the engine reads the pool's size once a process. */
#ifndef TEST_HARNESS_H
#define TEST_HARNESS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct test {
  const char *name;
  void (*run)(void);
  int pool_size; /* UV_THREADPOOL_SIZE, 0 for libuv's default */
} test;

/* The tests of one file; ends with a name of NULL. */
typedef struct suite {
  const char *name;
  const test *tests;
} suite;

extern const suite *const all_suites[];

/* Any thread. Returns whether it holds. */
bool check_that(bool holds, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#define CHECK(condition) check_that((condition), __FILE__, __LINE__, "%s", #condition)

#define CHECK_EQ(got, wanted)                                                                      \
  do {                                                                                             \
    long long got_ = (long long)(got);                                                             \
    long long wanted_ = (long long)(wanted);                                                       \
    check_that(got_ == wanted_, __FILE__, __LINE__, "%s: got %lld, wanted %lld", #got, got_,       \
               wanted_);                                                                           \
  } while (0)

#define CHECK_TEXT(got, wanted) check_text((got), (wanted), __FILE__, __LINE__)
bool check_text(const char *got, const char *wanted, const char *file, int line);

/* Ends the test at once: what follows would hang or crash. */
#define NEED(condition)                                                                            \
  do {                                                                                             \
    if (!CHECK(condition))                                                                         \
      give_up();                                                                                   \
  } while (0)
void give_up(void) __attribute__((noreturn));

#endif
