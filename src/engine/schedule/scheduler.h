/* The scheduler: one an environment (a main thread or worker). It owns the
 * environment's groups, its runners on libuv's pool, and the one uv_async_t by
 * which runners wake its loop. All of this is for the loop's thread, not under
 * the lock. How it begins and ends is in lifecycle.h. */
#ifndef HD_SCHEDULER_H
#define HD_SCHEDULER_H

#include "state.h"

/* Opens a group of `total` members, none of which is there yet. `limit` and
 * `total` are at least 1. NULL when there is no memory. */
hd_group *hd_scheduler_open(hd_scheduler *scheduler, hd_policy policy, uint32_t total,
                            uint32_t limit, double priority, uint64_t item_timeout);

/* Appends members that were filled in from hd_group.appended on, room for
 * which was made by hd_group_reserve(). Returns 0; UV_ECANCELED when the group
 * is withdrawn or the scheduler stopped, and nothing was appended; or the
 * error for which no thread at all could be started: all members are dropped
 * then. */
int hd_scheduler_append(hd_scheduler *scheduler, hd_group *group, uint32_t count);

/* No more members will be appended, though fewer came than hd_scheduler_open()
 * was told. */
void hd_scheduler_seal(hd_scheduler *scheduler, hd_group *group);

/* Takes a group's claim on its members back, and the members not yet appended. */
void hd_scheduler_withdraw(hd_scheduler *scheduler, hd_group *group);

hd_claim_result hd_scheduler_claim(hd_scheduler *scheduler, hd_group *group, uint32_t index);
void hd_scheduler_unclaim(hd_scheduler *scheduler, hd_group *group, uint32_t index);

/* From now on each member is delivered as it ends. */
void hd_scheduler_watch(hd_scheduler *scheduler, hd_group *group);

typedef struct hd_counts {
  uint32_t done, failed;
  double running; /* sum of the fractions that running members report */
  uint32_t left;  /* members that run or are still to, at most */
} hd_counts;

void hd_scheduler_count(hd_scheduler *scheduler, hd_group *group, hd_counts *counts);
void hd_scheduler_figures(hd_scheduler *scheduler, hd_figures *figures);

/* A list of finished members, for one group. */
typedef struct hd_delivery {
  hd_group *group;
  uint32_t first;        /* follow hd_member.next; HD_NO_MEMBER at the end */
  uint32_t dropped_from; /* when finished: these were dropped without a member each */
  bool finished;         /* the group is the caller's to hd_scheduler_free_group() */
} hd_delivery;

/* Takes one group's finished members, in the order in which they finished.
 * False when there is no news. */
bool hd_scheduler_take(hd_scheduler *scheduler, hd_delivery *delivery);

/* Has hd_events.news called again, after other events of the loop. */
void hd_scheduler_recall(hd_scheduler *scheduler);

/* Frees a group that was delivered as finished. */
void hd_scheduler_free_group(hd_scheduler *scheduler, hd_group *group);

/* ---- Lending, see budget.h ---------------------------------------------- */

/* Wants `wanted` threads more than the scheduler has borrowed. Returns how many
 * it got at once; of the rest it is told by hd_events.lent. A later call replaces
 * the wish, so 0 takes it back. */
uint32_t hd_scheduler_borrow(hd_scheduler *scheduler, uint32_t wanted);

/* Gives up to `count` borrowed threads back. */
void hd_scheduler_give_back(hd_scheduler *scheduler, uint32_t count);

/* Whether the scheduler should give one of its threads back between two chunks:
 * others wait, and it is theirs by now. */
bool hd_scheduler_pressed(const hd_scheduler *scheduler);

#endif
