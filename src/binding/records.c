/* The functions by which JavaScript has members recorded, and gets what was. */
#include "environment.h"

#include "recording.h"
#include "shared.h"

enum { MOST_RECORDS = 1 << 26, FIELDS = 8, BATCH = 256 };

static const double NS_PER_MS = 1e6;

/* record(room: number): keeps times from now on, and records of so many members; no
 * argument ends that. Returns the time of uv_hrtime() in ms. */
napi_value hd_record_members(napi_env env, napi_callback_info info) {
  napi_value arg;
  napi_value result;
  size_t count = 1;
  uint32_t room;
  hd_environment *e = hd_get_environment(env);
  if (e == NULL || e->scheduler == NULL ||
      !hd_ok(env, napi_get_cb_info(env, info, &count, &arg, NULL, NULL)))
    return NULL;
  if (count == 0)
    hd_recording_end(e->scheduler);
  else if (!hd_get_u32(env, arg, MOST_RECORDS, &room))
    return NULL;
  else if (!hd_recording_begin(e->scheduler, room))
    return hd_throw(env, "ERR_HEDDLE_NO_MEMORY", "out of memory");
  return hd_ok(env, napi_create_double(env, (double)uv_hrtime() / NS_PER_MS, &result)) ? result
                                                                                       : NULL;
}

static bool get_doubles(napi_env env, napi_callback_info info, size_t least, double **out,
                        size_t *length) {
  napi_value arg;
  napi_typedarray_type type;
  size_t count = 1;
  if (!hd_ok(env, napi_get_cb_info(env, info, &count, &arg, NULL, NULL)) ||
      !hd_ok(env, napi_get_typedarray_info(env, arg, &type, length, (void **)out, NULL, NULL)))
    return false;
  if (type == napi_float64_array && *length >= least)
    return true;
  (void)hd_throw(env, "ERR_HEDDLE_NODE_API", "a larger Float64Array is needed");
  return false;
}

/* recorded(out: Float64Array): takes records, as many as there are or as have room behind
 * the first two numbers, which become how many, and how many were missed. Of each:
 * queued, started, ended (ms, by uv_hrtime()), group, index, task, thread (negative: of
 * libuv's pool), state. */
napi_value hd_recorded(napi_env env, napi_callback_info info) {
  double *out;
  size_t length;
  uint64_t missing = 0;
  hd_run_record records[BATCH];
  hd_environment *e = hd_get_environment(env);
  if (e == NULL || e->scheduler == NULL || !get_doubles(env, info, 2, &out, &length))
    return NULL;
  size_t room = (length - 2) / FIELDS;
  size_t total = 0;
  double *at = out + 2;
  while (total < room) {
    uint32_t most = room - total < BATCH ? (uint32_t)(room - total) : BATCH;
    uint32_t count = hd_recording_take(e->scheduler, records, most, &missing);
    for (uint32_t i = 0; i < count; i++, at += FIELDS) {
      const hd_run_record *r = &records[i];
      at[0] = (double)r->queued / NS_PER_MS;
      at[1] = (double)r->started / NS_PER_MS;
      at[2] = (double)r->ended / NS_PER_MS;
      at[3] = r->group;
      at[4] = r->index;
      at[5] = r->task == HD_NO_TASK ? -1 : (double)r->task;
      at[6] = r->on_pool ? -(double)r->thread : (double)r->thread;
      at[7] = r->state;
    }
    total += count;
    if (count < most)
      break;
  }
  out[0] = (double)total;
  out[1] = (double)missing;
  return NULL;
}

static double *put_histogram(double *at, const hd_histogram *histogram) {
  *at++ = (double)histogram->sum / NS_PER_MS;
  *at++ = (double)histogram->max / NS_PER_MS;
  for (uint32_t i = 0; i < HD_BUCKETS; i++)
    *at++ = (double)histogram->counts[i];
  return at;
}

/* taskTimes(out: Float64Array, task): the name of that task, or undefined when there are
 * not so many. `out` gets how many fulfilled, rejected, were cancelled, expired; then of
 * waiting and of running: sum (ms), longest (ms), and the count of each bucket. */
napi_value hd_task_times_of(napi_env env, napi_callback_info info) {
  napi_value args[2];
  napi_value name = NULL;
  size_t count = 2;
  size_t length;
  double *out;
  uint32_t task;
  hd_environment *e = hd_get_environment(env);
  if (e == NULL || e->scheduler == NULL ||
      !get_doubles(env, info, HD_ENDS + 2 * (2 + HD_BUCKETS), &out, &length) ||
      !hd_ok(env, napi_get_cb_info(env, info, &count, args, NULL, NULL)) ||
      !hd_get_u32(env, args[1], UINT32_MAX - 1, &task))
    return NULL;
  const char *text = NULL;
  hd_lock();
  const hd_recording *recording = e->scheduler->recording;
  if (recording != NULL && task < recording->task_count) {
    const hd_task_times *times = recording->tasks[task];
    text = times->definition == NULL ? "chain" : times->definition->task->name;
    for (int i = 0; i < HD_ENDS; i++)
      out[i] = (double)times->ends[i];
    (void)put_histogram(put_histogram(out + HD_ENDS, &times->wait), &times->run);
  }
  hd_unlock();
  if (text == NULL)
    return NULL;
  return hd_ok(env, napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &name)) ? name : NULL;
}

/* threadTimes(out: Float64Array): the number of threads that have run members; `out` gets
 * of each its number (negative: of libuv's pool) and the ms for which it was busy. */
napi_value hd_thread_times_of(napi_env env, napi_callback_info info) {
  double *out;
  size_t length;
  uint32_t total = 0;
  napi_value result;
  hd_environment *e = hd_get_environment(env);
  if (e == NULL || e->scheduler == NULL || !get_doubles(env, info, 0, &out, &length))
    return NULL;
  hd_lock();
  const hd_recording *recording = e->scheduler->recording;
  if (recording != NULL) {
    total = recording->thread_count;
    for (uint32_t i = 0; i < total && 2 * (size_t)i + 1 < length; i++) {
      const hd_thread_times *times = &recording->threads[i];
      out[2 * i] = times->on_pool ? -(double)times->thread : (double)times->thread;
      out[2 * i + 1] = (double)times->busy / NS_PER_MS;
    }
  }
  hd_unlock();
  return hd_ok(env, napi_create_uint32(env, total, &result)) ? result : NULL;
}
