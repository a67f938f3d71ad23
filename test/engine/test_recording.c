/* recording.c: what ran is there once, in order, and counted by task and thread. */
#include "recording.h"
#include "scene.h"

#include <stdlib.h>
#include <string.h>

enum { MANY = 3000 };

static hd_run_record records[2 * MANY];

static uint32_t take(uint64_t *missing) {
  return hd_recording_take(w.scheduler, records, 2 * MANY, missing);
}

static int by_start(const void *a, const void *b) {
  const hd_run_record *one = a, *other = b;
  if (one->thread != other->thread)
    return one->thread < other->thread ? -1 : 1;
  return one->started < other->started ? -1 : one->started > other->started;
}

/* Each one of `count` members of a group is there, and no two of a thread overlap. */
static void check_records(uint32_t count, uint32_t members) {
  bool *seen = calloc(members, sizeof(*seen));
  NEED(seen != NULL);
  for (uint32_t i = 0; i < count; i++) {
    NEED(records[i].index < members);
    CHECK(!seen[records[i].index]);
    seen[records[i].index] = true;
    CHECK(records[i].queued <= records[i].started);
    CHECK(records[i].started <= records[i].ended);
  }
  free(seen);
  qsort(records, count, sizeof(*records), by_start);
  for (uint32_t i = 1; i < count; i++)
    if (records[i].thread == records[i - 1].thread)
      CHECK(records[i - 1].ended <= records[i].started);
}

static void each_once(void) {
  uint64_t missing;
  begin(3);
  NEED(hd_recording_begin(w.scheduler, 2 * MANY));
  job *j = job_of(&w, HD_SETTLED, MANY, 3, k.count, (heddle_value[]){pointer(&g)});
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), MANY);
  uint32_t count = take(&missing);
  CHECK_EQ(count, MANY);
  CHECK_EQ(missing, 0);
  check_records(count, MANY);
  hd_figures figures;
  hd_scheduler_figures(w.scheduler, &figures);
  uint64_t busy = 0, waited = 0, by_thread = 0;
  for (uint32_t i = 0; i < count; i++) {
    busy += records[i].ended - records[i].started;
    waited += records[i].started - records[i].queued;
    CHECK_EQ(records[i].state, HD_FULFILLED);
    CHECK_EQ(records[i].task, 0);
  }
  CHECK_EQ(busy, figures.run_ns);
  CHECK_EQ(waited, figures.wait_ns);
  hd_lock();
  const hd_recording *recording = w.scheduler->recording;
  for (uint32_t i = 0; i < recording->thread_count; i++)
    by_thread += recording->threads[i].busy;
  CHECK_EQ(by_thread, busy);
  CHECK_EQ(recording->task_count, 1);
  CHECK(recording->tasks[0]->definition == k.count);
  CHECK_EQ(recording->tasks[0]->ends[HD_END_FULFILLED], MANY);
  CHECK_EQ(recording->tasks[0]->run.sum, busy);
  CHECK_EQ(recording->tasks[0]->wait.sum, waited);
  hd_unlock();
  CHECK_EQ(take(&missing), 0);
  hd_recording_end(w.scheduler);
  CHECK_EQ(take(&missing), 0);
  end();
}

/* What has no room is counted; what was taken makes room again. */
static void full(void) {
  uint64_t missing;
  begin(2);
  NEED(hd_recording_begin(w.scheduler, 10));
  (void)job_of(&w, HD_SETTLED, 25, 2, k.count, (heddle_value[]){pointer(&g)});
  world_run(&w);
  CHECK_EQ(hd_recording_take(w.scheduler, records, 4, &missing), 4);
  CHECK_EQ(missing, 15);
  (void)job_of(&w, HD_SETTLED, 6, 2, k.count, (heddle_value[]){pointer(&g)});
  world_run(&w);
  CHECK_EQ(take(&missing), 10);
  CHECK_EQ(missing, 17);
  hd_lock();
  CHECK_EQ(w.scheduler->recording->tasks[0]->ends[HD_END_FULFILLED], 31);
  hd_unlock();
  end(); /* which frees it */
}

/* Each append is a time of its own. */
static void queued_when_appended(void) {
  uint64_t missing;
  begin(1);
  NEED(hd_recording_begin(w.scheduler, 2 * MANY));
  job *j = job_open(&w, HD_SETTLED, 2, 1);
  hd_scheduler_watch(w.scheduler, j->group);
  NEED(job_add(j, k.count, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  world_until(j, 1);
  uint64_t between = uv_hrtime();
  NEED(job_add(j, k.count, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK_EQ(take(&missing), 2);
  CHECK(records[0].queued < between);
  CHECK(records[1].queued >= between);
  end();
}

static uint64_t ends_of(const hd_definition *definition, int which) {
  uint64_t count = 0;
  hd_lock();
  const hd_recording *recording = w.scheduler->recording;
  for (uint32_t i = 0; i < recording->task_count; i++)
    if (recording->tasks[i]->definition == definition)
      count = recording->tasks[i]->ends[which];
  hd_unlock();
  return count;
}

/* Those that never ran are no records; those that were stopped say so. */
static void ends(void) {
  uint64_t missing;
  begin(1);
  NEED(hd_recording_begin(w.scheduler, 2 * MANY));
  job *j = job_open(&w, HD_ALL, 3, 1);
  NEED(job_add(j, k.poll, (heddle_value[]){pointer(&g)}));
  NEED(job_add(j, k.add, (heddle_value[]){f64(1), f64(2)}));
  NEED(job_add(j, k.add, (heddle_value[]){f64(1), f64(2)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 1);
  hd_scheduler_withdraw(w.scheduler, j->group);
  world_run(&w);
  CHECK_EQ(take(&missing), 1);
  CHECK_EQ(records[0].index, 0);
  CHECK_EQ(records[0].state, HD_CANCELLED);
  CHECK_EQ(ends_of(k.poll, HD_END_CANCELLED), 1);
  (void)job_of(&w, HD_SETTLED, 2, 1, k.fail, (heddle_value[]){f64(7)});
  world_run(&w);
  CHECK_EQ(take(&missing), 2);
  CHECK_EQ(records[1].state, HD_REJECTED);
  CHECK_EQ(ends_of(k.fail, HD_END_REJECTED), 2);
  job *late = job_open_with(&w, HD_SETTLED, 1, 1, 0, 1000 * 1000);
  NEED(job_add(late, k.poll, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(late), 0);
  world_run(&w);
  CHECK_EQ(take(&missing), 1);
  CHECK_EQ(records[0].state, HD_CANCELLED | HD_EXPIRED);
  CHECK_EQ(ends_of(k.poll, HD_END_EXPIRED), 1);
  end();
}

static void chains(void) {
  uint64_t missing;
  begin(1);
  NEED(hd_recording_begin(w.scheduler, 2 * MANY));
  job *j = job_open(&w, HD_ALL, 1, 1);
  NEED(job_add_chain(j, 2,
                     (job_step[]){{k.add, (heddle_value[]){f64(1), f64(2)}},
                                  {k.add, (heddle_value[]){previous_value(), f64(3)}}}));
  CHECK_EQ(job_append(j), 0);
  world_run(&w);
  CHECK_EQ(take(&missing), 1);
  CHECK_EQ(ends_of(NULL, HD_END_FULFILLED), 1);
  end();
}

/* It may end and begin while members run: what it writes to is never gone. */
static void while_they_run(void) {
  uint64_t missing;
  begin(2);
  job *j = job_open(&w, HD_SETTLED, 2 * MANY, 2);
  hd_scheduler_watch(w.scheduler, j->group);
  for (int i = 0; i < 2 * MANY; i++)
    NEED(job_add(j, k.yield, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  for (uint32_t seen = 0, turns = 0; !j->finished; turns++) {
    NEED(hd_recording_begin(w.scheduler, turns % 3 == 0 ? 0 : 50));
    world_until(j, j->delivered + 1);
    seen = take(&missing);
    CHECK(seen <= 50);
    if (turns % 2 == 0)
      hd_recording_end(w.scheduler);
  }
  CHECK_EQ(job_count(j, HD_FULFILLED), 2 * MANY);
  end();
}

/* Without memory there is none, or it lasts as it was; and members run on. */
static void no_memory(void) {
  uint64_t missing;
  begin(1);
  for (long n = 0; n < 2; n++) {
    alloc_fail_at(n, true);
    CHECK(!hd_recording_begin(w.scheduler, 10));
    alloc_fail_never();
    CHECK(w.scheduler->recording == NULL);
  }
  NEED(hd_recording_begin(w.scheduler, 10));
  alloc_fail_at(0, true);
  CHECK(!hd_recording_begin(w.scheduler, 20));
  alloc_fail_never();
  job *j = job_open(&w, HD_SETTLED, 1, 1);
  NEED(job_add(j, k.gate, (heddle_value[]){pointer(&g)}));
  CHECK_EQ(job_append(j), 0);
  gate_entered(&g, 1);
  alloc_fail_at(0, true); /* for the times by task and thread */
  gate_open(&g, 1);
  while (take(&missing) == 0)
    uv_sleep(1);
  alloc_fail_never();
  CHECK_EQ(records[0].task, HD_NO_TASK);
  world_run(&w);
  CHECK_EQ(job_count(j, HD_FULFILLED), 1);
  end();
}

/* ---- histogram.c ------------------------------------------------------------ */

static void buckets(void) {
  CHECK_EQ(hd_histogram_bucket(0), 0);
  CHECK_EQ(hd_histogram_bucket(1), 0);
  CHECK_EQ(hd_histogram_bucket(2), 16);
  CHECK_EQ(hd_histogram_bucket(3), 16 + 8);
  CHECK_EQ(hd_histogram_bucket(16), 4 * 16);
  CHECK_EQ(hd_histogram_bucket(31), 4 * 16 + 15);
  CHECK_EQ(hd_histogram_bucket(1000), 9 * 16 + 15);
  CHECK_EQ(hd_histogram_bucket(1023), 9 * 16 + 15);
  CHECK_EQ(hd_histogram_bucket(1024), 10 * 16);
  CHECK_EQ(hd_histogram_bucket(UINT64_MAX), HD_BUCKETS - 1);
  uint32_t last = 0;
  for (uint64_t ns = 1; ns < (uint64_t)1 << 50; ns += ns / 64 + 1) {
    uint32_t bucket = hd_histogram_bucket(ns);
    CHECK(bucket >= last);
    last = bucket;
  }
}

static void sums(void) {
  hd_histogram histogram;
  memset(&histogram, 0, sizeof(histogram));
  hd_histogram_add(&histogram, 5);
  hd_histogram_add(&histogram, 900);
  hd_histogram_add(&histogram, 5);
  CHECK_EQ(histogram.sum, 910);
  CHECK_EQ(histogram.max, 900);
  CHECK_EQ(histogram.counts[hd_histogram_bucket(5)], 2);
  CHECK_EQ(histogram.counts[hd_histogram_bucket(900)], 1);
}

static const test tests[] = {{"each member that ran is there once", each_once, 4},
                             {"full: the rest is counted", full, 4},
                             {"queued is when it was appended", queued_when_appended, 4},
                             {"how members ended", ends, 4},
                             {"a chain is one member", chains, 4},
                             {"it begins and ends while members run", while_they_run, 4},
                             {"without memory members run on", no_memory, 4},
                             {"the buckets of times", buckets, 0},
                             {"sums of times", sums, 0},
                             {NULL, NULL, 0}};

const suite recording_suite = {"recording", tests};
