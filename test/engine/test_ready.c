/* ready.c against a list that is searched, and cpus.c's pure part. */
#include <string.h>

#include "cpus.h"
#include "world.h"

enum { GROUPS = 200, STEPS = 20000 };

static uint32_t seed = 42;

static uint32_t rnd(uint32_t below) {
  seed = seed * 1664525 + 1013904223;
  return (seed >> 8) % below;
}

static hd_group *best(hd_group *groups) {
  hd_group *top = NULL;
  for (int i = 0; i < GROUPS; i++) {
    hd_group *at = &groups[i];
    if (at->is_ready && (top == NULL || at->priority > top->priority ||
                         (at->priority == top->priority && at->turn < top->turn)))
      top = at;
  }
  return top;
}

static void against_a_model(void) {
  static hd_group groups[GROUPS];
  hd_ready ready = {NULL, 0, 0};
  uint64_t turns = 0;
  uint32_t wrong = 0;
  memset(groups, 0, sizeof(groups));
  NEED(hd_ready_reserve(&ready, GROUPS));
  CHECK(hd_ready_reserve(&ready, 3));
  for (int i = 0; i < GROUPS; i++) {
    groups[i].turn = ++turns;
    groups[i].priority = (double)rnd(4) - 2;
  }
  for (int step = 0; step < STEPS; step++) {
    hd_group *at = &groups[rnd(GROUPS)];
    switch (rnd(4)) {
    case 0:
      if (!at->is_ready)
        at->turn = ++turns;
      hd_ready_insert(&ready, at);
      hd_ready_insert(&ready, at); /* no matter */
      break;
    case 1:
      hd_ready_remove(&ready, at);
      hd_ready_remove(&ready, at);
      break;
    default:
      if (ready.count > 0) {
        ready.groups[0]->turn = ++turns;
        hd_ready_rotate(&ready);
      }
    }
    size_t count = 0;
    for (int i = 0; i < GROUPS; i++) {
      count += groups[i].is_ready;
      wrong += groups[i].is_ready && ready.groups[groups[i].ready_index] != &groups[i];
    }
    wrong += ready.count != count;
    wrong += (count > 0 ? ready.groups[0] : NULL) != best(groups);
  }
  CHECK_EQ(wrong, 0);
  hd_ready_free(&ready);
  CHECK_EQ(alloc_live(), 0);
}

static void quotas(void) {
  const struct {
    const char *text;
    uint32_t cores;
  } table[] = {{"max 100000\n", 0},
               {"200000 100000\n", 2},
               {"100000 100000", 1},
               {"100001 100000", 2},
               {"150000 100000", 2},
               {"50000 100000", 1},
               {"1 100000", 1},
               {"0 100000", 0},
               {"100000 0", 0},
               {"100000", 0},
               {"", 0},
               {"nonsense", 0},
               {"-1 100000", 0},
               {"-1\n 100000\n", 0},
               {"6400000 100000", 64},
               {"18446744073709551615 100000", 0},
               {"18446744073709551615 1", 0},
               {"4294967295 1", UINT32_MAX},
               {"4294967296 1", 0}};
  for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
    check_that(hd_cpus_of_quota(table[i].text) == table[i].cores, __FILE__, __LINE__,
               "\"%s\": got %u, wanted %u", table[i].text, hd_cpus_of_quota(table[i].text),
               table[i].cores);
  CHECK(hd_cpus() >= 1);
  CHECK(hd_cpus() <= uv_available_parallelism());
}

/* The pool's size is read as libuv reads it. */
static void pool_size(void) {
  NEED(hd_process_init() == 0);
  CHECK_EQ(hd_the_process.pool_size, 7);
}

static void pool_size_default(void) {
  NEED(hd_process_init() == 0);
  CHECK_EQ(hd_the_process.pool_size, 4);
}

static void pool_size_zero(void) {
  NEED(uv_os_setenv("UV_THREADPOOL_SIZE", "0") == 0 && hd_process_init() == 0);
  CHECK_EQ(hd_the_process.pool_size, 1);
}

static void pool_size_negative(void) {
  NEED(uv_os_setenv("UV_THREADPOOL_SIZE", "-3") == 0 && hd_process_init() == 0);
  CHECK_EQ(hd_the_process.pool_size, 1024);
}

static const test tests[] = {{"the heap against a list", against_a_model, 0},
                             {"quotas of CPU time", quotas, 0},
                             {"the pool's size", pool_size, 7},
                             {"the pool's size by default", pool_size_default, 0},
                             {"the pool's size of 0", pool_size_zero, 0},
                             {"the pool's size of less", pool_size_negative, 0},
                             {NULL, NULL, 0}};

const suite ready_suite = {"ready", tests};
