#include "loop.h"

#include "budget.h"
#include "shared.h"

enum {
  CHUNKS = 1024,       /* of a loop that does not say its grain */
  LOOK_NS = 50 * 1000, /* between two looks at the lock */
};

static void set_status(hd_loop *loop, heddle_status status) {
  int expected = HEDDLE_OK;
  (void)atomic_compare_exchange_strong(&loop->status, &expected, (int)status); /* the first stays */
}

static bool is_open(const hd_loop *loop) {
  return atomic_load_explicit(&loop->next, memory_order_relaxed) < loop->chunks &&
         atomic_load_explicit(&loop->status, memory_order_relaxed) == HEDDLE_OK;
}

/* Claims a chunk and runs it. False when there is none. */
static bool run_chunk(hd_loop *loop) {
  const hd_call *call = loop->call;
  if (!is_open(loop))
    return false;
  if (hd_call_cancelled(&call->base)) {
    set_status(loop, HEDDLE_CANCELLED);
    return false;
  }
  size_t chunk = atomic_fetch_add_explicit(&loop->next, 1, memory_order_relaxed);
  if (chunk >= loop->chunks)
    return false;
  size_t begin = chunk * loop->grain;
  size_t end = loop->count - begin > loop->grain ? begin + loop->grain : loop->count;
  heddle_status status = loop->body(&call->base, begin, end, loop->data);
  if (status != HEDDLE_OK)
    set_status(loop, status == HEDDLE_CANCELLED ? HEDDLE_CANCELLED : HEDDLE_FAILED);
  return status == HEDDLE_OK;
}

/* Shows the loop to other threads, and sees to it that some come. */
static void announce(hd_scheduler *scheduler, hd_loop *loop) {
  hd_lock();
  loop->next_loop = scheduler->loops;
  scheduler->loops = loop;
  scheduler->summon(scheduler, loop->chunks < UINT32_MAX ? (uint32_t)loop->chunks - 1 : UINT32_MAX);
  hd_unlock();
}

/* Takes it back, and waits for the chunks that others have claimed. */
static void withdraw(hd_scheduler *scheduler, hd_loop *loop) {
  hd_lock();
  hd_loop **link = &scheduler->loops;
  while (*link != loop)
    link = &(*link)->next_loop;
  *link = loop->next_loop;
  while (loop->helpers > 0)
    uv_cond_wait(&hd_the_process.helped, &hd_the_process.lock);
  hd_unlock();
}

heddle_status hd_loop_run(heddle_call *base, size_t count, size_t grain, heddle_body body,
                          void *data) {
  const hd_call *call = (const hd_call *)base;
  if (body == NULL)
    return heddle_error(base, "ERR_HEDDLE_ARGUMENT", "%s: heddle_for() needs a body",
                        call->definition->task->name);
  if (count == 0)
    return HEDDLE_OK;
  if (grain == 0)
    grain = count / CHUNKS + (count % CHUNKS != 0);
  hd_loop loop = {.call = call,
                  .body = body,
                  .data = data,
                  .count = count,
                  .grain = grain,
                  .chunks = count / grain + (count % grain != 0)};
  atomic_init(&loop.next, 0);
  atomic_init(&loop.status, HEDDLE_OK);
  hd_scheduler *scheduler = ((const hd_run *)call->caller)->scheduler;
  bool shared = loop.chunks > 1;
  if (shared)
    announce(scheduler, &loop);
  while (run_chunk(&loop)) {
  }
  if (shared)
    withdraw(scheduler, &loop);
  return (heddle_status)atomic_load(&loop.status);
}

/* ---- Helpers ---------------------------------------------------------------- */

static hd_loop *find_open(const hd_scheduler *scheduler) {
  for (hd_loop *loop = scheduler->loops; loop != NULL; loop = loop->next_loop)
    if (is_open(loop))
      return loop;
  return NULL;
}

bool hd_loop_waits(const hd_scheduler *scheduler) {
  return find_open(scheduler) != NULL;
}

bool hd_loop_help(hd_scheduler *scheduler, const hd_runner *runner) {
  hd_loop *loop = find_open(scheduler);
  if (loop == NULL)
    return false;
  loop->helpers++;
  bool left = true;
  do {
    hd_unlock();
    uint64_t until = uv_hrtime() + LOOK_NS;
    do
      left = run_chunk(loop);
    while (left && uv_hrtime() < until);
    hd_lock();
  } while (left && scheduler->ready.count == 0 &&
           !hd_budget_must_leave(scheduler, runner, uv_hrtime()));
  if (--loop->helpers == 0)
    uv_cond_broadcast(&hd_the_process.helped);
  return true;
}
