/* own_threads.c, budget.c: threads that give way, and what becomes of those there
 * were when that changes. */
#include "scene.h"

#ifdef __linux__
#include <sys/resource.h>

static int niceness(void) {
  return getpriority(PRIO_PROCESS, 0); /* of this thread */
}
#else
static int niceness(void) {
  return (int)hd_the_process.nice; /* cannot be asked for */
}
#endif

static int before; /* of the process */
static const hd_definition *noted;
static atomic_int most, least; /* niceness of what has run since note_anew() */

static void note_anew(void) {
  atomic_store(&most, -100);
  atomic_store(&least, 100);
}

static heddle_status run_note(heddle_call *call) {
  int nice = niceness() - before;
  int seen = atomic_load(&most);
  while (nice > seen && !atomic_compare_exchange_weak(&most, &seen, nice)) {
  }
  seen = atomic_load(&least);
  while (nice < seen && !atomic_compare_exchange_weak(&least, &seen, nice)) {
  }
  heddle_result_f64(call, 1);
  return HEDDLE_OK;
}

static void begin_nice(uint32_t threads) {
  before = niceness();
  begin(threads);
  noted = define(&w, "note", "-> f64", run_note, 0);
  note_anew();
}

/* Threads that have ended may not have been joined: no more than one, and those on
 * their way. */
static void end_nice(void) {
  world_end(&w);
  hd_threads_stop();
  gate_destroy(&g);
  CHECK_EQ(hd_the_process.slots_used, 0);
  CHECK_EQ(alloc_live(), 0);
}

static void run_noted(uint32_t count) {
  note_anew();
  job *j = job_of(&w, HD_ALL, count, count, noted, NULL);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), count);
}

static uint32_t own_threads(void) {
  hd_lock();
  uint32_t count = hd_the_process.own_count;
  hd_unlock();
  return count;
}

static void all_is_nice(void) {
  begin_nice(2);
  run_noted(100);
  CHECK_EQ(atomic_load(&most), 0);
  CHECK_EQ(hd_process_set_nice(5), 0);
  run_noted(100);
  CHECK_EQ(atomic_load(&least), 5);
  CHECK_EQ(atomic_load(&most), 5);
  CHECK_EQ(hd_the_process.slots_used, 0);
  CHECK(own_threads() >= 1);
  CHECK_EQ(hd_process_set_nice(2), 0); /* these are new ones: none can go back */
  run_noted(100);
  CHECK_EQ(atomic_load(&most), 2);
  CHECK_EQ(hd_process_set_nice(0), 0);
  run_noted(100);
  CHECK_EQ(atomic_load(&most), 0);
  while (hd_the_process.pool_size > 2 && own_threads() > 0)
    uv_sleep(1);
  end_nice();
}

/* What runs stays where it is; what waits goes on elsewhere, and never do more run
 * than there are threads. */
static void changed_while_it_works(void) {
  gate first;
  begin_nice(3);
  gate_init(&first);
  for (uint32_t nice = 4; nice < 12; nice += 4) {
    job *j = job_open(&w, HD_ALL, 60, 60);
    for (int i = 0; i < 60; i++)
      NEED(job_add(j, k.gate, (heddle_value[]){pointer(i < 3 ? &first : &g)}));
    CHECK_EQ(job_append(j), 0);
    gate_entered(&first, 3);
    CHECK_EQ(hd_process_set_nice(nice == 8 ? 0 : nice), 0);
    world_poll(&w);
    CHECK_EQ(atomic_load(&first.inside), 3);
    uv_sleep(1); /* a slice is over: each looks at the lock after its member */
    gate_open(&first, 3);
    gate_open(&g, 57);
    world_run(&w);
    CHECK_EQ(job_count(j, HD_FULFILLED), 60);
    CHECK(atomic_load(&g.most) <= 3);
    run_noted(20);
    CHECK_EQ(atomic_load(&least), nice == 8 ? 0 : (int)nice);
  }
  gate_destroy(&first);
  end_nice();
}

static void to_and_fro(void) {
  begin_nice(3);
  uint32_t done = 0;
  for (int round = 0; round < 60; round++) {
    job *a =
        job_of(&w, HD_ALL, 300, 1 + (uint32_t)round % 7, k.count, (heddle_value[]){pointer(&g)});
    job *b = job_of(&w, HD_ALL, 300, 300, k.count, (heddle_value[]){pointer(&g)});
    for (int i = 0; i < 6; i++) {
      CHECK_EQ(hd_process_set_nice((uint32_t)(round + i) % 3), 0);
      hd_process_set_threads(1 + (uint32_t)(round + i * 5) % 6);
      world_poll(&w);
    }
    world_run(&w);
    done += job_count(a, HD_FULFILLED) + job_count(b, HD_FULFILLED);
  }
  CHECK_EQ(done, 60 * 600);
  CHECK(atomic_load(&g.most) <= 6);
  end_nice();
}

/* Its loop does nothing meanwhile. */
static void a_blocked_loop_goes_on(void) {
  world other;
  kit its;
  begin_nice(2);
  world_start(&other);
  kit_define(&other, &its);
  job *j = job_of(&other, HD_ALL, 20, 20, its.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 2);
  CHECK_EQ(hd_process_set_nice(3), 0);
  uv_sleep(1); /* as above */
  gate_open(&g, 20);
  gate_entered(&g, 18);
  world_run(&other);
  CHECK_EQ(job_count(j, HD_FULFILLED), 20);
  world_end(&other);
  end_nice();
}

static void no_thread_can_be_nice(void) {
  begin_nice(2);
  threads_allow(0);
  CHECK_EQ(hd_process_set_nice(3), UV_EAGAIN);
  CHECK_EQ(hd_the_process.nice, 0);
  run_noted(10);
  CHECK_EQ(atomic_load(&most), 0);
  threads_allow(1); /* the one that tries */
  CHECK_EQ(hd_process_set_nice(3), 0);
  job *j = job_open(&w, HD_ALL, 3, 3);
  for (int i = 0; i < 3; i++)
    NEED(job_add(j, k.add, (heddle_value[]){f64(i), f64(0)}));
  CHECK_EQ(job_append(j), UV_EAGAIN);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_DROPPED), 3);
  threads_allow(-1);
  run_noted(10);
  CHECK_EQ(atomic_load(&least), 3);
  end_nice();
}

/* There is no other to leave its work to. */
static void the_old_one_stays(void) {
  begin_nice(1);
  job *j = job_of(&w, HD_ALL, 3, 3, k.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 1);
  CHECK_EQ(own_threads(), 1);
  threads_allow(1); /* the one that tries */
  CHECK_EQ(hd_process_set_nice(3), 0);
  gate_open(&g, 3);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 3);
  threads_allow(-1);
  end_nice();
}

static void runners_are_rescued(void) {
  begin_nice(1);
  CHECK_EQ(hd_process_set_nice(3), 0);
  CHECK_EQ(hd_scheduler_borrow(w.scheduler, 1), 1);
  run_noted(4);
  CHECK_EQ(atomic_load(&least), 3);
  hd_scheduler_give_back(w.scheduler, 1);
  end_nice();
}

static const test tests[] = {
    {"all threads are, with a pool", all_is_nice, 4},
    {"all threads are, without", all_is_nice, 1},
    {"changed while it works, on the pool", changed_while_it_works, 4},
    {"changed while it works, on own threads", changed_while_it_works, 1},
    {"changed while it works, on both", changed_while_it_works, 2},
    {"to and fro, on the pool", to_and_fro, 4},
    {"to and fro, on own threads", to_and_fro, 1},
    {"to and fro, on both", to_and_fro, 3},
    {"an environment whose loop is blocked goes on", a_blocked_loop_goes_on, 4},
    {"no thread can be made", no_thread_can_be_nice, 4},
    {"the old thread stays when no other can be made", the_old_one_stays, 1},
    {"runners are rescued", runners_are_rescued, 4},
    {NULL, NULL, 0}};

const suite nice_suite = {"nice", tests};
