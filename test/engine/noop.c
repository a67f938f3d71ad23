/* 100,000 members that do nothing, to count what the engine itself costs:
 * `make noop`, then `valgrind --tool=callgrind build/engine-tests/noop`. */
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "budget.h"
#include "lifecycle.h"
#include "scheduler.h"

enum { GROUPS = 100, MEMBERS = 1000 };

static hd_scheduler *scheduler;
static uint32_t delivered;

/* In libuv's place: a clock that goes on by as much each time that it is looked
 * at, so that the machine's speed decides nothing. */
uint64_t uv_hrtime(void) {
  static atomic_uint_fast64_t now;
  return atomic_fetch_add(&now, 100) + 1;
}

static heddle_status nothing(heddle_call *call) {
  heddle_result_f64(call, 1);
  return HEDDLE_OK;
}

static const heddle_task task = {.name = "nothing", .signature = "-> f64", .run = nothing};
static hd_definition definition = {.task = &task};

static bool submit(void) {
  hd_group *group = hd_scheduler_open(scheduler, HD_ALL, MEMBERS, MEMBERS, 0, 0);
  hd_batch *batch = hd_calloc(1, sizeof(*batch));
  if (group == NULL || batch == NULL || !hd_group_reserve(group, MEMBERS))
    return false;
  batch->remaining = MEMBERS;
  for (uint32_t i = 0; i < MEMBERS; i++) {
    hd_member *member = hd_group_member(group, i);
    memset(member, 0, sizeof(*member));
    member->step.definition = &definition;
    member->batch = batch;
    member->result.type = HD_VALUE_NONE;
    atomic_init(&member->word, HD_QUEUED);
  }
  return hd_scheduler_append(scheduler, group, MEMBERS) == 0;
}

static void on_news(void *data) {
  hd_delivery delivery;
  (void)data;
  while (hd_scheduler_take(scheduler, &delivery)) {
    uint32_t next;
    for (uint32_t i = delivery.first; i != HD_NO_MEMBER; i = next) {
      next = hd_group_member(delivery.group, i)->next;
      hd_member_release(delivery.group, i);
      delivered++;
    }
    if (delivery.finished)
      hd_scheduler_free_group(scheduler, delivery.group);
  }
}

static void on_closed(void *data) {
  (void)data;
}

int main(void) {
  static const hd_events events = {.news = on_news};
  char problem[100];
  uv_loop_t loop;
  if (!hd_signature_parse(&definition.signature, task.signature, problem, sizeof(problem)) ||
      uv_loop_init(&loop) != 0 || hd_scheduler_new(&loop, &events, NULL, &scheduler) != 0)
    return 1;
  hd_process_set_threads(1);
  for (int i = 0; i < GROUPS; i++) {
    if (!submit())
      return 1;
    (void)uv_run(&loop, UV_RUN_DEFAULT); /* until the group was delivered */
  }
  hd_scheduler_close(scheduler, on_closed);
  (void)uv_run(&loop, UV_RUN_DEFAULT);
  hd_signature_free(&definition.signature);
  (void)printf("%u members\n", delivered);
  return uv_loop_close(&loop) == 0 && delivered == GROUPS * MEMBERS ? 0 : 1;
}
