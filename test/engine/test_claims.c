/* Claims: a member is cancelled only when nobody wants it any more. */
#include "scene.h"

static hd_claim_result claim(job *j, uint32_t index) {
  return hd_scheduler_claim(w.scheduler, j->group, index);
}

static void unclaim(job *j, uint32_t index) {
  hd_scheduler_unclaim(w.scheduler, j->group, index);
}

/* A first member at the gate, and the others queued behind it. */
static job *behind_the_gate(hd_policy policy, uint32_t total) {
  job *j = job_open(&w, policy, total, 1);
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  for (uint32_t i = 1; i < total; i++)
    NEED(job_add(j, k.add, (heddle_value[]){f64(i), f64(0)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 1);
  return j;
}

static void claimed_survive(void) {
  begin(1);
  job *j = behind_the_gate(HD_ALL, 10);
  CHECK_EQ(claim(j, 3), HD_CLAIM_HELD);
  CHECK_EQ(claim(j, 7), HD_CLAIM_HELD);
  CHECK_EQ(claim(j, 7), HD_CLAIM_HELD);
  hd_scheduler_withdraw(w.scheduler, j->group);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_CANCELLED);
  CHECK_EQ(job_state(j, 3), HD_FULFILLED);
  CHECK_EQ(j->outcomes[7].number, 7);
  CHECK_EQ(job_count(j, HD_DROPPED), 7);
  end();
}

static void unclaimed_are_dropped(void) {
  begin(1);
  job *j = behind_the_gate(HD_ALL, 10);
  CHECK_EQ(claim(j, 3), HD_CLAIM_HELD);
  CHECK_EQ(claim(j, 3), HD_CLAIM_HELD);
  CHECK_EQ(claim(j, 5), HD_CLAIM_HELD);
  hd_scheduler_withdraw(w.scheduler, j->group);
  unclaim(j, 3);
  unclaim(j, 5);
  CHECK_EQ(j->group->claims, 1);
  CHECK_EQ(atomic_load(&j->group->next), 1); /* one claim is left: nothing is dropped yet */
  unclaim(j, 3);
  CHECK_EQ(j->group->claims, 0);
  CHECK_EQ(atomic_load(&j->group->next), 10);
  CHECK_EQ(claim(j, 3), HD_CLAIM_DROPPED);
  CHECK_EQ(claim(j, 9), HD_CLAIM_DROPPED);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_DROPPED), 9);
  end();
}

static void unclaiming_without_withdrawal(void) {
  begin(1);
  job *j = behind_the_gate(HD_ALL, 5);
  CHECK_EQ(claim(j, 2), HD_CLAIM_HELD);
  unclaim(j, 2);
  unclaim(j, 2); /* one too many */
  CHECK_EQ(j->group->claims, 0);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 5);
  end();
}

/* A running member with a claim runs on; the last one to go cancels it. */
static void running(void) {
  begin(1);
  job *j = job_of(&w, HD_ALL, 1, 1, k.poll, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 1);
  const hd_member *member = hd_group_member(j->group, 0);
  CHECK_EQ(claim(j, 0), HD_CLAIM_HELD);
  hd_scheduler_withdraw(w.scheduler, j->group);
  CHECK(!hd_member_cancelled(j->group, member));
  CHECK_EQ(claim(j, 0), HD_CLAIM_HELD);
  unclaim(j, 0);
  CHECK(!hd_member_cancelled(j->group, member));
  unclaim(j, 0);
  CHECK(hd_member_cancelled(j->group, member));
  CHECK(claim(j, 0) == HD_CLAIM_CANCELLED); /* it stays so */
  CHECK(hd_member_cancelled(j->group, member));
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_CANCELLED);
  CHECK(atomic_load(&g.saw_cancel));
  end();
}

/* Blind to cancelling: it ends well, and is cancelled all the same. */
static void sticky(void) {
  begin(1);
  job *j = job_of(&w, HD_ALL, 1, 1, k.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 1);
  hd_scheduler_withdraw(w.scheduler, j->group);
  CHECK_EQ(claim(j, 0), HD_CLAIM_CANCELLED);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_CANCELLED);
  end();
}

/* Members that ended and are not yet delivered. */
static void done(void) {
  begin(1);
  job *j = job_open(&w, HD_SETTLED, 3, 1);
  NEED(job_add(j, k.add, (heddle_value[]){f64(1), f64(1)}));
  NEED(job_add(j, k.fail, (heddle_value[]){f64(1)}));
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 1);
  CHECK_EQ(claim(j, 0), HD_CLAIM_HELD);
  CHECK_EQ(claim(j, 1), HD_CLAIM_HELD);
  unclaim(j, 0);
  CHECK_EQ(j->group->claims, 0);
  hd_scheduler_withdraw(w.scheduler, j->group);
  CHECK_EQ(claim(j, 0), HD_CLAIM_HELD);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_FULFILLED);
  CHECK_EQ(job_state(j, 1), HD_REJECTED);
  CHECK_EQ(job_state(j, 2), HD_CANCELLED);
  end();
}

/* Members that were dropped or cancelled one by one, because another one was
 * claimed, before the group is complete. */
static void dropped_or_cancelled(void) {
  begin(1);
  job *j = job_open(&w, HD_SETTLED, 4, 1);
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  NEED(job_add(j, k.add, (heddle_value[]){f64(1), f64(1)}));
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 1);
  CHECK(claim(j, 2) == HD_CLAIM_HELD);
  hd_scheduler_withdraw(w.scheduler, j->group);
  gate_open(&g, 1);
  gate_entered(&g, 1); /* the claimed one runs, those before it are done with */
  CHECK(claim(j, 0) == HD_CLAIM_CANCELLED);
  CHECK(claim(j, 1) == HD_CLAIM_DROPPED);
  unclaim(j, 0);
  unclaim(j, 1);
  CHECK_EQ(j->group->claims, 1);
  CHECK(claim(j, 3) == HD_CLAIM_HELD); /* it is queued still */
  gate_open(&g, 2);
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_CANCELLED);
  CHECK_EQ(job_state(j, 1), HD_DROPPED);
  CHECK_EQ(job_state(j, 2), HD_FULFILLED);
  CHECK_EQ(job_state(j, 3), HD_FULFILLED);
  end();
}

/* Claims on several, one of which ends, one of which is running. */
static void given_back_at_the_end(void) {
  begin(2);
  job *j = job_open(&w, HD_SETTLED, 3, 2);
  for (int i = 0; i < 3; i++)
    NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 2);
  for (uint32_t i = 0; i < 3; i++)
    CHECK_EQ(claim(j, i), HD_CLAIM_HELD);
  gate_open(&g, 1);
  gate_entered(&g, 1);
  CHECK_EQ(atomic_load(&g.ran), 1);
  gate_open(&g, 2);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 3);
  end();
}

static void failure_keeps_claimed(void) {
  begin(1);
  job *j = job_open(&w, HD_ALL, 6, 1);
  NEED(job_add(j, k.failing_gate, (heddle_value[]){pointer(&g)}));
  for (int i = 1; i < 6; i++)
    NEED(job_add(j, k.add, (heddle_value[]){f64(i), f64(0)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 1);
  CHECK_EQ(claim(j, 4), HD_CLAIM_HELD);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_REJECTED);
  CHECK_EQ(j->outcomes[4].number, 4);
  CHECK_EQ(job_count(j, HD_DROPPED), 4);
  end();
}

static void of_a_stopped_scheduler(void) {
  begin(1);
  job *j = behind_the_gate(HD_ALL, 5);
  CHECK_EQ(claim(j, 2), HD_CLAIM_HELD);
  hd_scheduler_stop(w.scheduler);
  CHECK(claim(j, 3) != HD_CLAIM_HELD);
  unclaim(j, 2);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(job_state(j, 2), HD_DROPPED);
  CHECK_EQ(job_state(j, 0), HD_CANCELLED);
  end();
}

/* Claims come and go while members start and end: nothing claimed may be
 * lost, and no task may be told a cancel that was none. */
static void stormed(void) {
  enum { ROUNDS = 400, MEMBERS = 64 };
  begin(3);
  uint32_t state = 12345;
  uint32_t lost = 0;
  uint32_t lies = 0;
  for (int round = 0; round < ROUNDS; round++) {
    bool held[MEMBERS] = {false};
    job *j = job_of(&w, HD_ALL, MEMBERS, 3, round % 2 == 0 ? k.count : k.yield,
                    (heddle_value[]){pointer(&g)});
    for (int i = 0; i < 40; i++) {
      state = state * 1664525 + 1013904223;
      uint32_t index = (state >> 8) % MEMBERS;
      if (!held[index])
        held[index] = claim(j, index) == HD_CLAIM_HELD;
      else if ((state >> 28) == 0) {
        unclaim(j, index);
        held[index] = false;
      }
      if (i == 20 + round % 20)
        hd_scheduler_withdraw(w.scheduler, j->group);
    }
    world_run(&w);
    for (int i = 0; i < MEMBERS; i++) {
      lost += held[i] && job_state(j, i) != HD_FULFILLED;
      lies += job_state(j, i) == HD_REJECTED;
    }
  }
  CHECK_EQ(lost, 0);
  CHECK_EQ(lies, 0);
  end();
}

static const test tests[] = {
    {"claimed members survive a withdrawal", claimed_survive, 4},
    {"the last claim to go drops the queue", unclaimed_are_dropped, 4},
    {"claims that go before a withdrawal change nothing", unclaiming_without_withdrawal, 4},
    {"a running member is cancelled with its last claim", running, 4},
    {"cancelling is final", sticky, 4},
    {"members that are done can be claimed", done, 4},
    {"members that were dropped or cancelled", dropped_or_cancelled, 4},
    {"claims end with their member", given_back_at_the_end, 4},
    {"a failure leaves claimed members", failure_keeps_claimed, 4},
    {"a stopped scheduler heeds no claims", of_a_stopped_scheduler, 4},
    {"claims in a storm", stormed, 4},
    {NULL, NULL, 0}};

const suite claims_suite = {"claims", tests};
