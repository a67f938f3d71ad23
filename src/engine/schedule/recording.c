#include "recording.h"

#include <string.h>

#include "alloc.h"
#include "shared.h"
#include "thread_number.h"

static void free_recording(hd_recording *recording) {
  if (recording == NULL)
    return;
  for (uint32_t i = 0; i < recording->task_count; i++)
    hd_free(recording->tasks[i]);
  hd_free(recording->tasks);
  hd_free(recording->threads);
  hd_free(recording->records);
  hd_free(recording);
}

bool hd_recording_begin(hd_scheduler *scheduler, uint32_t room) {
  hd_recording *made = NULL;
  hd_run_record *records = NULL;
  if (room > 0 && (records = hd_malloc(room * sizeof(*records))) == NULL)
    return false;
  if (records != NULL) /* the first touch of a page costs more than its records do */
    memset(records, 0, room * sizeof(*records));
  /* Only this thread sets it. */
  if (scheduler->recording == NULL && (made = hd_calloc(1, sizeof(*made))) == NULL) {
    hd_free(records);
    return false;
  }
  hd_lock();
  if (made != NULL)
    scheduler->recording = made;
  hd_recording *recording = scheduler->recording;
  hd_run_record *before = recording->records;
  recording->records = records;
  recording->room = room;
  recording->first = recording->count = 0;
  recording->missing = 0;
  hd_unlock();
  hd_free(before);
  return true;
}

void hd_recording_end(hd_scheduler *scheduler) {
  hd_lock();
  hd_recording *recording = scheduler->recording;
  scheduler->recording = NULL;
  hd_unlock();
  free_recording(recording);
}

uint32_t hd_recording_take(hd_scheduler *scheduler, hd_run_record *records, uint32_t most,
                           uint64_t *missing) {
  uint32_t taken = 0;
  *missing = 0;
  hd_lock();
  hd_recording *recording = scheduler->recording;
  if (recording != NULL) {
    *missing = recording->missing;
    for (; taken < most && recording->count > 0; taken++, recording->count--) {
      records[taken] = recording->records[recording->first];
      if (++recording->first == recording->room)
        recording->first = 0;
    }
  }
  hd_unlock();
  return taken;
}

/* ---- Under the lock --------------------------------------------------------- */

/* Room for one more of `count` things, or NULL. */
static void *with_room(void *list, uint32_t count, uint32_t *room, size_t size) {
  if (count < *room)
    return list;
  uint32_t more = *room == 0 ? 8 : *room * 2;
  void *grown = hd_realloc(list, more * size);
  if (grown != NULL)
    *room = more;
  return grown;
}

static uint32_t task_of(hd_recording *recording, const hd_definition *definition) {
  for (uint32_t i = 0; i < recording->task_count; i++)
    if (recording->tasks[i]->definition == definition)
      return i;
  hd_task_times **tasks =
      with_room(recording->tasks, recording->task_count, &recording->task_room, sizeof(*tasks));
  if (tasks == NULL)
    return HD_NO_TASK;
  recording->tasks = tasks;
  hd_task_times *times = hd_calloc(1, sizeof(*times));
  if (times == NULL)
    return HD_NO_TASK;
  times->definition = definition;
  tasks[recording->task_count] = times;
  return recording->task_count++;
}

static void count_busy(hd_recording *recording, uint32_t thread, bool on_pool, uint64_t ns) {
  for (uint32_t i = 0; i < recording->thread_count; i++) {
    if (recording->threads[i].thread != thread)
      continue;
    recording->threads[i].busy += ns;
    return;
  }
  hd_thread_times *threads = with_room(recording->threads, recording->thread_count,
                                       &recording->thread_room, sizeof(*threads));
  if (threads == NULL)
    return;
  recording->threads = threads;
  threads[recording->thread_count++] =
      (hd_thread_times){.thread = thread, .on_pool = on_pool, .busy = ns};
}

static int end_of(unsigned word) {
  if ((word & HD_EXPIRED) != 0)
    return HD_END_EXPIRED;
  switch (word & HD_STATE_MASK) {
  case HD_FULFILLED:
    return HD_END_FULFILLED;
  case HD_REJECTED:
    return HD_END_REJECTED;
  default:
    return HD_END_CANCELLED;
  }
}

static void keep(hd_recording *recording, const hd_run_record *record) {
  if (recording->count == recording->room) {
    recording->missing++;
    return;
  }
  uint32_t at = recording->first + recording->count++; /* room is at most 2^26 */
  recording->records[at < recording->room ? at : at - recording->room] = *record;
}

void hd_recording_add(hd_recording *recording, const hd_group *group, const hd_ran *ran,
                      uint32_t count, bool on_pool) {
  hd_run_record record = {.group = group->id, .thread = hd_thread_number(), .on_pool = on_pool};
  const hd_definition *definition = NULL;
  uint64_t busy = 0;
  for (uint32_t i = 0; i < count; i++) {
    const hd_member *member = hd_group_member(group, ran[i].index);
    unsigned word = atomic_load(&member->word);
    if (i == 0 || member->step.definition != definition) {
      definition = member->step.definition;
      record.task = task_of(recording, definition);
    }
    record.index = ran[i].index;
    record.queued = member->batch->queued;
    record.started = ran[i].started;
    record.ended = ran[i].ended;
    record.state = (uint16_t)(word & (HD_STATE_MASK | HD_EXPIRED));
    busy += record.ended - record.started;
    if (record.task != HD_NO_TASK) {
      hd_task_times *times = recording->tasks[record.task];
      times->ends[end_of(word)]++;
      hd_histogram_add(&times->wait, record.started - record.queued);
      hd_histogram_add(&times->run, record.ended - record.started);
    }
    if (recording->room > 0)
      keep(recording, &record);
  }
  if (count > 0)
    count_busy(recording, record.thread, on_pool, busy);
}
