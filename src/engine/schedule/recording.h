/* What ran, when and where: a bounded list of members, and their times by task and
 * by thread. There is one while somebody wants it; hd_scheduler.recording is NULL
 * otherwise, and members leave no trace. Runners write under the lock, slice by
 * slice. */
#ifndef HD_RECORDING_H
#define HD_RECORDING_H

#include "histogram.h"
#include "state.h"

/* A member that has run. */
typedef struct hd_run_record {
  uint64_t queued, started, ended; /* ns, by uv_hrtime() */
  double group;                    /* the binding's name for it */
  uint32_t index;                  /* in the group */
  uint32_t task;                   /* in hd_recording.tasks; HD_NO_TASK without memory for it */
  uint32_t thread;                 /* by hd_thread_number() */
  uint16_t state;                  /* as in hd_member.word, with HD_EXPIRED */
  bool on_pool;                    /* a thread of libuv's */
} hd_run_record;

enum { HD_NO_TASK = UINT32_MAX };

/* Ends of members. */
enum { HD_END_FULFILLED, HD_END_REJECTED, HD_END_CANCELLED, HD_END_EXPIRED, HD_ENDS };

typedef struct hd_task_times {
  const hd_definition *definition; /* NULL: chains */
  uint64_t ends[HD_ENDS];
  hd_histogram wait, run;
} hd_task_times;

typedef struct hd_thread_times {
  uint32_t thread;
  bool on_pool;
  uint64_t busy; /* ns */
} hd_thread_times;

typedef struct hd_recording {
  hd_run_record *records; /* a ring */
  uint32_t room, first, count;
  uint64_t missing; /* for which there was no room */
  hd_task_times **tasks;
  uint32_t task_count, task_room;
  hd_thread_times *threads;
  uint32_t thread_count, thread_room;
} hd_recording;

/* A member that ran in a slice. */
typedef struct hd_ran {
  uint32_t index;
  uint64_t started, ended; /* ns */
} hd_ran;

/* Keeps times from now on, and the records of up to `room` members that were not
 * taken yet; what was recorded before is gone if `room` changes. False without memory,
 * and nothing has changed. Loop thread. */
bool hd_recording_begin(hd_scheduler *scheduler, uint32_t room);
/* Does nothing if there is none. Loop thread. */
void hd_recording_end(hd_scheduler *scheduler);

/* Takes up to `most` records, the oldest first; returns how many. `missing` is how many
 * there were no room for since it began. Loop thread. */
uint32_t hd_recording_take(hd_scheduler *scheduler, hd_run_record *records, uint32_t most,
                           uint64_t *missing);

/* Adds what ran on the calling thread. Under the lock. */
void hd_recording_add(hd_recording *recording, const hd_group *group, const hd_ran *ran,
                      uint32_t count, bool on_pool);

#endif
