/* pool.c, own_threads.c, budget.c: which threads run what, when several
 * environments share them. */
#include "tasks.h"

/* Another environment on a thread of its own: it runs what the test says. */
typedef struct side {
  uv_thread_t thread;
  gate *g;
  uv_sem_t started; /* its group is appended */
  uv_sem_t running; /* posted by the other environment's members */
  atomic_bool done;
  atomic_int ran_before; /* of the other environment */
  uint32_t total;
  uint32_t fulfilled;
  atomic_int *other_ran;
} side;

static heddle_status run_mark(heddle_call *call) {
  side *s = pointed(call, 0);
  atomic_store(&s->ran_before, atomic_load(s->other_ran));
  atomic_store(&s->done, true);
  heddle_result_f64(call, 1);
  return HEDDLE_OK;
}

/* Takes a while, until the side has had its turn. */
static heddle_status run_until_done(heddle_call *call) {
  side *s = pointed(call, 0);
  uv_sem_post(&s->running);
  uint64_t until = heddle_now(call) + 500 * 1000;
  while (!atomic_load(&s->done) && heddle_now(call) < until) {
  }
  atomic_fetch_add(s->other_ran, 1);
  heddle_result_f64(call, 1);
  return HEDDLE_OK;
}

static void side_counts(void *data) {
  side *s = data;
  world w;
  kit k;
  world_start(&w);
  kit_define(&w, &k);
  job *j = job_of(&w, HD_ALL, s->total, s->total, k.spin, (heddle_value[]){pointer(s->g)});
  world_run(&w);
  s->fulfilled = job_count(j, HD_FULFILLED);
  world_end(&w);
}

/* Both flood; together they never have more than the pool's slots. */
static void two_environments(uint32_t threads, int at_most) {
  world w;
  kit k;
  gate g;
  gate_init(&g);
  world_start(&w);
  kit_define(&w, &k);
  hd_process_set_threads(threads);
  side s = {.g = &g, .total = 800};
  NEED(uv_thread_create(&s.thread, side_counts, &s) == 0);
  job *j = job_of(&w, HD_ALL, 800, 800, k.spin, (heddle_value[]){pointer(&g)});
  world_run(&w);
  uv_thread_join(&s.thread);
  CHECK_EQ(job_count(j, HD_FULFILLED), 800);
  CHECK_EQ(s.fulfilled, 800);
  CHECK(atomic_load(&g.most) <= at_most);
  CHECK_EQ(atomic_load(&g.ran), 1600);
  world_end(&w);
  check_nothing_left();
  gate_destroy(&g);
}

static void pool_only(void) {
  two_environments(3, 3);
}

static void pool_of_two(void) {
  two_environments(1, 1);
}

static void pool_and_own(void) {
  two_environments(5, 5);
}

static void own_only(void) {
  two_environments(2, 2);
}

static void side_marks(void *data) {
  side *s = data;
  world w;
  world_start(&w);
  const hd_definition *mark = define(&w, "mark", "u64 -> f64", run_mark, 0);
  job *j = job_of(&w, HD_ALL, 1, 1, mark, (heddle_value[]){pointer(s)});
  uv_sem_post(&s->started);
  world_run(&w);
  s->fulfilled = job_count(j, HD_FULFILLED);
  world_end(&w);
}

/* One environment has a group of thousands; the other's group of one gets a
 * thread long before it ends. */
static void a_waiting_one_gets_a_turn(void) {
  enum { MANY = 4000 };
  world w;
  kit k;
  atomic_int ran = 0;
  world_start(&w);
  kit_define(&w, &k);
  hd_process_set_threads(1);
  side s = {.other_ran = &ran};
  NEED(uv_sem_init(&s.started, 0) == 0);
  NEED(uv_sem_init(&s.running, 0) == 0);
  const hd_definition *until = define(&w, "until", "u64 -> f64", run_until_done, 0);
  job *j = job_of(&w, HD_ALL, MANY, 1, until, (heddle_value[]){pointer(&s)});
  uv_sem_wait(&s.running);
  NEED(uv_thread_create(&s.thread, side_marks, &s) == 0);
  uv_sem_wait(&s.started);
  world_run(&w);
  uv_thread_join(&s.thread);
  CHECK_EQ(job_count(j, HD_FULFILLED), MANY);
  CHECK_EQ(s.fulfilled, 1);
  check_that(atomic_load(&s.ran_before) < MANY / 2, __FILE__, __LINE__,
             "%d of %d ran before the other environment had a turn", atomic_load(&s.ran_before),
             MANY);
  world_end(&w);
  check_nothing_left();
  uv_sem_destroy(&s.started);
  uv_sem_destroy(&s.running);
}

/* Two environments, one thread: the first withdraws before its grant is used. */
static void a_grant_is_given_back(void) {
  world first;
  world second;
  kit k1;
  kit k2;
  gate g;
  gate_init(&g);
  world_start(&first);
  world_start(&second);
  kit_define(&first, &k1);
  kit_define(&second, &k2);
  hd_process_set_threads(1);
  job *a = job_of(&first, HD_ALL, 1, 1, k1.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 1);
  job *b = job_of(&second, HD_ALL, 4, 1, k2.add, (heddle_value[]){f64(1), f64(1)});
  CHECK(hd_the_process.waiting_first == second.scheduler);
  gate_open(&g, 1);
  while (true) { /* the runner is gone, its slot is granted */
    hd_lock();
    uint32_t granted = second.scheduler->granted;
    hd_unlock();
    if (granted > 0)
      break;
    uv_sleep(1);
  }
  hd_scheduler_withdraw(second.scheduler, b->group);
  world_run(&second);
  CHECK_EQ(job_count(b, HD_DROPPED), 4);
  a = job_of(&first, HD_ALL, 4, 1, k1.add, (heddle_value[]){f64(1), f64(1)});
  world_run(&first);
  CHECK_EQ(job_count(a, HD_FULFILLED), 4);
  world_end(&second);
  world_end(&first);
  check_nothing_left();
  gate_destroy(&g);
}

/* The same, and the environment closes instead. */
static void a_waiting_one_closes(bool granted_first) {
  world first;
  world second;
  kit k1;
  kit k2;
  gate g;
  gate_init(&g);
  world_start(&first);
  world_start(&second);
  kit_define(&first, &k1);
  kit_define(&second, &k2);
  hd_process_set_threads(1);
  job *a = job_of(&first, HD_ALL, 1, 1, k1.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 1);
  (void)job_of(&second, HD_ALL, 4, 1, k2.add, (heddle_value[]){f64(1), f64(1)});
  if (granted_first) {
    gate_open(&g, 1);
    world_run(&first);
  }
  world_end(&second);
  if (!granted_first)
    gate_open(&g, 1);
  world_run(&first);
  CHECK(a->finished);
  a = job_of(&first, HD_ALL, 4, 1, k1.add, (heddle_value[]){f64(1), f64(1)});
  world_run(&first);
  CHECK_EQ(job_count(a, HD_FULFILLED), 4);
  world_end(&first);
  check_nothing_left();
  gate_destroy(&g);
}

static void waiting_closes(void) {
  a_waiting_one_closes(false);
}

static void granted_closes(void) {
  a_waiting_one_closes(true);
}

static atomic_int others_ran;

static void other_work(uv_work_t *work) {
  (void)work;
  atomic_fetch_add(&others_ran, 1);
}

static void other_after(uv_work_t *work, int status) {
  *(int *)work->data = status == 0 ? 1 : -1;
}

/* Every thread that heddle may have is busy, and more waits; a file read by
 * somebody else goes through at once. */
static void the_pool_stays_open(uint32_t threads) {
  world w;
  kit k;
  gate g;
  int came = 0;
  uv_work_t work = {.data = &came};
  gate_init(&g);
  world_start(&w);
  kit_define(&w, &k);
  hd_process_set_threads(threads);
  job *j = job_of(&w, HD_ALL, 20, 20, k.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, (int)threads);
  for (int i = 0; i < 5; i++) {
    came = 0;
    NEED(uv_queue_work(&w.loop, &work, other_work, other_after) == 0);
    while (came == 0)
      (void)uv_run(&w.loop, UV_RUN_ONCE);
    CHECK_EQ(came, 1);
  }
  CHECK_EQ(atomic_load(&g.most), threads);
  CHECK_EQ(atomic_load(&g.ran), 0);
  gate_open(&g, 20);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 20);
  CHECK_EQ(atomic_load(&g.most), threads);
  world_end(&w);
  check_nothing_left();
  gate_destroy(&g);
}

static void others_get_through(void) {
  the_pool_stays_open(3);
}

static void others_get_through_beside_own(void) {
  the_pool_stays_open(6);
}

static void others_get_through_a_pool_of_one(void) {
  the_pool_stays_open(2);
}

/* What another copy of the library does with the count that they share. */
typedef struct copy {
  uv_thread_t thread;
  hd_slots *slots;
  uint32_t most; /* of the pool that both may use */
} copy;

static void copy_waits(void *data) {
  copy *c = data;
  atomic_fetch_add(&c->slots->waiting, 1);
  while (atomic_load(&c->slots->used) >= c->most) { /* one is left to it */
  }
  atomic_fetch_add(&c->slots->used, 1);
  atomic_fetch_sub(&c->slots->waiting, 1);
  atomic_fetch_sub(&c->slots->used, 1);
}

/* It has all slots of the pool: nothing runs until it gives one back. */
static void another_copy_has_all(void) {
  world w;
  kit k;
  world_start(&w);
  kit_define(&w, &k);
  hd_process_set_threads(3);
  atomic_fetch_add(&hd_the_process.slots->used, 3);
  job *j = job_of(&w, HD_ALL, 20, 20, k.add, (heddle_value[]){f64(1), f64(1)});
  uint64_t until = uv_hrtime() + 50 * 1000 * 1000;
  while (uv_hrtime() < until)
    (void)uv_run(&w.loop, UV_RUN_NOWAIT);
  CHECK_EQ(hd_the_process.slots_used, 0);
  CHECK(hd_budget_shares());
  atomic_fetch_sub(&hd_the_process.slots->used, 1);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 20);
  atomic_fetch_sub(&hd_the_process.slots->used, 2);
  world_end(&w);
  check_nothing_left();
}

/* It waits while all are here: one is given up, and it gets that. */
static void another_copy_waits(uint32_t threads) {
  enum { MANY = 4000 };
  world w;
  kit k;
  gate g;
  gate_init(&g);
  world_start(&w);
  kit_define(&w, &k);
  hd_process_set_threads(threads);
  job *j = job_of(&w, HD_ALL, MANY, MANY, k.spin, (heddle_value[]){pointer(&g)});
  copy c = {.slots = hd_the_process.slots, .most = threads};
  NEED(uv_thread_create(&c.thread, copy_waits, &c) == 0);
  world_run(&w);
  uv_thread_join(&c.thread);
  CHECK_EQ(job_count(j, HD_FULFILLED), MANY);
  CHECK_EQ(atomic_load(&hd_the_process.slots->used), 0);
  CHECK_EQ(atomic_load(&hd_the_process.slots->waiting), 0);
  world_end(&w);
  check_nothing_left();
  gate_destroy(&g);
}

static void another_copy_gets_one_of_three(void) {
  another_copy_waits(3);
}

static void another_copy_gets_the_only_one(void) {
  another_copy_waits(1);
}

static const test tests[] = {
    {"two environments share the pool's slots", pool_only, 4},
    {"two environments share one slot", pool_of_two, 2},
    {"two environments, the pool and own threads", pool_and_own, 4},
    {"two environments share own threads", own_only, 1},
    {"an environment that waits gets a slot", a_waiting_one_gets_a_turn, 2},
    {"an environment that waits gets an own thread", a_waiting_one_gets_a_turn, 1},
    {"a grant that is not needed is given back", a_grant_is_given_back, 2},
    {"an environment that waits is closed", waiting_closes, 2},
    {"an environment that was granted a slot is closed", granted_closes, 2},
    {"others' work gets through", others_get_through, 4},
    {"others' work gets through beside own threads", others_get_through_beside_own, 4},
    {"others' work gets through a pool of one", others_get_through_a_pool_of_one, 1},
    {"another copy of the library has all slots", another_copy_has_all, 4},
    {"another copy of the library gets a slot", another_copy_gets_one_of_three, 4},
    {"another copy of the library gets the only slot", another_copy_gets_the_only_one, 2},
    {NULL, NULL, 0}};

const suite slots_suite = {"slots", tests};
