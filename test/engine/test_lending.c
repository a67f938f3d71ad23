/* budget.c: threads that an environment borrows for JavaScript. */
#include "scheduler.h"
#include "tasks.h"

enum { MANY = 2000 };

static uint32_t lent(void) {
  hd_lock();
  uint32_t count = hd_the_process.lent;
  hd_unlock();
  return count;
}

static uint32_t runners(void) {
  hd_lock();
  uint32_t count = hd_the_process.slots_used + hd_the_process.own_running;
  hd_unlock();
  return count;
}

/* Runs the loop, which a wish alone does not keep alive. */
static void turn(world *w) {
  uv_handle_t *handle = (uv_handle_t *)&w->scheduler->async;
  bool was_alive = uv_has_ref(handle) != 0;
  uv_ref(handle);
  world_poll(w);
  if (!was_alive)
    uv_unref(handle);
  uv_sleep(1);
}

/* Until so many were lent by an event. */
static void until_told(world *w, unsigned count) {
  while (w->lent < count)
    turn(w);
}

/* Loop and threads go on until nothing of the engine runs. */
static void until_no_runner(world *w) {
  while (runners() > 0)
    turn(w);
}

static void lends_what_there_is(void) {
  world w;
  world_start(&w);
  hd_process_set_threads(3);
  CHECK_EQ(hd_scheduler_borrow(w.scheduler, 1), 1);
  CHECK_EQ(hd_scheduler_borrow(w.scheduler, 4), 2);
  CHECK_EQ(lent(), 3);
  CHECK(!hd_scheduler_pressed(w.scheduler));
  CHECK_EQ(w.lent, 0);
  hd_scheduler_give_back(w.scheduler, 1); /* two are still wanted: one goes out again */
  until_told(&w, 1);
  CHECK_EQ(lent(), 3);
  CHECK_EQ(hd_scheduler_borrow(w.scheduler, 0), 0);
  hd_scheduler_give_back(w.scheduler, 9); /* no more than there are */
  world_poll(&w);
  CHECK_EQ(lent(), 0);
  CHECK_EQ(w.lent, 1);
  world_end(&w);
  check_nothing_left();
}

/* Runners have what is not lent. */
static void runners_keep_to_the_rest(void) {
  world w;
  kit k;
  gate g;
  gate_init(&g);
  world_start(&w);
  kit_define(&w, &k);
  hd_process_set_threads(3);
  CHECK_EQ(hd_scheduler_borrow(w.scheduler, 2), 2);
  job *j = job_of(&w, HD_ALL, 20, 20, k.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 1);
  gate_open(&g, 20);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 20);
  CHECK_EQ(atomic_load(&g.most), 1);
  hd_scheduler_give_back(w.scheduler, 2);
  world_end(&w);
  check_nothing_left();
  gate_destroy(&g);
}

/* With everything lent, work starts when a thread comes back. */
static void a_return_starts_runners(void) {
  world w;
  kit k;
  gate g;
  gate_init(&g);
  world_start(&w);
  kit_define(&w, &k);
  hd_process_set_threads(2);
  CHECK_EQ(hd_scheduler_borrow(w.scheduler, 2), 2);
  job *j = job_of(&w, HD_ALL, 20, 20, k.count, (heddle_value[]){pointer(&g)});
  CHECK_EQ(runners(), 0);
  hd_scheduler_give_back(w.scheduler, 1);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 20);
  CHECK_EQ(atomic_load(&g.most), 1);
  hd_scheduler_give_back(w.scheduler, 1);
  world_end(&w);
  check_nothing_left();
  gate_destroy(&g);
}

/* One thread: a borrower gets it long before the runner's work is done, is asked
 * for it, and the runner goes on. */
static void they_take_turns(void) {
  world w;
  kit k;
  gate g;
  gate_init(&g);
  world_start(&w);
  kit_define(&w, &k);
  hd_process_set_threads(1);
  job *j = job_of(&w, HD_ALL, MANY, 1, k.spin, (heddle_value[]){pointer(&g)});
  while (atomic_load(&g.ran) == 0)
    uv_sleep(1);
  CHECK_EQ(hd_scheduler_borrow(w.scheduler, 1), 0);
  until_told(&w, 1);
  until_no_runner(&w);
  CHECK(atomic_load(&g.ran) < MANY);
  while (!hd_scheduler_pressed(w.scheduler))
    uv_sleep(1);
  hd_scheduler_give_back(w.scheduler, 1);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), MANY);
  CHECK_EQ(atomic_load(&g.most), 1);
  world_end(&w);
  check_nothing_left();
  gate_destroy(&g);
}

/* A function that waits for a Task of its own must not hold the only thread. */
static void runners_are_rescued(void) {
  world w;
  kit k;
  world_start(&w);
  kit_define(&w, &k);
  hd_process_set_threads(1);
  CHECK_EQ(hd_scheduler_borrow(w.scheduler, 1), 1);
  job *j = job_of(&w, HD_ALL, 4, 4, k.add, (heddle_value[]){f64(1), f64(1)});
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 4);
  CHECK_EQ(lent(), 1);
  hd_scheduler_give_back(w.scheduler, 1);
  CHECK(!hd_the_process.rescued);
  world_end(&w);
  check_nothing_left();
}

static void borrowers_are_rescued(void) {
  world w;
  kit k;
  gate g;
  gate_init(&g);
  world_start(&w);
  kit_define(&w, &k);
  hd_process_set_threads(1);
  job *j = job_of(&w, HD_ALL, 1, 1, k.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 1);
  CHECK_EQ(hd_scheduler_borrow(w.scheduler, 1), 0);
  until_told(&w, 1);
  CHECK_EQ(lent(), 1);
  CHECK_EQ(runners(), 1);
  CHECK(hd_scheduler_pressed(w.scheduler));
  hd_scheduler_give_back(w.scheduler, 1);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 1);
  world_end(&w);
  check_nothing_left();
  gate_destroy(&g);
}

/* Two environments want the one thread: each gets it in turn. */
static void borrowers_take_turns(void) {
  world first;
  world second;
  world_start(&first);
  world_start(&second);
  hd_process_set_threads(1);
  CHECK_EQ(hd_scheduler_borrow(first.scheduler, 1), 1);
  CHECK(!hd_scheduler_pressed(first.scheduler));
  CHECK_EQ(hd_scheduler_borrow(second.scheduler, 1), 0);
  while (!hd_scheduler_pressed(first.scheduler))
    uv_sleep(1);
  hd_scheduler_give_back(first.scheduler, 1);
  CHECK_EQ(hd_scheduler_borrow(first.scheduler, 1), 0);
  until_told(&second, 1);
  hd_scheduler_give_back(second.scheduler, 1);
  until_told(&first, 1);
  world_end(&second);
  world_end(&first);
  check_nothing_left();
}

/* What an environment had comes back when it closes, and it borrows no more. */
static void an_end_gives_back(void) {
  world first;
  world second;
  kit k;
  world_start(&first);
  world_start(&second);
  kit_define(&second, &k);
  hd_process_set_threads(2);
  CHECK_EQ(hd_scheduler_borrow(first.scheduler, 2), 2);
  job *j = job_of(&second, HD_ALL, 4, 4, k.add, (heddle_value[]){f64(1), f64(1)});
  hd_scheduler_stop(first.scheduler);
  CHECK_EQ(lent(), 0);
  CHECK_EQ(hd_scheduler_borrow(first.scheduler, 1), 0);
  world_end(&first);
  world_run(&second);
  CHECK_EQ(job_count(j, HD_FULFILLED), 4);
  world_end(&second);
  check_nothing_left();
}

static void fewer_threads_press(void) {
  world w;
  world_start(&w);
  hd_process_set_threads(2);
  CHECK_EQ(hd_scheduler_borrow(w.scheduler, 2), 2);
  hd_process_set_threads(1);
  CHECK(hd_scheduler_pressed(w.scheduler));
  hd_scheduler_give_back(w.scheduler, 1);
  CHECK(!hd_scheduler_pressed(w.scheduler));
  CHECK_EQ(hd_scheduler_borrow(w.scheduler, 1), 0);
  hd_process_set_threads(2);
  until_told(&w, 1);
  world_end(&w);
  check_nothing_left();
}

static const test tests[] = {
    {"lends what there is", lends_what_there_is, 0},
    {"runners keep to the rest, on the pool", runners_keep_to_the_rest, 4},
    {"runners keep to the rest, on own threads", runners_keep_to_the_rest, 1},
    {"a thread that comes back starts runners, on the pool", a_return_starts_runners, 4},
    {"a thread that comes back starts runners, on own threads", a_return_starts_runners, 1},
    {"a borrower and a runner take turns, on the pool", they_take_turns, 4},
    {"a borrower and a runner take turns, on own threads", they_take_turns, 1},
    {"runners are rescued, on the pool", runners_are_rescued, 4},
    {"runners are rescued, on own threads", runners_are_rescued, 1},
    {"borrowers are rescued, from the pool", borrowers_are_rescued, 4},
    {"borrowers are rescued, from own threads", borrowers_are_rescued, 1},
    {"borrowers take turns", borrowers_take_turns, 0},
    {"what a closing environment had comes back", an_end_gives_back, 4},
    {"fewer threads press", fewer_threads_press, 0},
    {NULL, NULL, 0}};

const suite lending_suite = {"lending", tests};
