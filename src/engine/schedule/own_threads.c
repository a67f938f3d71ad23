#include "own_threads.h"

#include <stdlib.h>

#include "alloc.h"
#include "budget.h"
#include "loop.h"
#include "nice.h"
#include "pin.h"
#include "runner.h"
#include "settle.h"
#include "shared.h"

enum { STACK_BYTES = 8 * 1024 * 1024 }; /* as libuv's own */

typedef struct own_thread {
  uv_thread_t id;
  uint32_t nice;
  hd_runner runner;
  struct own_thread *next;
} own_thread;

/* Process-wide, under the lock. */
static own_thread *own_threads;
static own_thread *ended; /* not joined yet */

static int start(void);

static bool has_work(const hd_scheduler *scheduler) {
  return scheduler->ready.count > 0 || hd_loop_waits(scheduler);
}

/* The next environment with work, in turn. */
static hd_scheduler *next_ready(const hd_scheduler *after) {
  hd_scheduler *first = hd_the_process.schedulers;
  const hd_scheduler *at = first;
  while (at != NULL && at != after)
    at = at->next;
  hd_scheduler *from = at == NULL ? NULL : at->next;
  for (hd_scheduler *s = from; s != NULL; s = s->next)
    if (has_work(s))
      return s;
  for (hd_scheduler *s = first; s != NULL && s != from; s = s->next)
    if (has_work(s))
      return s;
  return NULL;
}

static bool is_current(const own_thread *thread) {
  return thread->runner.generation == hd_the_process.own_generation;
}

/* Runs what is ready, or waits for something to be. */
static void serve(own_thread *thread, hd_scheduler **last) {
  hd_process *p = &hd_the_process;
  hd_runner *runner = &thread->runner;
  hd_scheduler *scheduler = hd_budget_own_may_run() ? next_ready(*last) : NULL;
  if (scheduler == NULL) {
    p->own_idle++;
    uv_cond_wait(&p->work, &p->lock);
    if (is_current(thread)) /* else it is counted no more */
      p->own_idle--;
    return;
  }
  *last = scheduler;
  p->own_running++;
  scheduler->own++;
  runner->since = uv_hrtime();
  hd_runner_enter(scheduler, runner);
  if (!hd_runner_turn(scheduler, runner))
    (void)hd_loop_help(scheduler, runner);
  hd_runner_leave(scheduler, runner);
  scheduler->own--;
  p->own_running--;
  hd_budget_lend(true);
  /* It may be waiting for this thread; or its loop has to find another one. */
  if (atomic_load(&scheduler->stopping) ||
      (p->own_running >= hd_budget_own_limit() && hd_ready_demand(&scheduler->ready, 1) > 0))
    hd_scheduler_wake(scheduler);
}

/* Leaves what it did to those of the current generation. False when there are none
 * and none can be started: then it is one of them, at the priority that it has. */
static bool retire(own_thread *thread) {
  hd_process *p = &hd_the_process;
  bool wanted = hd_budget_own_limit() > 0 && next_ready(NULL) != NULL;
  if (wanted && p->own_current == 0 && start() != 0) {
    thread->runner.generation = p->own_generation;
    p->own_current++;
    return false;
  }
  own_thread **link = &own_threads;
  while (*link != thread)
    link = &(*link)->next;
  *link = thread->next;
  p->own_count--;
  uv_cond_broadcast(&p->work);
  for (hd_scheduler *s = p->schedulers; s != NULL; s = s->next)
    if (has_work(s))
      hd_scheduler_wake(s); /* it finds threads for it */
  return true;
}

static void join(own_thread *thread) {
  while (thread != NULL) {
    own_thread *next = thread->next;
    (void)uv_thread_join(&thread->id);
    hd_free(thread);
    thread = next;
  }
}

static void thread_main(void *data) {
  own_thread *thread = data;
  own_thread *before = NULL;
  hd_scheduler *last = NULL; /* compared only, it may be gone */
  if (thread->nice > 0)
    (void)hd_nice_thread(thread->nice); /* it was tried before */
  hd_lock();
  do {
    while (!hd_the_process.stopping && is_current(thread))
      serve(thread, &last);
  } while (!hd_the_process.stopping && !retire(thread));
  if (!hd_the_process.stopping) {
    before = ended;
    ended = thread;
    thread->next = NULL;
  }
  hd_unlock();
  join(before); /* each joins those that ended before it */
}

/* The C exit handler: 'exit' of JavaScript can be bypassed. */
static void at_exit(void) {
  (void)hd_threads_stop(); /* there is nothing more to do */
}

static int start(void) {
  if (!hd_the_process.pinned) {
    /* Node unloads an addon that only a worker had loaded. */
    if (!hd_pin_library() || atexit(at_exit) != 0)
      return UV_ENOMEM;
    hd_the_process.pinned = true;
  }
  own_thread *thread = hd_calloc(1, sizeof(*thread));
  if (thread == NULL)
    return UV_ENOMEM;
  atomic_init(&thread->runner.progress, 0);
  thread->nice = hd_the_process.nice;
  thread->runner.generation = hd_the_process.own_generation;
  uv_thread_options_t options = {.flags = UV_THREAD_HAS_STACK_SIZE, .stack_size = STACK_BYTES};
  int status = uv_thread_create_ex(&thread->id, &options, thread_main, thread);
  if (status != 0) {
    hd_free(thread);
    return status;
  }
  thread->next = own_threads;
  own_threads = thread;
  hd_the_process.own_count++;
  hd_the_process.own_current++;
  return 0;
}

int hd_threads_wake(uint32_t wanted) {
  hd_process *p = &hd_the_process;
  uint32_t idle = p->own_idle;
  int status = 0;
  if (p->stopping)
    return UV_ECANCELED;
  for (; wanted > 0 && idle > 0; wanted--, idle--)
    uv_cond_signal(&p->work);
  for (; wanted > 0 && p->own_current < hd_budget_own_limit() && status == 0; wanted--)
    status = start();
  return p->own_current > 0 ? 0 : status;
}

/* ---- Niceness --------------------------------------------------------------- */

typedef struct attempt {
  uint32_t nice;
  int status;
} attempt;

static void try_main(void *data) {
  attempt *a = data;
  a->status = hd_nice_thread(a->nice);
}

/* Whether a thread can be that nice: one that ends at once, since it cannot go back. */
static int try_nice(uint32_t nice) {
  attempt a = {.nice = nice};
  uv_thread_t id;
  uv_thread_options_t options = {.flags = UV_THREAD_NO_FLAGS};
  int status = uv_thread_create_ex(&id, &options, try_main, &a);
  if (status == 0)
    status = uv_thread_join(&id);
  return status == 0 ? a.status : status;
}

int hd_process_set_nice(uint32_t nice) {
  hd_process *p = &hd_the_process;
  int status = nice > 0 ? try_nice(nice) : 0;
  if (status != 0)
    return status;
  hd_lock();
  if (nice != p->nice) {
    uint32_t wanted = p->own_count;
    hd_budget_set_nice(nice);
    /* From here, since a thread inherits the priority of the one that starts it. */
    if (next_ready(NULL) != NULL)
      wanted = p->threads;
    if (wanted > 0 && hd_budget_own_limit() > 0)
      (void)hd_threads_wake(wanted); /* what cannot be started is started when it is needed */
  }
  hd_unlock();
  return 0;
}

bool hd_threads_stop(void) {
  bool idle = true;
  hd_lock();
  hd_the_process.stopping = true;
  for (hd_scheduler *s = hd_the_process.schedulers; s != NULL; s = s->next)
    atomic_store(&s->stopping, true);
  uv_cond_broadcast(&hd_the_process.work);
  uv_cond_broadcast(&hd_the_process.help);
  own_thread *threads = own_threads;
  own_thread *before = ended;
  own_threads = ended = NULL;
  hd_unlock();
  join(threads);
  join(before);
  hd_lock();
  for (const hd_scheduler *s = hd_the_process.schedulers; s != NULL; s = s->next)
    idle = idle && s->active == 0;
  hd_unlock();
  return idle;
}
