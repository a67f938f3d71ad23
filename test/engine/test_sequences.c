/* Sequences and chains: order, what is handed over, and how long it lives. */
#include <string.h>

#include "scene.h"

static void in_order(void) {
  begin(3);
  enum { STEPS = 6000 };
  job *j = job_open(&w, HD_SEQUENCE, STEPS, 3);
  NEED(job_add(j, k.add, (heddle_value[]){f64(0), f64(1)}));
  for (int i = 1; i < STEPS; i++)
    NEED(job_add(j, k.add, (heddle_value[]){previous_value(), f64(1)}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  uint32_t wrong = 0;
  for (uint32_t i = 0; i < STEPS; i++)
    wrong += j->outcomes[i].number != i + 1 || j->outcomes[i].place != i;
  CHECK_EQ(wrong, 0);
  end();
}

/* The next step sees the very memory that the one before made, and what is
 * delivered afterwards is that memory too. */
static void without_a_copy(void) {
  begin(3);
  job *j = job_open(&w, HD_SEQUENCE, 3, 1);
  NEED(job_add(j, k.make, (heddle_value[]){f64(100)}));
  NEED(job_add(j, k.address, (heddle_value[]){previous_value()}));
  NEED(job_add(j, k.add, (heddle_value[]){f64(1), f64(2)}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK(j->outcomes[1].bigint != 0);
  CHECK(j->outcomes[1].bigint == (uint64_t)(uintptr_t)j->outcomes[0].data);
  CHECK_EQ(j->outcomes[0].length, 100);
  end();
}

/* A result is not delivered while the next step may still read it. */
static void held_while_read(void) {
  begin(3);
  job *j = job_open(&w, HD_SEQUENCE, 3, 1);
  hd_scheduler_watch(w.scheduler, j->group);
  NEED(job_add(j, k.make, (heddle_value[]){f64(10)}));
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 1);
  for (int i = 0; i < 20; i++)
    world_poll(&w);
  CHECK_EQ(j->delivered, 0);
  gate_open(&g, 1);
  gate_entered(&g, 1);
  world_until(j, 1);
  for (int i = 0; i < 20; i++)
    world_poll(&w);
  CHECK_EQ(j->delivered, 1);
  CHECK_EQ(job_state(j, 0), HD_FULFILLED);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(j->delivered, 3);
  end();
}

/* Likewise across appends: the last result waits for steps to come. */
static void held_across_appends(void) {
  begin(3);
  job *j = job_open(&w, HD_SEQUENCE, 2, 1);
  hd_scheduler_watch(w.scheduler, j->group);
  NEED(job_add(j, k.make, (heddle_value[]){f64(77)}));
  CHECK_EQ(job_append(j), 0);
  hd_counts counts;
  do {
    world_poll(&w);
    hd_scheduler_count(w.scheduler, j->group, &counts);
  } while (counts.done == 0);
  for (int i = 0; i < 20; i++)
    world_poll(&w);
  CHECK_EQ(j->delivered, 0);
  NEED(job_add(j, k.length, (heddle_value[]){previous_value()}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK_EQ(j->outcomes[1].number, 77);
  end();
}

static void stops_at_a_failure(void) {
  begin(3);
  job *j = job_open(&w, HD_SEQUENCE, 5, 1);
  NEED(job_add(j, k.add, (heddle_value[]){f64(0), f64(1)}));
  NEED(job_add(j, k.fail, (heddle_value[]){previous_value()}));
  for (int i = 2; i < 5; i++)
    NEED(job_add(j, k.count, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_FULFILLED);
  CHECK_TEXT(j->outcomes[1].text, "failed 1");
  CHECK_EQ(job_count(j, HD_DROPPED), 3);
  CHECK_EQ(atomic_load(&g.ran), 0);
  end();
}

static void wrong_type_of_previous(void) {
  begin(3);
  job *j = job_open(&w, HD_SEQUENCE, 2, 1);
  NEED(job_add(j, k.add, (heddle_value[]){f64(0), f64(1)}));
  NEED(job_add(j, k.length, (heddle_value[]){previous_value()}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK_EQ(job_state(j, 1), HD_REJECTED);
  CHECK_TEXT(j->outcomes[1].code, "ERR_HEDDLE_INVALID_ARG_TYPE");
  CHECK_TEXT(j->outcomes[1].text,
             "length: argument \"data\" must be a string, Buffer, TypedArray, DataView, "
             "ArrayBuffer, SharedArrayBuffer or file(), got a number from the previous step");
  end();
}

static void first_has_no_previous(void) {
  begin(3);
  job *j = job_open(&w, HD_SEQUENCE, 1, 1);
  NEED(job_add(j, k.add, (heddle_value[]){previous_value(), f64(1)}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK_TEXT(j->outcomes[0].text,
             "add: argument 1 must be a number, got undefined from the previous step");
  end();
}

/* A claimed step whose predecessor failed runs, and gets an error, not its
 * memory. */
static void claimed_step_after_a_failure(void) {
  begin(3);
  job *j = job_open(&w, HD_SEQUENCE, 3, 1);
  NEED(job_add(j, k.failing_gate, (heddle_value[]){pointer(&g)}));
  NEED(job_add(j, k.length, (heddle_value[]){previous_value()}));
  NEED(job_add(j, k.add, (heddle_value[]){f64(1), f64(1)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 1);
  CHECK_EQ(hd_scheduler_claim(w.scheduler, j->group, 1), HD_CLAIM_HELD);
  CHECK_EQ(hd_scheduler_claim(w.scheduler, j->group, 2), HD_CLAIM_HELD);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(job_state(j, 1), HD_REJECTED);
  CHECK_TEXT(j->outcomes[1].code, "ERR_HEDDLE_INVALID_ARG_TYPE");
  CHECK_EQ(j->outcomes[2].number, 2);
  end();
}

static void chain(void) {
  begin(3);
  job *j = job_open(&w, HD_ALL, 100, 3);
  for (int i = 0; i < 100; i++)
    NEED(job_add_chain(j, 3,
                       (job_step[]){{k.make, (heddle_value[]){f64(i)}},
                                    {k.echo, (heddle_value[]){previous_value()}},
                                    {k.length, (heddle_value[]){previous_value()}}}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  uint32_t wrong = 0;
  for (int i = 0; i < 100; i++)
    wrong += j->outcomes[i].number != i;
  CHECK_EQ(wrong, 0);
  end();
}

static void chain_fails_in_the_middle(void) {
  begin(3);
  job *j = job_open(&w, HD_ALL, 2, 1);
  NEED(job_add_chain(j, 3,
                     (job_step[]){{k.add, (heddle_value[]){f64(1), f64(2)}},
                                  {k.length, (heddle_value[]){previous_value()}},
                                  {k.count, (heddle_value[]){pointer(&g)}}}));
  NEED(job_add(j, k.count, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK_TEXT(j->outcomes[0].code, "ERR_HEDDLE_INVALID_ARG_TYPE");
  CHECK_EQ(job_state(j, 1), HD_DROPPED);
  CHECK_EQ(atomic_load(&g.ran), 0);
  end();
}

static long live_before;

static heddle_status run_live(heddle_call *call) {
  (void)heddle_arg(call, 0);
  heddle_result_f64(call, (double)(alloc_live() - live_before));
  return HEDDLE_OK;
}

/* Of the results in between only the previous one is there. */
static void chain_frees_intermediates(void) {
  begin(3);
  const hd_definition *live = define(&w, "live", "f64 -> f64", run_live, 0);
  job_step steps[12];
  heddle_value size[] = {f64(1000)};
  heddle_value previous[] = {previous_value()};
  for (int i = 0; i < 11; i++)
    steps[i] = (job_step){i % 2 == 0 ? k.make : k.length, i % 2 == 0 ? size : previous};
  steps[10] = (job_step){k.make, size};
  steps[11] = (job_step){live, size};
  job *j = job_open(&w, HD_ALL, 1, 1);
  NEED(job_add_chain(j, 12, steps));
  live_before = alloc_live();
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK_EQ(j->outcomes[0].number, 2); /* the previous result, and the runner */
  end();
}

static void chain_cancelled_between_steps(void) {
  begin(3);
  job *j = job_open(&w, HD_ALL, 1, 1);
  NEED(job_add_chain(j, 3,
                     (job_step[]){{k.make, (heddle_value[]){f64(100)}},
                                  {k.gate, (heddle_value[]){pointer(&g)}},
                                  {k.count, (heddle_value[]){pointer(&g)}}}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 1);
  hd_scheduler_withdraw(w.scheduler, j->group);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_CANCELLED);
  CHECK_EQ(atomic_load(&g.ran), 1);
  end();
}

static void chains_in_a_sequence(void) {
  begin(3);
  job *j = job_open(&w, HD_SEQUENCE, 2, 1);
  NEED(job_add_chain(j, 2,
                     (job_step[]){{k.make, (heddle_value[]){f64(9)}},
                                  {k.echo, (heddle_value[]){previous_value()}}}));
  NEED(job_add(j, k.length, (heddle_value[]){previous_value()}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK_TEXT(j->outcomes[0].text, "aaaaaaaaa");
  CHECK_EQ(j->outcomes[1].number, 9);
  end();
}

static const test tests[] = {
    {"sequence: steps run and are delivered in order", in_order, 4},
    {"sequence: the previous result is handed over without a copy", without_a_copy, 4},
    {"sequence: a result is held while the next step runs", held_while_read, 4},
    {"sequence: a result is held for steps to come", held_across_appends, 4},
    {"sequence: a failure stops it", stops_at_a_failure, 4},
    {"sequence: a previous result of the wrong type", wrong_type_of_previous, 4},
    {"sequence: the first step has no previous", first_has_no_previous, 4},
    {"sequence: a claimed step after a failure", claimed_step_after_a_failure, 4},
    {"chain: results are handed on", chain, 4},
    {"chain: a failure in the middle", chain_fails_in_the_middle, 4},
    {"chain: intermediates are freed at once", chain_frees_intermediates, 4},
    {"chain: cancelled between steps", chain_cancelled_between_steps, 4},
    {"chain: in a sequence", chains_in_a_sequence, 4},
    {NULL, NULL, 0}};

const suite sequences_suite = {"sequences", tests};
