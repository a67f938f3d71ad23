/* group.c: when each policy is decided, and what it does to the rest. All of
 * them with a pool of 4, of which heddle takes 3. */
#include "scene.h"

static void all_succeed(void) {
  begin(3);
  job *j = job_open(&w, HD_ALL, 3, 3);
  for (int i = 0; i < 3; i++)
    NEED(job_add(j, k.add, (heddle_value[]){f64(i), f64(10)}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK(j->finished);
  CHECK_EQ(job_count(j, HD_FULFILLED), 3);
  for (int i = 0; i < 3; i++)
    CHECK_EQ(j->outcomes[i].number, 10 + i);
  end();
}

/* One runs until it is cancelled, one fails, the rest never starts. */
static void first_failure(hd_policy policy, bool decides) {
  begin(2);
  job *j = job_open(&w, policy, 50, 2);
  NEED(job_add(j, decides ? k.poll : k.gate, (heddle_value[]){pointer(&g)}));
  NEED(job_add(j, k.failing_gate, (heddle_value[]){pointer(&g)}));
  for (int i = 2; i < 50; i++)
    NEED(job_add(j, k.add, (heddle_value[]){f64(i), f64(0)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 2);
  gate_open(&g, decides ? 1 : 2);
  world_run(&w);
  CHECK(j->finished);
  CHECK_EQ(job_state(j, 1), HD_REJECTED);
  CHECK_TEXT(j->outcomes[1].code, "ERR_TEST");
  CHECK_TEXT(j->outcomes[1].text, "failed at the gate");
  CHECK_EQ(job_state(j, 0), decides ? HD_CANCELLED : HD_FULFILLED);
  CHECK_EQ(job_count(j, HD_DROPPED), decides ? 48 : 0);
  CHECK_EQ(job_count(j, HD_FULFILLED), decides ? 0 : 49);
  end();
}

static void all_fails(void) {
  first_failure(HD_ALL, true);
}

static void settled_goes_on(void) {
  first_failure(HD_SETTLED, false);
}

static void race_is_lost_by_failure(void) {
  first_failure(HD_RACE, true);
}

static void any_ignores_failure(void) {
  begin(1);
  job *j = job_open(&w, HD_ANY, 40, 1);
  for (int i = 0; i < 3; i++)
    NEED(job_add(j, k.fail, (heddle_value[]){f64(i)}));
  for (int i = 3; i < 40; i++)
    NEED(job_add(j, k.add, (heddle_value[]){f64(i), f64(0)}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_REJECTED), 3);
  CHECK_EQ(job_state(j, 3), HD_FULFILLED);
  CHECK_EQ(j->outcomes[3].number, 3);
  CHECK_EQ(job_count(j, HD_DROPPED), 36);
  end();
}

static void any_fails_when_all_fail(void) {
  begin(3);
  job *j = job_of(&w, HD_ANY, 20, 3, k.fail, (heddle_value[]){f64(7)});
  world_run(&w);
  CHECK_EQ(job_count(j, HD_REJECTED), 20);
  CHECK_TEXT(j->outcomes[19].text, "failed 7");
  end();
}

static void race_is_won(void) {
  begin(2);
  job *j = job_open(&w, HD_RACE, 9, 2);
  NEED(job_add(j, k.poll, (heddle_value[]){pointer(&g)}));
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  for (int i = 2; i < 9; i++)
    NEED(job_add(j, k.add, (heddle_value[]){f64(i), f64(0)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 2);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(job_state(j, 1), HD_FULFILLED);
  CHECK_EQ(job_state(j, 0), HD_CANCELLED);
  CHECK(atomic_load(&g.saw_cancel));
  CHECK_EQ(job_count(j, HD_DROPPED), 7);
  end();
}

static const test tests[] = {{"all: every member succeeds", all_succeed, 4},
                             {"all: the first failure drops and cancels the rest", all_fails, 4},
                             {"settled: a failure stops nothing", settled_goes_on, 4},
                             {"race: a failure decides it", race_is_lost_by_failure, 4},
                             {"race: a success decides it", race_is_won, 4},
                             {"any: failures are passed over", any_ignores_failure, 4},
                             {"any: all fail", any_fails_when_all_fail, 4},
                             {NULL, NULL, 0}};

const suite policies_suite = {"policies", tests};
