/* lifecycle.c: an environment goes down in the middle of things. That nothing
 * is left is what AddressSanitizer and check_nothing_left() prove. */
#include "scene.h"

static void with_nothing(void) {
  begin(2);
  end();
}

static void unused_holds_no_loop(void) {
  begin(2);
  CHECK_EQ(uv_run(&w.loop, UV_RUN_DEFAULT), 0);
  end();
}

/* Two run until they are told, the rest is queued; a group that is not full,
 * one that has nothing, one that is done but not delivered. */
static void with_everything(void) {
  begin(3);
  job *done = job_of(&w, HD_ALL, 20, 3, k.make, (heddle_value[]){f64(3000)});
  hd_counts counts;
  do
    hd_scheduler_count(w.scheduler, done->group, &counts);
  while (counts.done < 20);
  (void)job_of(&w, HD_ALL, 6000, 2, k.poll, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 2);
  job *half = job_open_with(&w, HD_ALL, 9000, 3, -1, 0);
  for (int i = 0; i < 5000; i++)
    NEED(job_pin(half, true) && job_add(half, k.add, (heddle_value[]){f64(i), f64(0)}));
  CHECK_EQ(job_append(half), 0);
  (void)job_open(&w, HD_ALL, 5, 1);
  world_close(&w);
  CHECK(!w.closed);
  world_end(&w);
  CHECK_EQ(w.unpinned, 1);
  CHECK(atomic_load(&g.saw_cancel));
  CHECK(atomic_load(&g.ran) >= 2 && atomic_load(&g.ran) <= 3);
  gate_destroy(&g);
  check_nothing_left();
}

static void after_a_stop(void) {
  begin(2);
  job *j = job_of(&w, HD_SETTLED, 10, 2, k.poll, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 2);
  CHECK(hd_scheduler_claim(w.scheduler, j->group, 5) == HD_CLAIM_HELD);
  hd_scheduler_stop(w.scheduler);
  hd_scheduler_stop(w.scheduler);
  job *late = job_open(&w, HD_ALL, 1, 1);
  NEED(job_add(late, k.add, (heddle_value[]){f64(1), f64(0)}));
  CHECK_EQ(job_append(late), UV_ECANCELED);
  end();
}

/* What does not poll is waited for. */
static void waits_for_the_blind(void) {
  begin(3);
  (void)job_of(&w, HD_ALL, 8, 8, k.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 3);
  world_close(&w);
  for (int i = 0; i < 20; i++)
    world_poll(&w);
  CHECK(!w.closed);
  gate_open(&g, 3);
  (void)uv_run(&w.loop, UV_RUN_DEFAULT);
  CHECK(w.closed);
  CHECK_EQ(atomic_load(&g.ran), 3);
  end();
}

typedef struct plug {
  uv_work_t work;
  gate *g;
} plug;

static void plug_work(uv_work_t *work) {
  gate *at = ((plug *)work->data)->g;
  uv_sem_post(&at->entered);
  uv_sem_wait(&at->open);
}

static void plug_after(uv_work_t *work, int status) {
  (void)work;
  CHECK_EQ(status, 0);
}

/* The pool is full of others' work: the runners have not begun, and are
 * cancelled. The loop need not wait for the others. */
static void behind_a_full_pool(void) {
  enum { POOL = 4 };
  plug plugs[POOL];
  uv_loop_t others;
  gate at;
  begin(3);
  gate_init(&at);
  NEED(uv_loop_init(&others) == 0);
  for (int i = 0; i < POOL; i++) {
    plugs[i] = (plug){.work.data = &plugs[i], .g = &at};
    NEED(uv_queue_work(&others, &plugs[i].work, plug_work, plug_after) == 0);
  }
  gate_entered(&at, POOL);
  (void)job_of(&w, HD_ALL, 100, 100, k.count, (heddle_value[]){pointer(&g)});
  hd_lock();
  CHECK_EQ(w.scheduler->starting, 3);
  hd_unlock();
  world_end(&w); /* hangs if it waits for the pool */
  CHECK_EQ(atomic_load(&g.ran), 0);
  check_nothing_left();
  gate_open(&at, POOL);
  (void)uv_run(&others, UV_RUN_DEFAULT);
  CHECK_EQ(uv_loop_close(&others), 0);
  gate_destroy(&at);
  gate_destroy(&g);
}

/* Queued runners, and the work they were for is withdrawn. */
static void withdrawn_behind_a_full_pool(void) {
  plug plugs[4];
  gate at;
  begin(3);
  gate_init(&at);
  for (int i = 0; i < 4; i++) {
    plugs[i] = (plug){.work.data = &plugs[i], .g = &at};
    NEED(uv_queue_work(&w.loop, &plugs[i].work, plug_work, plug_after) == 0);
  }
  gate_entered(&at, 4);
  job *j = job_of(&w, HD_ALL, 100, 100, k.count, (heddle_value[]){pointer(&g)});
  hd_scheduler_withdraw(w.scheduler, j->group);
  while (!j->finished)
    (void)uv_run(&w.loop, UV_RUN_ONCE);
  CHECK_EQ(job_count(j, HD_DROPPED), 100);
  gate_open(&at, 4);
  world_run(&w);
  end();
  gate_destroy(&at);
}

/* Stopped while nothing runs: what others claim is dropped as well, and told. */
static void stopped_behind_a_full_pool(void) {
  plug plugs[4];
  gate at;
  begin(3);
  gate_init(&at);
  for (int i = 0; i < 4; i++) {
    plugs[i] = (plug){.work.data = &plugs[i], .g = &at};
    NEED(uv_queue_work(&w.loop, &plugs[i].work, plug_work, plug_after) == 0);
  }
  gate_entered(&at, 4);
  job *j = job_of(&w, HD_ALL, 100, 100, k.count, (heddle_value[]){pointer(&g)});
  CHECK(hd_scheduler_claim(w.scheduler, j->group, 50) == HD_CLAIM_HELD);
  hd_scheduler_stop(w.scheduler);
  while (!j->finished)
    (void)uv_run(&w.loop, UV_RUN_ONCE);
  CHECK_EQ(job_count(j, HD_DROPPED), 100);
  gate_open(&at, 4);
  world_run(&w);
  end();
  gate_destroy(&at);
}

static unsigned news_told;

static void count_news(void *data) {
  (void)data;
  if (++news_told < 3)
    hd_scheduler_recall(w.scheduler);
}

/* The binding that has not delivered all is called again. */
static void recalled(void) {
  begin(1);
  (void)job_of(&w, HD_ALL, 1, 1, k.add, (heddle_value[]){f64(1), f64(0)});
  w.scheduler->events.news = count_news;
  while (news_told < 3)
    (void)uv_run(&w.loop, UV_RUN_ONCE);
  for (int i = 0; i < 20; i++)
    world_poll(&w);
  CHECK(news_told <= 4); /* one for the group itself may come in between */
  end();                 /* what was never taken is freed */
}

/* Each round goes down at another moment. */
static void at_any_moment(void) {
  for (int round = 0; round < 150; round++) {
    begin(1 + (uint32_t)round % 4);
    job *a = job_of(&w, (hd_policy)(round % 5), 200, 1 + (uint32_t)round % 3, k.count,
                    (heddle_value[]){pointer(&g)});
    job *b = job_open_with(&w, HD_ALL, 300, 2, 0, 1000 * 1000);
    for (int i = 0; i < 300; i++)
      NEED(job_add(b, round % 2 == 0 ? k.make : k.yield,
                   round % 2 == 0 ? (heddle_value[]){f64(i)} : (heddle_value[]){pointer(&g)}));
    CHECK_EQ(job_append(b), 0);
    for (int i = 0; i < round; i++)
      if (i % 20 == 0)
        world_poll(&w);
    if (round % 3 == 0 && !a->finished)
      hd_scheduler_withdraw(w.scheduler, a->group);
    world_close(&w);
    end();
  }
}

static void side(void *data) {
  (void)data;
  for (int round = 0; round < 60; round++) {
    world mine;
    kit its;
    gate at;
    gate_init(&at);
    world_start(&mine);
    kit_define(&mine, &its);
    job *j = job_of(&mine, HD_ALL, 100, 100, its.count, (heddle_value[]){pointer(&at)});
    if (round % 2 == 0) {
      world_run(&mine);
      CHECK_EQ(job_count(j, HD_FULFILLED), 100);
    }
    world_end(&mine);
    gate_destroy(&at);
  }
}

/* Environments come and go on several threads, as workers do, while the
 * number of threads changes. */
static void many_environments(void) {
  uv_thread_t threads[4];
  for (int i = 0; i < 4; i++)
    NEED(uv_thread_create(&threads[i], side, NULL) == 0);
  NEED(hd_process_init() == 0);
  for (int i = 0; i < 500; i++)
    hd_process_set_threads(1 + (uint32_t)i % 6);
  side(NULL);
  for (int i = 0; i < 4; i++)
    uv_thread_join(&threads[i]);
  check_nothing_left();
}

static const test tests[] = {
    {"with nothing", with_nothing, 4},
    {"an idle scheduler does not hold the loop", unused_holds_no_loop, 4},
    {"with queued, running, done and half filled groups", with_everything, 4},
    {"with queued, running, done and half filled groups on own threads", with_everything, 1},
    {"after a stop", after_a_stop, 4},
    {"members that do not poll are waited for", waits_for_the_blind, 4},
    {"members that do not poll are waited for on own threads", waits_for_the_blind, 1},
    {"runners behind a full pool are cancelled", behind_a_full_pool, 4},
    {"a withdrawal behind a full pool is delivered", withdrawn_behind_a_full_pool, 4},
    {"a stop behind a full pool drops what is claimed", stopped_behind_a_full_pool, 4},
    {"a recall, and news that are never taken", recalled, 4},
    {"at any moment", at_any_moment, 4},
    {"at any moment, on own threads", at_any_moment, 1},
    {"many environments come and go", many_environments, 4},
    {"many environments come and go on one slot", many_environments, 2},
    {"many environments come and go on own threads", many_environments, 1},
    {NULL, NULL, 0}};

const suite close_suite = {"close", tests};
