/* What becomes of a group: whether it waits for a thread, is decided or complete;
 * and waking the loop that has to know. Under the lock, but for the waking. */
#ifndef HD_SETTLE_H
#define HD_SETTLE_H

#include "state.h"

/* Puts the group where its state belongs: among the ready ones or not, and
 * into the news when it is complete. */
void hd_scheduler_settle(hd_scheduler *scheduler, hd_group *group);

/* Decides the group and withdraws its claim. */
void hd_scheduler_decide(hd_scheduler *scheduler, hd_group *group);

/* Puts the group into the news and wakes the loop. */
void hd_scheduler_notify(hd_scheduler *scheduler, hd_group *group);

/* Any thread. */
void hd_scheduler_wake(hd_scheduler *scheduler);

#endif
