/* Groups: the tasks of one submission, and what becomes of them. */
#ifndef HD_GROUP_H
#define HD_GROUP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "step.h"
#include "value.h"

/* When a group is decided, its own claim on all that has not finished is
 * withdrawn: */
typedef enum hd_policy {
  HD_ALL,     /* by the first failure */
  HD_SETTLED, /* never */
  HD_RACE,    /* by the first to settle */
  HD_ANY,     /* by the first success */
  HD_SEQUENCE /* by the first failure; members run in order, one at a time */
} hd_policy;

/* What the members of one hd_group_append() hold together. Loop thread. */
typedef struct hd_batch {
  hd_arena arena;     /* arguments and copied strings */
  uint32_t remaining; /* members not released */
  uint64_t queued;    /* ns, when they were appended */
  bool secret;        /* wipe the arena */
  bool parallel;      /* some are tasks with HEDDLE_PARALLEL */
  void *pin;          /* what holds the arguments' memory, or NULL; given to: */
  void (*unpin)(void *owner, void *pin);
  void *owner;
} hd_batch;

/* A member's word: its state, flags, and the claims of others on it. How a step
 * ends is a state, too: see step.h. HD_CANCELLED was running when its last claim
 * was withdrawn. */
enum {
  HD_QUEUED,
  HD_RUNNING,
  HD_DROPPED = HD_CANCELLED + 1, /* never started */
  HD_STATE_MASK = 7,
  HD_EXPIRED = 8, /* its item timeout has passed: it has settled, and is to stop */
  HD_CLAIM = 16   /* one claim; the rest of the word counts them */
};

enum { HD_NO_MEMBER = UINT32_MAX };

typedef struct hd_member {
  hd_step step; /* definition is NULL for a chain: args is then an hd_chain */
  hd_batch *batch;
  heddle_value result; /* the runner's until published, then the loop thread's */
  atomic_uint word;
  uint32_t next; /* the following one in a list of finished members */
} hd_member;

enum { HD_SEGMENT = 4096 }; /* members a segment */

typedef struct hd_group {
  /* Set once. */
  const atomic_bool *stopping; /* whether everything is to stop */
  hd_policy policy;
  uint32_t limit;        /* most members under way at once */
  double priority;       /* higher first */
  uint64_t item_timeout; /* ns, 0 for none */
  double id;             /* the binding's name for it */
  size_t segment_count;  /* room in `segments` */
  uint32_t capacity;     /* members there may ever be; `total` is cut */

  /* Grows under the lock; what is there does not move. */
  hd_member **segments;

  /* Under the lock. */
  uint32_t total;        /* members that are to come; cut when withdrawn */
  uint32_t active;       /* runners on it */
  uint32_t done;         /* published members */
  uint32_t failed;       /* of these, rejected or expired */
  uint32_t claims;       /* of others, over all members */
  uint32_t dropped_from; /* members from here on were dropped at once; or HD_NO_MEMBER */
  uint32_t held;         /* a sequence's last result, which the next step may read */
  uint32_t finished_first, finished_last; /* list of published members */
  uint32_t undelivered;
  size_t undelivered_bytes;
  uint64_t notified_at; /* ns */
  uint64_t turn;
  size_t ready_index;
  bool is_ready;
  bool decided;
  bool complete; /* nothing runs and nothing will */
  bool parallel; /* some members are tasks with HEDDLE_PARALLEL */
  bool notified; /* in the scheduler's list of news */
  struct hd_group *next_news;
  struct hd_group *previous_group, *next_group;

  /* Only the loop's thread. */
  uint32_t released;

  /* Any thread. */
  atomic_uint next;      /* the next member to claim */
  atomic_uint appended;  /* members that are there */
  atomic_bool withdrawn; /* the group's own claim; never goes back */
  atomic_bool watched;   /* each member is delivered at once; never goes back */
} hd_group;

/* The member at `index`, which must be appended. */
static inline hd_member *hd_group_member(const hd_group *group, uint32_t index) {
  return &group->segments[index / HD_SEGMENT][index % HD_SEGMENT];
}

/* Whether nobody wants the member any more. Any thread. */
bool hd_member_cancelled(const hd_group *group, const hd_member *member);

/* ---- Called by runners, without the lock -------------------------------- */

/* The next member to run, or HD_NO_MEMBER. */
uint32_t hd_group_take(hd_group *group);

/* ---- Called by the scheduler, under the lock ---------------------------- */

hd_group *hd_group_new(hd_policy policy, uint32_t total);
void hd_group_free(hd_group *group);

/* Makes room for members up to `count`. */
bool hd_group_reserve(hd_group *group, uint32_t count);

/* Whether a runner would find a member in it. */
bool hd_group_runnable(const hd_group *group);

/* Whether a member's end decides the group. */
bool hd_group_decides(const hd_group *group, unsigned state);

/* Withdraws the group's claim; with no other claims the queue is dropped.
 * Returns how many members were dropped. */
uint32_t hd_group_withdraw(hd_group *group);

/* Drops what is queued, whoever claims it. */
uint32_t hd_group_drop(hd_group *group);

/* Appends `index` to the finished list and takes the claims on it back. */
void hd_group_finish(hd_group *group, uint32_t index);

/* Whether no member is running or to come. */
bool hd_group_at_end(const hd_group *group);

/* Without the lock. To be called for a batch that was not appended. */
void hd_batch_free(hd_batch *batch);

/* Frees the member's result and its share of the batch. Loop thread, without
 * the lock, after the member was delivered or when the group is freed. */
void hd_member_release(hd_group *group, uint32_t index);

typedef enum hd_claim_result {
  HD_CLAIM_HELD,      /* the member's end will be delivered */
  HD_CLAIM_CANCELLED, /* too late: it was cancelled while it ran */
  HD_CLAIM_DROPPED    /* it never started and will not: submit it again */
} hd_claim_result;

hd_claim_result hd_group_claim(hd_group *group, uint32_t index);

/* Takes a claim back; returns how many members were dropped. */
uint32_t hd_group_unclaim(hd_group *group, uint32_t index);

#endif
