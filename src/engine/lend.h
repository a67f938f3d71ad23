/* Lending: an environment's JavaScript threads count against the same number as
 * runners while they are busy. The environment borrows a thread of that number
 * for each of them, and gives it back when it is idle.
 *
 * When both sides want more than there are, the side that has fewer gets the next
 * free one, and the side that has more gives one up when its quantum is over:
 * runners at their next look at the lock, JavaScript threads between chunks
 * (hd_lend_pressed()). An environment that has waited long for its first one gets
 * it beyond the number, and so do runners of which not one runs: else a function
 * that waits for work of its own thread could wait for ever. */
#ifndef HD_LEND_H
#define HD_LEND_H

#include <stdbool.h>
#include <stdint.h>

struct hd_scheduler;

/* ---- Loop thread, not under the lock ------------------------------------ */

/* Wants `wanted` threads more than the scheduler has borrowed. Returns how many
 * it got at once; of the rest it is told by hd_events.lent. A later call replaces
 * the wish, so 0 takes it back. */
uint32_t hd_lend_borrow(struct hd_scheduler *scheduler, uint32_t wanted);

/* Gives up to `count` borrowed threads back. */
void hd_lend_return(struct hd_scheduler *scheduler, uint32_t count);

/* Whether the scheduler should give one of its threads back between two chunks:
 * others wait, and it is theirs by now. */
bool hd_lend_pressed(const struct hd_scheduler *scheduler);

/* ---- Under the lock ----------------------------------------------------- */

/* Whether anybody waits for a thread. */
bool hd_lend_is_wanted(void);

/* Whether a runner that has run for that long gives its thread up to a borrower. */
bool hd_lend_claims(uint64_t ns);

/* Lends what is free to those who want it. `returned` says that a runner gave
 * its thread up: of two sides that have the same, the other one gets it then. */
void hd_lend_settle(bool returned);

/* Whoever has waited too long for its first thread gets one beyond the number.
 * Called by the timer of each scheduler that waits. */
void hd_lend_rescue(struct hd_scheduler *scheduler, uint64_t now);

/* The environment goes down: all that it borrowed comes back. */
void hd_lend_end(struct hd_scheduler *scheduler);

#endif
