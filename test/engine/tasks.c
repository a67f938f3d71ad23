#include "tasks.h"

#include <sched.h>
#include <string.h>

void gate_init(gate *g) {
  memset(g, 0, sizeof(*g));
  NEED(uv_sem_init(&g->entered, 0) == 0);
  NEED(uv_sem_init(&g->open, 0) == 0);
}

void gate_destroy(gate *g) {
  uv_sem_destroy(&g->entered);
  uv_sem_destroy(&g->open);
}

void gate_entered(gate *g, int count) {
  while (count-- > 0)
    uv_sem_wait(&g->entered);
}

void gate_open(gate *g, int count) {
  while (count-- > 0)
    uv_sem_post(&g->open);
}

void gate_count_in(gate *g) {
  int inside = atomic_fetch_add(&g->inside, 1) + 1;
  int most = atomic_load(&g->most);
  while (most < inside && !atomic_compare_exchange_weak(&g->most, &most, inside)) {
  }
}

void gate_count_out(gate *g) {
  atomic_fetch_sub(&g->inside, 1);
  atomic_fetch_add(&g->ran, 1);
}

static heddle_status run_add(heddle_call *call) {
  heddle_result_f64(call, heddle_arg(call, 0)->as.f64 + heddle_arg(call, 1)->as.f64);
  return HEDDLE_OK;
}

static heddle_status run_fail(heddle_call *call) {
  return heddle_error(call, "ERR_TEST", "failed %g", heddle_arg(call, 0)->as.f64);
}

static void pass(gate *g) {
  gate_count_in(g);
  uv_sem_post(&g->entered);
  uv_sem_wait(&g->open);
  gate_count_out(g);
}

static heddle_status run_gate(heddle_call *call) {
  pass(pointed(call, 0));
  heddle_result_f64(call, 1);
  return HEDDLE_OK;
}

static heddle_status run_failing_gate(heddle_call *call) {
  pass(pointed(call, 0));
  return heddle_error(call, "ERR_TEST", "failed at the gate");
}

static heddle_status run_poll(heddle_call *call) {
  gate *g = pointed(call, 0);
  gate_count_in(g);
  uv_sem_post(&g->entered);
  while (!heddle_cancelled(call))
    (void)sched_yield();
  atomic_store(&g->saw_cancel, true);
  gate_count_out(g);
  return HEDDLE_CANCELLED;
}

static heddle_status run_count(heddle_call *call) {
  gate *g = pointed(call, 0);
  gate_count_in(g);
  (void)sched_yield();
  gate_count_out(g);
  heddle_result_f64(call, 1);
  return HEDDLE_OK;
}

static heddle_status run_yield(heddle_call *call) {
  for (int i = 0; i < 50; i++)
    if (heddle_cancelled(call))
      return HEDDLE_CANCELLED;
  heddle_result_f64(call, 1);
  return HEDDLE_OK;
}

static heddle_status run_spin(heddle_call *call) {
  gate *g = pointed(call, 0);
  gate_count_in(g);
  uint64_t until = heddle_now(call) + 100 * 1000;
  while (heddle_now(call) < until) {
  }
  gate_count_out(g);
  heddle_result_f64(call, 1);
  return HEDDLE_OK;
}

static heddle_status run_make(heddle_call *call) {
  size_t size = (size_t)heddle_arg(call, 0)->as.f64;
  void *data = heddle_result_bytes(call, size);
  if (data == NULL)
    return HEDDLE_FAILED;
  memset(data, 'a', size);
  return HEDDLE_OK;
}

static heddle_status run_length(heddle_call *call) {
  const void *data;
  size_t length;
  heddle_status status = heddle_read_all(call, 0, &data, &length);
  if (status != HEDDLE_OK)
    return status;
  heddle_result_f64(call, (double)length);
  return HEDDLE_OK;
}

static heddle_status run_echo(heddle_call *call) {
  const void *data;
  size_t length;
  heddle_status status = heddle_read_all(call, 0, &data, &length);
  return status != HEDDLE_OK ? status : heddle_result_string(call, data, length);
}

static heddle_status run_address(heddle_call *call) {
  heddle_result_u64(call, (uint64_t)(uintptr_t)heddle_arg(call, 0)->as.data);
  return HEDDLE_OK;
}

void kit_define(world *w, kit *k) {
  k->add = define(w, "add", "f64, f64 -> f64", run_add, 0);
  k->fail = define(w, "fail", "f64 -> f64", run_fail, 0);
  k->gate = define(w, "gate", "u64 -> f64", run_gate, 0);
  k->poll = define(w, "poll", "u64 -> f64", run_poll, 0);
  k->count = define(w, "count", "u64 -> f64", run_count, 0);
  k->failing_gate = define(w, "failing_gate", "u64 -> f64", run_failing_gate, 0);
  k->yield = define(w, "yield", "u64 -> f64", run_yield, 0);
  k->spin = define(w, "spin", "u64 -> f64", run_spin, 0);
  k->make = define(w, "make", "f64 -> bytes", run_make, 0);
  k->length = define(w, "length", "data: bytes -> f64", run_length, 0);
  k->echo = define(w, "echo", "data: bytes -> string", run_echo, 0);
  k->address = define(w, "address", "bytes -> u64", run_address, 0);
}
