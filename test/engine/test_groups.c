/* group.c, scheduler.c: groups that fill up slowly, or never, what is delivered
 * of them and when. */
#include "scene.h"

static void withdrawn_before_all_came(void) {
  begin(3);
  job *j = job_open(&w, HD_ALL, 10, 3);
  hd_scheduler_withdraw(w.scheduler, j->group);
  world_run(&w);
  CHECK(j->finished);
  CHECK_EQ(j->delivered, 0);
  end();
}

/* What the binding does when a group is decided while it fills in a slice. */
static void filled_after_withdrawal(void) {
  begin(3);
  job *j = job_open(&w, HD_ALL, 5000, 3);
  hd_scheduler_withdraw(w.scheduler, j->group);
  for (int i = 0; i < 5000; i++)
    NEED(job_add(j, k.add, (heddle_value[]){f64(i), f64(2)}));
  NEED(job_pin(j, false));
  CHECK_EQ(job_append(j), UV_ECANCELED);
  CHECK_EQ(w.unpinned, 1);
  world_run(&w);
  CHECK(j->finished);
  end();
}

static void reserved_and_not_used(void) {
  begin(3);
  job *j = job_open(&w, HD_ALL, 9000, 3);
  NEED(hd_group_reserve(j->group, 9000));
  hd_scheduler_withdraw(w.scheduler, j->group);
  NEED(hd_group_reserve(j->group, 9000));
  world_run(&w);
  CHECK(j->finished);
  end();
}

static void appended_in_batches(void) {
  begin(3);
  enum { TOTAL = 10000 };
  job *j = job_open(&w, HD_ALL, TOTAL, 3);
  uint32_t sizes[] = {1, 4095, 1, 4000, 1903};
  uint32_t at = 0;
  for (size_t s = 0; s < 5; s++) {
    for (uint32_t i = 0; i < sizes[s]; i++, at++)
      NEED(job_add(j, k.add, (heddle_value[]){f64(at), f64(1)}));
    CHECK_EQ(job_append(j), 0);
    world_poll(&w);
  }
  CHECK_EQ(at, TOTAL);
  world_run(&w);
  CHECK(j->finished);
  CHECK_EQ(job_count(j, HD_FULFILLED), TOTAL);
  uint32_t wrong = 0;
  for (uint32_t i = 0; i < TOTAL; i++)
    wrong += j->outcomes[i].number != i + 1;
  CHECK_EQ(wrong, 0);
  end();
}

static void sealed(void) {
  begin(3);
  job *j = job_open(&w, HD_ALL, 10, 3);
  for (int i = 0; i < 4; i++)
    NEED(job_add(j, k.add, (heddle_value[]){f64(i), f64(0)}));
  CHECK_EQ(job_append(j), 0);
  hd_scheduler_seal(w.scheduler, j->group);
  world_run(&w);
  CHECK(j->finished);
  CHECK_EQ(job_count(j, HD_FULFILLED), 4);
  j = job_open(&w, HD_SEQUENCE, 3, 1); /* nothing came */
  hd_scheduler_seal(w.scheduler, j->group);
  world_run(&w);
  CHECK(j->finished);
  end();
}

/* The group waits for what is to come, and is not complete before. */
static void waits_for_the_rest(void) {
  begin(3);
  job *j = job_open(&w, HD_SETTLED, 2, 3);
  NEED(job_add(j, k.add, (heddle_value[]){f64(1), f64(1)}));
  CHECK_EQ(job_append(j), 0);
  hd_scheduler_watch(w.scheduler, j->group);
  world_until(j, 1);
  CHECK(!j->finished);
  CHECK_EQ(j->delivered, 1);
  NEED(job_add(j, k.fail, (heddle_value[]){f64(1)}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK(j->finished);
  end();
}

/* A quick member is delivered before the slow one behind it has ended. */
static void watched(void) {
  begin(1);
  for (int round = 0; round < 50; round++) {
    job *j = job_open(&w, HD_SETTLED, 3, 1);
    hd_scheduler_watch(w.scheduler, j->group);
    NEED(job_add(j, k.add, (heddle_value[]){f64(1), f64(0)}));
    NEED(job_add(j, k.fail, (heddle_value[]){f64(1)}));
    NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
    CHECK_EQ(job_append(j), 0);
    world_until(j, 2); /* hangs if they wait for the third */
    CHECK(!j->finished);
    gate_open(&g, 1);
    world_run(&w);
  }
  end();
}

/* What was done before it was watched is delivered, too. */
static void watched_later(void) {
  begin(2);
  job *j = job_open(&w, HD_SETTLED, 2, 2);
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  NEED(job_add(j, k.add, (heddle_value[]){f64(1), f64(0)}));
  CHECK_EQ(job_append(j), 0);
  hd_counts counts;
  do
    hd_scheduler_count(w.scheduler, j->group, &counts);
  while (counts.done < 1);
  hd_scheduler_watch(w.scheduler, j->group);
  world_until(j, 1);
  CHECK_EQ(job_state(j, 1), HD_FULFILLED);
  gate_open(&g, 1);
  world_run(&w);
  end();
}

static void batches_are_unpinned(void) {
  begin(3);
  job *j = job_open(&w, HD_ALL, 4, 3);
  for (int i = 0; i < 4; i++) {
    NEED(job_pin(j, i % 2 == 0));
    NEED(job_add(j, k.add, (heddle_value[]){f64(i), f64(0)}));
    CHECK_EQ(job_append(j), 0);
  }
  world_run(&w);
  CHECK_EQ(w.unpinned, 4);
  j = job_open(&w, HD_ALL, 30, 1); /* dropped ones too */
  NEED(job_add(j, k.fail, (heddle_value[]){f64(0)}));
  for (int i = 1; i < 30; i++)
    NEED(job_pin(j, true) && job_add(j, k.add, (heddle_value[]){f64(i), f64(0)}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK_EQ(w.unpinned, 5);
  end();
}

static void counts_and_figures(void) {
  begin(2);
  hd_figures before;
  hd_figures after;
  hd_counts counts;
  job *j = job_open(&w, HD_SETTLED, 10, 2);
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  for (int i = 2; i < 10; i++)
    NEED(job_add(j, i < 5 ? k.fail : k.add, (heddle_value[]){f64(i), f64(0)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 2);
  hd_scheduler_figures(w.scheduler, &before);
  hd_scheduler_count(w.scheduler, j->group, &counts);
  CHECK_EQ(before.running, 2);
  CHECK_EQ(before.queued, 8);
  CHECK_EQ(counts.done, 0);
  gate_open(&g, 2);
  world_run(&w);
  hd_scheduler_figures(w.scheduler, &after);
  CHECK_EQ(after.running, 0);
  CHECK_EQ(after.queued, 0);
  CHECK_EQ(after.completed, 7);
  CHECK_EQ(after.failed, 3);
  CHECK_EQ(after.cancelled, 0);
  j = job_of(&w, HD_ALL, 100, 1, k.fail, (heddle_value[]){f64(0)});
  world_run(&w);
  hd_scheduler_figures(w.scheduler, &after);
  CHECK_EQ(after.failed, 4);
  CHECK_EQ(after.cancelled, 99);
  CHECK_EQ(after.queued, 0);
  end();
}

static const test tests[] = {
    {"a group withdrawn before members came is complete", withdrawn_before_all_came, 4},
    {"members filled in after a withdrawal fit, and are refused", filled_after_withdrawal, 4},
    {"room that was never used is freed", reserved_and_not_used, 4},
    {"10,000 members in several batches", appended_in_batches, 4},
    {"a group waits for members to come", waits_for_the_rest, 4},
    {"a watched group delivers each member as it ends", watched, 4},
    {"a group that is watched later delivers what is done", watched_later, 4},
    {"a sealed group waits for nothing more", sealed, 4},
    {"batches are given back", batches_are_unpinned, 4},
    {"counts and figures", counts_and_figures, 4},
    {NULL, NULL, 0}};

const suite groups_suite = {"groups", tests};
