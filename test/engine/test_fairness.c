/* Limits, turns and priorities. One thread, so that the order is certain. */
#include "scene.h"

static void limited(uint32_t limit, int at_most) {
  begin(3);
  job *j = job_of(&w, HD_ALL, 3000, limit, k.count, (heddle_value[]){pointer(&g)});
  job *beside = job_of(&w, HD_ALL, 500, 3, k.add, (heddle_value[]){f64(1), f64(1)});
  world_run(&w);
  CHECK(atomic_load(&g.most) <= at_most);
  CHECK_EQ(atomic_load(&g.ran), 3000);
  CHECK_EQ(job_count(j, HD_FULFILLED), 3000);
  CHECK_EQ(job_count(beside, HD_FULFILLED), 500);
  end();
}

static void limit_of_one(void) {
  limited(1, 1);
}

static void limit_of_two(void) {
  limited(2, 2);
}

static void limit_is_used(void) {
  begin(3);
  job *j = job_of(&w, HD_ALL, 9, 2, k.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 2); /* both come in */
  CHECK_EQ(atomic_load(&g.inside), 2);
  gate_open(&g, 9);
  world_run(&w);
  CHECK_EQ(atomic_load(&g.most), 2);
  CHECK(j->finished);
  end();
}

/* ---- Order: a log of who ran ------------------------------------------------ */

typedef struct entry {
  atomic_uint *clock;
  unsigned at;
} entry;

/* "u64 -> f64": notes when it ran, and takes longer than a turn. */
static heddle_status run_note(heddle_call *call) {
  entry *e = pointed(call, 0);
  e->at = atomic_fetch_add(e->clock, 1);
  uint64_t until = heddle_now(call) + 100 * 1000;
  while (heddle_now(call) < until) {
  }
  heddle_result_f64(call, e->at);
  return HEDDLE_OK;
}

/* The member at the gate also takes longer than a turn once it is let out. */
static heddle_status run_slow_gate(heddle_call *call) {
  gate *at = pointed(call, 0);
  uv_sem_post(&at->entered);
  uv_sem_wait(&at->open);
  uint64_t until = heddle_now(call) + 100 * 1000;
  while (heddle_now(call) < until) {
  }
  heddle_result_f64(call, 1);
  return HEDDLE_OK;
}

enum { BIG = 40 };

static void one_behind_many(hd_policy policy, double priority, unsigned latest) {
  begin(1);
  const hd_definition *note = define(&w, "note", "u64 -> f64", run_note, 0);
  const hd_definition *slow = define(&w, "slow", "u64 -> f64", run_slow_gate, 0);
  atomic_uint clock = 0;
  entry big[BIG] = {{NULL, 0}};
  entry small = {&clock, 0};
  job *many = job_open(&w, policy, BIG, policy == HD_SEQUENCE ? 1 : 3);
  NEED(job_add(many, slow, (heddle_value[]){pointer(&g)}));
  for (int i = 1; i < BIG; i++) {
    big[i].clock = &clock;
    NEED(job_add(many, note, (heddle_value[]){pointer(&big[i])}));
  }
  CHECK_EQ(job_append(many), 0);
  gate_entered(&g, 1);
  job *one = job_open_with(&w, HD_ALL, 1, 1, priority, 0);
  NEED(job_add(one, note, (heddle_value[]){pointer(&small)}));
  CHECK_EQ(job_append(one), 0);
  gate_open(&g, 1);
  world_run(&w);
  check_that(small.at <= latest, __FILE__, __LINE__, "%u members ran before it, at most %u may",
             small.at, latest);
  CHECK(many->finished && one->finished);
  end();
}

static void waits_for_the_running_one(void) {
  one_behind_many(HD_ALL, 0, 0);
}

static void higher_goes_first(void) {
  one_behind_many(HD_ALL, 1, 0);
}

static void sequence_yields(void) {
  /* After 2 ms, that is some 20 steps of 100 us. */
  one_behind_many(HD_SEQUENCE, 0, 25);
}

static void lower_waits(void) {
  begin(1);
  const hd_definition *note = define(&w, "note", "u64 -> f64", run_note, 0);
  const double priorities[] = {0, -5, 7, 0, 1e300, -5};
  const unsigned places[] = {2, 4, 1, 3, 0, 5};
  atomic_uint clock = 0;
  entry entries[6];
  job *first = job_of(&w, HD_ALL, 1, 1, k.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 1);
  for (int i = 0; i < 6; i++) {
    entries[i] = (entry){&clock, 99};
    job *j = job_open_with(&w, HD_ALL, 1, 1, priorities[i], 0);
    NEED(job_add(j, note, (heddle_value[]){pointer(&entries[i])}));
    CHECK_EQ(job_append(j), 0);
  }
  gate_open(&g, 1);
  world_run(&w);
  for (int i = 0; i < 6; i++)
    CHECK_EQ(entries[i].at, places[i]);
  CHECK(first->finished);
  end();
}

/* Groups of one priority take turns: none is ever far ahead. */
static void turns(void) {
  enum { GROUPS = 5, EACH = 20 };
  begin(1);
  const hd_definition *note = define(&w, "note", "u64 -> f64", run_note, 0);
  atomic_uint clock = 0;
  static entry entries[GROUPS][EACH];
  job *first = job_of(&w, HD_ALL, 1, 1, k.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 1);
  for (int i = 0; i < GROUPS; i++) {
    job *j = job_open(&w, HD_ALL, EACH, 1 + (uint32_t)i % 3);
    for (int m = 0; m < EACH; m++) {
      entries[i][m] = (entry){&clock, 0};
      NEED(job_add(j, note, (heddle_value[]){pointer(&entries[i][m])}));
    }
    CHECK_EQ(job_append(j), 0);
  }
  gate_open(&g, 1);
  world_run(&w);
  for (int i = 0; i < GROUPS; i++)
    for (int m = 0; m < EACH; m++)
      CHECK_EQ(entries[i][m].at / GROUPS, m); /* one of each a round */
  CHECK(first->finished);
  end();
}

static const test tests[] = {
    {"a limit of one is never exceeded", limit_of_one, 4},
    {"a limit of two is never exceeded", limit_of_two, 4},
    {"a limit is used to the full", limit_is_used, 4},
    {"a group of one waits for the running member only", waits_for_the_running_one, 4},
    {"a higher priority goes first", higher_goes_first, 4},
    {"a sequence yields", sequence_yields, 4},
    {"priorities order what waits", lower_waits, 4},
    {"groups take turns", turns, 4},
    {"a group of one waits for the running member only, on an own thread",
     waits_for_the_running_one, 1},
    {NULL, NULL, 0}};

const suite fairness_suite = {"fairness", tests};
