/* timeouts.c: items that run too long. What is too long is a millisecond or
 * two; no test depends on anything being quicker than that. */
#include "scene.h"

enum { MS = 1000 * 1000 };

static job *timed(hd_policy policy, uint32_t total, uint32_t limit, uint64_t ns) {
  job *j = job_open_with(&w, policy, total, limit, 0, ns);
  NEED(j != NULL);
  return j;
}

static void until_expired(unsigned count) {
  while (w.expired < count)
    (void)uv_run(&w.loop, UV_RUN_ONCE);
}

/* It never polls: it is reported at once, and its late result is ignored. */
static void blind(void) {
  begin(2);
  job *j = timed(HD_ALL, 5, 1, 2 * MS);
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  for (int i = 1; i < 5; i++)
    NEED(job_add(j, k.count, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  until_expired(1);
  CHECK(j->outcomes[0].expired);
  CHECK(!j->finished);
  CHECK_EQ(atomic_load(&g.ran), 0);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(w.expired, 1);
  CHECK_EQ(job_state(j, 0), HD_CANCELLED);
  CHECK_EQ(job_count(j, HD_DROPPED), 4);
  CHECK_EQ(atomic_load(&g.ran), 1);
  hd_figures figures;
  hd_scheduler_figures(w.scheduler, &figures);
  CHECK_EQ(figures.failed, 1);
  CHECK_EQ(figures.cancelled, 4);
  end();
}

static void polls(void) {
  begin(2);
  job *j = timed(HD_SETTLED, 3, 3, 2 * MS);
  for (int i = 0; i < 3; i++)
    NEED(job_add(j, k.poll, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK_EQ(w.expired, 3); /* the third one's time began when it ran */
  CHECK_EQ(job_count(j, HD_CANCELLED), 3);
  CHECK(atomic_load(&g.saw_cancel));
  end();
}

/* A claim does not keep an expired member. One that comes before the timeout is
 * told is held: who made it hears of the timeout, not of a cancel. */
static void claimed(void) {
  begin(1);
  job *j = timed(HD_ALL, 1, 1, 2 * MS);
  NEED(job_add(j, k.poll, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 1);
  CHECK(hd_scheduler_claim(w.scheduler, j->group, 0) == HD_CLAIM_HELD);
  until_expired(1);
  if (!j->finished)
    CHECK(hd_scheduler_claim(w.scheduler, j->group, 0) == HD_CLAIM_HELD);
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_CANCELLED);
  end();
}

static void decides(hd_policy policy, bool decided) {
  begin(1);
  job *j = timed(policy, 3, 1, 2 * MS);
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  NEED(job_add(j, k.count, (heddle_value[]){pointer(&g)}));
  NEED(job_add(j, k.count, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  until_expired(1);
  hd_lock();
  CHECK_EQ(j->group->decided, decided);
  hd_unlock();
  gate_open(&g, 1);
  world_run(&w);
  if (w.expired == 1) /* on a slow machine the others may expire, too */
    CHECK_EQ(atomic_load(&g.ran), decided ? 1 : policy == HD_ANY ? 2 : 3);
  end();
}

static void race_is_decided(void) {
  decides(HD_RACE, true);
}

static void sequence_is_decided(void) {
  decides(HD_SEQUENCE, true);
}

static void settled_goes_on(void) {
  decides(HD_SETTLED, false);
}

static void any_goes_on(void) {
  decides(HD_ANY, false);
}

/* More expire at once than one look can report. */
static void many_at_once(void) {
  enum { MANY = 100 };
  begin(MANY);
  job *j = timed(HD_SETTLED, MANY, MANY, 20 * MS);
  for (int i = 0; i < MANY; i++)
    NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, MANY);
  for (uint64_t late = uv_hrtime() + 20 * MS; uv_hrtime() < late;)
    uv_sleep(1); /* the first look finds them all */
  CHECK_EQ(w.expired, 0);
  until_expired(MANY);
  for (uint32_t i = 0; i < MANY; i++)
    CHECK(j->outcomes[i].expired);
  CHECK_EQ(w.expired, MANY);
  gate_open(&g, MANY);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_CANCELLED), MANY);
  end();
}

static void timer_stops(void) {
  begin(2);
  job *a = timed(HD_ALL, 1, 1, 1000 * 1000 * (uint64_t)MS);
  NEED(job_add(a, k.add, (heddle_value[]){f64(1), f64(0)}));
  job *b = timed(HD_ALL, 1, 1, 2000 * 1000 * (uint64_t)MS);
  NEED(job_add(b, k.gate, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(a), 0);
  CHECK_EQ(job_append(b), 0);
  CHECK(uv_is_active((uv_handle_t *)&w.scheduler->timer));
  world_until(a, 1);
  CHECK(a->finished);
  CHECK(uv_is_active((uv_handle_t *)&w.scheduler->timer));
  gate_open(&g, 1);
  world_run(&w);
  CHECK(!uv_is_active((uv_handle_t *)&w.scheduler->timer));
  CHECK_EQ(w.expired, 0);
  end();
}

/* Times beyond what fits must not expire, nor keep the loop spinning. */
static void for_ever(void) {
  const uint64_t longest[] = {UINT64_MAX, UINT64_MAX - 1, UINT64_MAX / 2, INT64_MAX};
  begin(2);
  for (int i = 0; i < 4; i++) {
    job *j = timed(HD_ALL, 1, 1, longest[i]);
    NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
    CHECK_EQ(job_append(j), 0);
    gate_entered(&g, 1);
    for (int turn = 0; turn < 50; turn++)
      world_poll(&w);
    CHECK_EQ(w.expired, 0);
    CHECK(uv_timer_get_due_in(&w.scheduler->timer) > 1000);
    gate_open(&g, 1);
    world_run(&w);
    CHECK_EQ(job_state(j, 0), HD_FULFILLED);
  }
  end();
}

static void on_later(uv_timer_t *timer) {
  gate_open(timer->data, 1);
}

/* A scheduler that closes tells of nothing any more. */
static void not_while_closing(void) {
  begin(1);
  uv_timer_t later;
  job *j = timed(HD_ALL, 1, 1, 5 * MS);
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 1);
  NEED(uv_timer_init(&w.loop, &later) == 0);
  later.data = &g;
  NEED(uv_timer_start(&later, on_later, 60, 0) == 0);
  world_close(&w);
  (void)uv_run(&w.loop, UV_RUN_DEFAULT); /* on_expired() checks */
  CHECK_EQ(w.expired, 0);
  uv_close((uv_handle_t *)&later, NULL);
  (void)uv_run(&w.loop, UV_RUN_DEFAULT);
  end();
}

static const test tests[] = {{"a member that never polls is reported at once", blind, 4},
                             {"a member that polls stops", polls, 4},
                             {"a member that polls stops, on own threads", polls, 1},
                             {"a claim does not keep an expired member", claimed, 4},
                             {"race: it decides", race_is_decided, 4},
                             {"sequence: it decides", sequence_is_decided, 4},
                             {"settled: the others go on", settled_goes_on, 4},
                             {"any: the others go on", any_goes_on, 4},
                             {"a hundred expire at once", many_at_once, 1},
                             {"the timer stops with the last timed group", timer_stops, 4},
                             {"timeouts longer than the universe", for_ever, 4},
                             {"nothing expires while it closes", not_while_closing, 4},
                             {NULL, NULL, 0}};

const suite timeouts_suite = {"timeouts", tests};
