/* Loops: a range that a task shares with idle threads (heddle_for).
 *
 * Helpers are optional. The task's own thread runs every chunk that nobody has
 * claimed, and waits for claimed ones only, which their threads run to the end.
 * So a loop ends whatever the other threads do, be there one or be all of them
 * in loops of their own. */
#ifndef HD_LOOP_H
#define HD_LOOP_H

#include "state.h"

/* On the stack of the thread whose task it is. */
typedef struct hd_loop {
  /* Set once. */
  const hd_call *call;
  heddle_body body;
  void *data;
  size_t count;
  size_t grain;
  size_t chunks;

  /* Any thread. */
  atomic_size_t next; /* chunk to claim */
  atomic_int status;  /* the first that was not HEDDLE_OK */

  /* Under the lock. */
  uint32_t helpers; /* threads in it, the task's own not counted */
  struct hd_loop *next_loop;
} hd_loop;

/* heddle_host.loop. Not under the lock. */
heddle_status hd_loop_run(heddle_call *call, size_t count, size_t grain, heddle_body body,
                          void *data);

/* ---- Under the lock ----------------------------------------------------- */

/* Whether a loop of this environment has chunks that nobody has claimed. */
bool hd_loop_waits(const hd_scheduler *scheduler);

/* Runs chunks of such a loop, giving the lock up meanwhile, until none is left,
 * a group is ready, or the runner has to leave. False when there is no loop. */
bool hd_loop_help(hd_scheduler *scheduler, const hd_runner *runner);

#endif
