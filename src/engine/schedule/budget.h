/* The budget: who may run. The process has a number of threads; a thread of it is
 * a slot of libuv's pool, one of heddle's own threads, or lent. All under the
 * lock.
 *
 * Lending: an environment's JavaScript threads count against the same number as
 * runners while they are busy. The environment borrows a thread of that number
 * for each of them, and gives it back when it is idle.
 *
 * When both sides want more than there are, the side that has fewer gets the next
 * free one, and the side that has more gives one up when its quantum is over:
 * runners at their next look at the lock, JavaScript threads between chunks
 * (hd_budget_presses()). An environment that has waited long for its first one gets
 * it beyond the number, and so do runners of which not one runs: else a function
 * that waits for work of its own thread could wait for ever. */
#ifndef HD_BUDGET_H
#define HD_BUDGET_H

#include "state.h"

/* How long a runner keeps its slot when another environment waits for one. */
enum { HD_SLOT_MS = 10 };

/* Sets the number of threads. Not under the lock. */
void hd_process_set_threads(uint32_t threads);

/* Whether the runner has to give its thread up. */
bool hd_budget_must_leave(const hd_scheduler *scheduler, const hd_runner *runner, uint64_t now);

/* Whether anybody but this scheduler's runners waits for a thread. */
bool hd_budget_is_wanted(const hd_scheduler *scheduler);

/* Whether the scheduler waits for any thread. hd_budget_look_after() is to be
 * called every HD_SLOT_MS meanwhile, by its loop: it takes slots back that were
 * granted and not taken up, since a loop that is blocked must not keep them from
 * the others; and who has waited too long for its first thread gets one beyond
 * the number. */
bool hd_budget_waits(const hd_scheduler *scheduler);
void hd_budget_look_after(hd_scheduler *scheduler, uint64_t now);

/* ---- Slots and own threads ---------------------------------------------- */

/* libuv's slots that heddle may take: all but the last, as far as wanted; none
 * where own threads are nice. */
uint32_t hd_budget_slots(void);

/* Own threads wanted beyond these; and whether another one may run work now: after
 * a change, those that have to leave count until they have. */
uint32_t hd_budget_own_limit(void);
bool hd_budget_own_may_run(void);

/* Own threads are of another niceness from now on: a new generation. Those of
 * the old one, and runners on slots that there are no more, leave. */
void hd_budget_set_nice(uint32_t nice);

/* Takes a slot, if there is one, or gives one back that was not used. */
bool hd_budget_take_slot(void);
void hd_budget_drop_slot(void);

/* Whether another copy of the library has slots, or waits for one. */
bool hd_budget_shares(void);

/* A slot comes back: it is granted to the environment that waits longest,
 * whose loop is woken, or is free again. */
void hd_budget_release_slot(void);

/* Puts the environment in the queue for a slot, or takes it out. */
void hd_budget_wait(hd_scheduler *scheduler);
void hd_budget_wait_no_more(hd_scheduler *scheduler);

/* ---- Lending ------------------------------------------------------------ */

/* What hd_scheduler_borrow() and those beside it do; afterwards the scheduler
 * may wait for another thread, or no longer. */
uint32_t hd_budget_borrow(hd_scheduler *scheduler, uint32_t wanted);
void hd_budget_return(hd_scheduler *scheduler, uint32_t count);
bool hd_budget_presses(const hd_scheduler *scheduler);

/* Lends what is free to those who want it. `returned` says that a runner gave
 * its thread up: of two sides that have the same, the other one gets it then. */
void hd_budget_lend(bool returned);

/* The environment goes down: all that it borrowed comes back. */
void hd_budget_return_all(hd_scheduler *scheduler);

#endif
