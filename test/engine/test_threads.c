/* Own threads that cannot be made, and numbers of threads that change. */
#include <stdlib.h>

#include "scene.h"

static void none_at_all(void) {
  begin(2);
  threads_allow(0);
  job *j = job_open(&w, HD_ALL, 3, 3);
  for (int i = 0; i < 3; i++)
    NEED(job_add(j, k.add, (heddle_value[]){f64(i), f64(0)}));
  CHECK_EQ(job_append(j), UV_EAGAIN);
  world_run(&w);
  CHECK(j->finished);
  CHECK_EQ(job_count(j, HD_DROPPED), 3);
  threads_allow(-1);
  j = job_of(&w, HD_ALL, 3, 3, k.add, (heddle_value[]){f64(1), f64(0)});
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 3);
  end();
}

static void one_of_two(void) {
  begin(2);
  threads_allow(1);
  job *j = job_of(&w, HD_ALL, 300, 300, k.count, (heddle_value[]){pointer(&g)});
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 300);
  CHECK_EQ(atomic_load(&g.most), 1);
  end();
}

static void the_pool_makes_do(void) {
  begin(6);
  threads_allow(0);
  job *j = job_of(&w, HD_ALL, 2000, 2000, k.count, (heddle_value[]){pointer(&g)});
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 2000);
  CHECK_EQ(hd_the_process.own_count, 0);
  CHECK(atomic_load(&g.most) <= 3);
  end();
}

/* A number of threads that grows is used by the groups that wait already. */
static void more_while_it_works(void) {
  begin(1);
  job *j = job_of(&w, HD_ALL, 8, 8, k.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 1);
  hd_process_set_threads(3);
  world_poll(&w);
  gate_entered(&g, 2);
  hd_process_set_threads(8);
  world_poll(&w);
  gate_entered(&g, 5);
  CHECK_EQ(atomic_load(&g.inside), 8);
  gate_open(&g, 8);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 8);
  end();
}

static void fewer_while_it_works(void) {
  enum { REST = 190 };
  gate before;
  begin(6);
  gate_init(&before);
  job *j = job_open(&w, HD_ALL, 6 + REST, 200);
  for (int i = 0; i < 6 + REST; i++)
    NEED(job_add(j, k.gate, (heddle_value[]){pointer(i < 6 ? &before : &g)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&before, 6);
  hd_process_set_threads(1);
  uv_sleep(1); /* a slice of 20 us is over: each looks at the lock after its member */
  gate_open(&before, 6);
  while (atomic_load(&before.ran) < 6)
    uv_sleep(1);
  for (int i = 0; i < REST; i++) {
    gate_entered(&g, 1);
    world_poll(&w);
    CHECK_EQ(atomic_load(&g.inside), 1);
    gate_open(&g, 1);
  }
  world_run(&w);
  CHECK_EQ(atomic_load(&g.most), 1);
  CHECK_EQ(job_count(j, HD_FULFILLED), 6 + REST);
  gate_destroy(&before);
  end();
}

static void up_and_down(void) {
  begin(1);
  uint32_t done = 0;
  for (int round = 0; round < 60; round++) {
    job *a =
        job_of(&w, HD_ALL, 300, 1 + (uint32_t)round % 7, k.count, (heddle_value[]){pointer(&g)});
    job *b = job_of(&w, HD_ALL, 300, 300, k.count, (heddle_value[]){pointer(&g)});
    for (int i = 0; i < 20; i++) {
      hd_process_set_threads(1 + (uint32_t)(round + i * 5) % 9);
      world_poll(&w);
    }
    world_run(&w);
    done += job_count(a, HD_FULFILLED) + job_count(b, HD_FULFILLED);
  }
  CHECK_EQ(done, 60 * 600);
  CHECK(atomic_load(&g.most) <= 9);
  end();
}

/* An own thread that may not go on leaves a group that nobody else knows of:
 * another environment has all slots and stays. */
static void the_last_own_thread_leaves(void) {
  world other;
  kit other_kit;
  gate here;
  begin(4);
  gate_init(&here);
  world_start(&other);
  kit_define(&other, &other_kit);
  job *blocked = job_of(&other, HD_ALL, 3, 3, other_kit.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 3);
  job *j = job_of(&w, HD_ALL, 2, 1, k.gate, (heddle_value[]){pointer(&here)});
  gate_entered(&here, 1); /* on an own thread */
  CHECK_EQ(hd_the_process.own_running, 1);
  hd_process_set_threads(3);
  world_poll(&w); /* the group is at its limit: no slot is wanted */
  uv_sleep(1);    /* the slice is over: the thread looks at the lock after this member */
  gate_open(&here, 2);
  while (true) { /* the own thread has left */
    hd_lock();
    uint32_t running = hd_the_process.own_running;
    hd_unlock();
    if (running == 0)
      break;
    uv_sleep(1);
  }
  world_poll(&w);
  gate_open(&g, 3);
  world_run(&other);
  CHECK(blocked->finished);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 2);
  world_end(&other);
  gate_destroy(&here);
  end();
}

static void stopped_for_good(void) {
  begin(2);
  (void)job_of(&w, HD_ALL, 5, 2, k.poll, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 2);
  hd_threads_stop();
  CHECK(atomic_load(&g.saw_cancel));
  job *late = job_open(&w, HD_ALL, 1, 1);
  NEED(job_add(late, k.add, (heddle_value[]){f64(1), f64(0)}));
  CHECK_EQ(job_append(late), UV_ECANCELED);
  world later; /* nor does one that is made afterwards run anything */
  kit its;
  world_start(&later);
  kit_define(&later, &its);
  late = job_open(&later, HD_ALL, 1, 1);
  NEED(job_add(late, its.add, (heddle_value[]){f64(1), f64(0)}));
  CHECK_EQ(job_append(late), UV_ECANCELED);
  world_end(&later);
  world_end(&w);
  hd_threads_stop(); /* again, as the exit handler does */
  gate_destroy(&g);
  CHECK_EQ(alloc_live(), 0);
}

/* Registered before the engine's exit handler, so it runs after that. */
static void after_exit_handlers(void) {
  if (!atomic_load(&g.saw_cancel) || atomic_load(&g.inside) > 0)
    give_up();
}

/* main() returns with own threads at work: they are told, and joined. */
static void left_at_exit(void) {
  NEED(atexit(after_exit_handlers) == 0);
  begin(2);
  (void)job_of(&w, HD_ALL, 5, 2, k.poll, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 2);
  CHECK_EQ(atomic_load(&g.inside), 2);
}

static const test tests[] = {
    {"no thread can be made: the group is dropped", none_at_all, 1},
    {"one thread can be made of two", one_of_two, 1},
    {"no own thread can be made: the pool makes do", the_pool_makes_do, 4},
    {"more threads while it works", more_while_it_works, 4},
    {"fewer threads while it works", fewer_while_it_works, 4},
    {"more and fewer threads in turn", up_and_down, 4},
    {"more and fewer own threads in turn", up_and_down, 1},
    {"the last own thread leaves a group that is ready", the_last_own_thread_leaves, 4},
    {"own threads are joined when the process exits", left_at_exit, 1},
    {"own threads are stopped and joined", stopped_for_good, 1},
    {NULL, NULL, 0}};

const suite threads_suite = {"threads", tests};
