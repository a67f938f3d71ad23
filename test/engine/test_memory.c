/* Every allocation of every scenario fails once, and then that one and all
 * after it: nothing crashes, hangs or leaks, and everything settles. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "numeric.h"
#include "tasks.h"

/* Ends what was added and could not be appended. */
static void discard(job *j) {
  hd_batch *batch = j->batch;
  j->batch = NULL;
  j->added = 0;
  if (batch != NULL)
    hd_batch_free(batch);
  hd_scheduler_withdraw(j->world->scheduler, j->group);
}

/* What is appended settles, one way or the other. Returns whether all of it
 * was fulfilled. */
static bool settle(world *w) {
  bool well = true;
  world_run(w);
  for (job *j = w->jobs; j != NULL; j = j->next) {
    CHECK(j->finished);
    for (uint32_t i = 0; i < j->total; i++) {
      unsigned state = i < j->dropped_from ? job_state(j, i) : HD_DROPPED;
      well = well && state == HD_FULFILLED;
      if (state == HD_REJECTED)
        CHECK_TEXT(j->outcomes[i].code, "ERR_HEDDLE_NO_MEMORY");
    }
  }
  return well;
}

typedef struct scenario {
  const char *signature;
  heddle_status (*run)(heddle_call *call);
  bool (*fill)(world *w, const hd_definition *definition);
  uint32_t flags;
  uint32_t threads;
} scenario;

static bool filled(job *j, bool all_added) {
  if (j == NULL)
    return false;
  if (all_added) {
    int status = job_append(j);
    CHECK(status == 0 || status == UV_ENOMEM);
    return status == 0;
  }
  discard(j);
  return false;
}

/* Returns whether no allocation failed. */
static bool once(const scenario *s, long n, bool ever_after) {
  world w;
  bool well = false;
  alloc_fail_never();
  NEED(hd_process_init() == 0);
  hd_process_set_threads(s->threads);
  hd_lock();
  long own_before = alloc_live() - (long)hd_the_process.own_count;
  hd_unlock();
  alloc_fail_at(n, ever_after);
  int status = world_try_start(&w);
  if (status != 0) {
    CHECK_EQ(status, UV_ENOMEM);
    CHECK(alloc_failed() > 0);
    alloc_fail_never();
    return false;
  }
  const hd_definition *definition = define(&w, "scenario", s->signature, s->run, s->flags);
  if (definition != NULL)
    well = s->fill(&w, definition);
  well = settle(&w) && well;
  long failed = alloc_failed();
  world_close(&w);
  world_end(&w);
  alloc_fail_never();
  CHECK(well || failed > 0);
  hd_lock();
  CHECK_EQ(alloc_live() - (long)hd_the_process.own_count, own_before);
  CHECK_EQ(hd_the_process.slots_used, 0);
  CHECK(hd_the_process.waiting_first == NULL);
  hd_unlock();
  return failed == 0;
}

static void every_allocation(const scenario *s) {
  for (int ever_after = 0; ever_after < 2; ever_after++) {
    long n = 0;
    while (n < 3000 && !once(s, n, ever_after != 0))
      n++;
    check_that(n > 3 && n < 3000, __FILE__, __LINE__, "%ld allocations", n);
  }
}

/* ---- Scenarios -------------------------------------------------------------------- */

static bool fill_one(world *w, const hd_definition *definition) {
  job *j = job_open(w, HD_SETTLED, 1, 1);
  return filled(j, j != NULL && job_add(j, definition, (heddle_value[]){f64(100)}));
}

static heddle_status run_number(heddle_call *call) {
  heddle_result_f64(call, heddle_arg(call, 0)->as.f64);
  return HEDDLE_OK;
}

static bool fill_many(world *w, const hd_definition *definition) {
  bool well = true;
  for (int g = 0; g < 20; g++) {
    job *j = job_open(w, g % 2 == 0 ? HD_ALL : HD_SETTLED, 5000, 2);
    bool good = j != NULL && job_pin(j, false);
    for (int i = 0; i < 5000 && good; i++) {
      good = job_add(j, definition, (heddle_value[]){f64(i)});
      if (i == 2500 && good)
        good = job_append(j) == 0;
    }
    well = filled(j, good) && well;
    if (g == 2)
      break;
  }
  return well;
}

static heddle_status run_bytes(heddle_call *call) {
  void *data = heddle_result_bytes(call, 100);
  if (data == NULL)
    return HEDDLE_FAILED;
  memset(data, 'a', 100);
  data = heddle_result_resize(call, 5000);
  if (data == NULL)
    return HEDDLE_FAILED;
  memset(data, 'a', 5000);
  return heddle_result_resize(call, 10) == NULL ? HEDDLE_FAILED : HEDDLE_OK;
}

static bool fill_chain(world *w, const hd_definition *definition) {
  const hd_definition *length = define(w, "again", "bytes -> bytes", run_bytes, 0);
  heddle_value previous[] = {previous_value()};
  heddle_value number[] = {f64(1)};
  job *j = length == NULL ? NULL : job_open(w, HD_SEQUENCE, 2, 1);
  return filled(
      j,
      j != NULL &&
          job_add_chain(
              j, 3, (job_step[]){{definition, number}, {length, previous}, {length, previous}}) &&
          job_add(j, length, previous));
}

static heddle_status run_record(heddle_call *call) {
  char name[32];
  for (int i = 0; i < 30; i++) {
    (void)snprintf(name, sizeof(name), "field%d", i);
    heddle_field(call, name);
    if (i % 3 == 0)
      heddle_result_f64(call, i);
    else if (heddle_result_string(call, name, 5) != HEDDLE_OK)
      return HEDDLE_FAILED;
  }
  return HEDDLE_OK;
}

static heddle_status run_scratches(heddle_call *call) {
  for (size_t i = 0; i < 10; i++) {
    void *block = heddle_scratch(call, i * 100);
    if (block == NULL)
      return HEDDLE_FAILED;
    memset(block, 1, i * 100);
  }
  return heddle_result_array(call, HEDDLE_ELEMENT_U8, 0) == NULL ? HEDDLE_FAILED : HEDDLE_OK;
}

static char here[64];

static heddle_status run_file(heddle_call *call) {
  char path[96];
  const void *data;
  size_t length;
  (void)snprintf(path, sizeof(path), "%s/out", here);
  heddle_file *out = heddle_create(call, path);
  if (out == NULL)
    return HEDDLE_FAILED;
  heddle_status status;
  while ((status = heddle_read(call, 0, &data, &length)) == HEDDLE_OK && length > 0)
    if (heddle_write(call, out, data, length) != HEDDLE_OK)
      return HEDDLE_FAILED;
  if (status == HEDDLE_OK)
    status = heddle_read_all(call, 1, &data, &length);
  if (status == HEDDLE_OK)
    status = heddle_close(call, out);
  return status == HEDDLE_OK ? heddle_result_string(call, "well", 4) : status;
}

static bool fill_file(world *w, const hd_definition *definition) {
  static const char path[] = "/proc/self/maps";
  job *j = job_open(w, HD_SETTLED, 1, 1);
  return filled(j, j != NULL && job_add(j, definition,
                                        (heddle_value[]){file_value(path, sizeof(path) - 1),
                                                         file_value(path, sizeof(path) - 1)}));
}

enum { ELEMENTS = 140 * 1000 }; /* sort and sum share out so many */
static double numbers[ELEMENTS];

static heddle_value array_value(size_t length) {
  return (heddle_value){
      .type = HEDDLE_ARRAY, .element = HEDDLE_ELEMENT_F64, .as.data = numbers, .length = length};
}

static bool fill_array(world *w, const hd_definition *definition) {
  job *j = job_open(w, HD_SETTLED, 1, 1);
  for (size_t i = 0; i < ELEMENTS; i++)
    numbers[i] = (double)(i * 7919 % ELEMENTS);
  return filled(j, j != NULL && job_add(j, definition, (heddle_value[]){array_value(ELEMENTS)}));
}

static bool fill_product(world *w, const hd_definition *definition) {
  heddle_value side = {.type = HEDDLE_U32, .as.u32 = 100};
  heddle_value matrix = array_value(100 * 100);
  job *j = job_open(w, HD_SETTLED, 1, 1);
  return filled(j, j != NULL &&
                       job_add(j, definition, (heddle_value[]){matrix, matrix, side, side, side}));
}

static void plain(void) {
  every_allocation(&(scenario){"f64 -> f64", run_number, fill_one, 0, 2});
}

static void plenty(void) {
  every_allocation(&(scenario){"f64 -> f64", run_number, fill_many, 0, 2});
}

static void chains(void) {
  every_allocation(&(scenario){"f64 -> bytes", run_bytes, fill_chain, 0, 2});
}

static void secret_chains(void) {
  every_allocation(&(scenario){"f64 -> bytes", run_bytes, fill_chain, HEDDLE_SECRET, 2});
}

static void records(void) {
  every_allocation(&(scenario){"f64 -> record", run_record, fill_one, 0, 2});
}

static void scratches(void) {
  every_allocation(&(scenario){"f64 -> array", run_scratches, fill_one, 0, 2});
}

static void shared_out(void) {
  every_allocation(&(scenario){SORT_SIGNATURE, hd_task_sort, fill_array, HEDDLE_PARALLEL, 2});
  every_allocation(&(scenario){SUM_SIGNATURE, hd_task_sum, fill_array, HEDDLE_PARALLEL, 2});
  every_allocation(&(scenario){MATMUL_SIGNATURE, hd_task_matmul, fill_product, HEDDLE_PARALLEL, 2});
}

static void files(void) {
  (void)snprintf(here, sizeof(here), "/tmp/heddle-memory-XXXXXX");
  NEED(mkdtemp(here) != NULL);
  every_allocation(&(scenario){"bytes, bytes -> string", run_file, fill_file, 0, 2});
  char path[96];
  (void)snprintf(path, sizeof(path), "%s/out", here);
  CHECK(unlink(path) == 0 && rmdir(here) == 0);
}

/* An error whose words have no memory is the one that needs none. */
static heddle_status run_error(heddle_call *call) {
  return heddle_error(call, "ERR_TEST", "some words");
}

static void errors(void) {
  bool plain_words = false;
  bool no_memory = false;
  for (long n = 0; n < 100 && !plain_words; n++) {
    world w;
    alloc_fail_never();
    world_start(&w);
    const hd_definition *definition = define(&w, "error", "f64 -> f64", run_error, 0);
    alloc_fail_at(n, false);
    if (fill_one(&w, definition)) {
      world_run(&w);
      const outcome *o = &w.jobs->outcomes[0];
      no_memory = no_memory || strcmp(o->code, "ERR_HEDDLE_NO_MEMORY") == 0;
      plain_words = alloc_failed() == 0;
      if (plain_words)
        CHECK_TEXT(o->code, "ERR_TEST");
    }
    world_run(&w);
    alloc_fail_never();
    world_end(&w);
    check_nothing_left();
  }
  CHECK(plain_words);
  CHECK(no_memory);
}

static void signatures(void) {
  static const char text[] = "data: bytes, word: string(hex|base64) = hex, n?: i32(1..9) = 3, "
                             "{ level?: f64(0..1) = 0.5, quick?: bool = true } -> bytes | {a: f64}";
  for (int ever_after = 0; ever_after < 2; ever_after++) {
    long n = 0;
    for (bool parsed = false; !parsed; n++) {
      hd_signature s;
      char problem[100] = "";
      alloc_fail_at(n, ever_after != 0);
      parsed = hd_signature_parse(&s, text, problem, sizeof(problem));
      if (parsed)
        hd_signature_free(&s);
      else
        CHECK_TEXT(problem, "out of memory");
      CHECK(parsed == (alloc_failed() == 0));
      alloc_fail_never();
      CHECK_EQ(alloc_live(), 0);
    }
    CHECK(n > 1);
  }
}

/* An environment that waited is granted its slot when there is no memory for a
 * runner: it gets on all the same. */
static void granted_without_memory(void) {
  world first;
  world second;
  kit k1;
  kit k2;
  gate g;
  gate_init(&g);
  world_start(&first);
  world_start(&second);
  kit_define(&first, &k1);
  kit_define(&second, &k2);
  hd_process_set_threads(1);
  (void)job_of(&first, HD_ALL, 1, 1, k1.gate, (heddle_value[]){pointer(&g)});
  gate_entered(&g, 1);
  job *j = job_of(&second, HD_ALL, 4, 1, k2.count, (heddle_value[]){pointer(&g)});
  alloc_fail_at(0, true);
  gate_open(&g, 1);
  world_run(&first);
  world_run(&second);
  alloc_fail_never();
  CHECK_EQ(job_count(j, HD_FULFILLED), 4);
  world_end(&second);
  world_end(&first);
  check_nothing_left();
  gate_destroy(&g);
}

static const test tests[] = {
    {"a scheduler, a group, a member", plain, 4},
    {"a scheduler, a group, a member, on an own thread", plain, 1},
    {"several groups of thousands", plenty, 4},
    {"several groups of thousands, on own threads", plenty, 1},
    {"chains", chains, 4},
    {"chains of secrets", secret_chains, 4},
    {"records", records, 4},
    {"scratch memory", scratches, 4},
    {"sort, sum and matmul", shared_out, 4},
    {"sort, sum and matmul, on own threads", shared_out, 1},
    {"files", files, 4},
    {"errors", errors, 4},
    {"signatures", signatures, 4},
    {"a slot that is granted when there is none", granted_without_memory, 2},
    {NULL, NULL, 0}};

const suite memory_suite = {"memory", tests};
