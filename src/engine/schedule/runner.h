/* Running members: what every worker thread executes. Under the lock. */
#ifndef HD_RUNNER_H
#define HD_RUNNER_H

#include "state.h"

/* Runs members of the group whose turn it is, giving the lock up meanwhile.
 * False when none is ready. */
bool hd_runner_turn(hd_scheduler *scheduler, hd_runner *runner);

void hd_runner_enter(hd_scheduler *scheduler, hd_runner *runner);
void hd_runner_leave(hd_scheduler *scheduler, hd_runner *runner);

#endif
