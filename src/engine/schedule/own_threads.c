#include "own_threads.h"

#include <stdlib.h>

#include "alloc.h"
#include "budget.h"
#include "loop.h"
#include "pin.h"
#include "runner.h"
#include "settle.h"
#include "shared.h"

enum { STACK_BYTES = 8 * 1024 * 1024 }; /* as libuv's own */

typedef struct own_thread {
  uv_thread_t id;
  hd_runner runner;
  struct own_thread *next;
} own_thread;

/* Process-wide, under the lock. */
static own_thread *own_threads;

static bool has_work(const hd_scheduler *scheduler) {
  return scheduler->ready.count > 0 || hd_loop_waits(scheduler);
}

/* The next environment with work, in turn. */
static hd_scheduler *next_ready(hd_scheduler *after) {
  hd_scheduler *first = hd_the_process.schedulers;
  hd_scheduler *from = NULL;
  for (hd_scheduler *s = first; s != NULL; s = s->next)
    if (s == after)
      from = s->next;
  for (hd_scheduler *s = from; s != NULL; s = s->next)
    if (has_work(s))
      return s;
  for (hd_scheduler *s = first; s != NULL && s != from; s = s->next)
    if (has_work(s))
      return s;
  return NULL;
}

static void thread_main(void *data) {
  hd_process *p = &hd_the_process;
  hd_runner *runner = &((own_thread *)data)->runner;
  hd_scheduler *last = NULL; /* compared only, it may be gone */
  hd_lock();
  while (!p->stopping) {
    hd_scheduler *scheduler = p->own_running < hd_budget_own_limit() ? next_ready(last) : NULL;
    if (scheduler == NULL) {
      p->own_idle++;
      uv_cond_wait(&p->work, &p->lock);
      p->own_idle--;
      continue;
    }
    last = scheduler;
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
  hd_unlock();
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
  uv_thread_options_t options = {.flags = UV_THREAD_HAS_STACK_SIZE, .stack_size = STACK_BYTES};
  int status = uv_thread_create_ex(&thread->id, &options, thread_main, thread);
  if (status != 0) {
    hd_free(thread);
    return status;
  }
  thread->next = own_threads;
  own_threads = thread;
  hd_the_process.own_count++;
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
  for (; wanted > 0 && p->own_count < hd_budget_own_limit() && status == 0; wanted--)
    status = start();
  return p->own_count > 0 ? 0 : status;
}

bool hd_threads_stop(void) {
  bool idle = true;
  hd_lock();
  hd_the_process.stopping = true;
  for (hd_scheduler *s = hd_the_process.schedulers; s != NULL; s = s->next)
    atomic_store(&s->stopping, true);
  uv_cond_broadcast(&hd_the_process.work);
  uv_cond_broadcast(&hd_the_process.help);
  own_thread *thread = own_threads;
  own_threads = NULL;
  hd_unlock();
  while (thread != NULL) {
    own_thread *next = thread->next;
    (void)uv_thread_join(&thread->id);
    hd_free(thread);
    thread = next;
  }
  hd_lock();
  for (const hd_scheduler *s = hd_the_process.schedulers; s != NULL; s = s->next)
    idle = idle && s->active == 0;
  hd_unlock();
  return idle;
}
