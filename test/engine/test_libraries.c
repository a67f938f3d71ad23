/* library.c: modules that are well formed, and that are not. What needs a real
 * shared library is tested from JavaScript. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"
#include "world.h"

static heddle_status run_nothing(heddle_call *call) {
  (void)call;
  return HEDDLE_OK;
}

static const heddle_task good_tasks[] = {{"a", "-> void", run_nothing, 0},
                                         {"b_$9", "x: f64 -> f64", run_nothing, HEDDLE_PARALLEL}};

static heddle_module module_of(const heddle_task *tasks, size_t count) {
  return (heddle_module){.abi = HEDDLE_ABI,
                         .size = sizeof(heddle_module),
                         .name = "test",
                         .tasks = tasks,
                         .count = count,
                         .task_size = sizeof(heddle_task)};
}

/* The code with which a module is refused; "" when it is not. */
static const char *refused(const heddle_module *module) {
  static hd_problem problem;
  memset(&problem, 0, sizeof(problem));
  problem.code = "";
  hd_library *library = hd_library_make(module, &problem);
  if (library != NULL)
    hd_library_free(library);
  CHECK((library == NULL) == (problem.words[0] != '\0'));
  CHECK_EQ(alloc_live(), 0);
  return problem.code;
}

static void good_module(void) {
  heddle_module module = module_of(good_tasks, 2);
  hd_problem problem;
  hd_library *library = hd_library_make(&module, &problem);
  NEED(library != NULL);
  CHECK_EQ(library->count, 2);
  CHECK(library->definitions[1].task == &good_tasks[1]);
  CHECK_EQ(library->definitions[1].signature.count, 1);
  hd_library_free(library);
  CHECK_EQ(alloc_live(), 0);
}

/* A later ABI may have longer rows. */
static void longer_rows(void) {
  struct {
    heddle_task task;
    uint64_t more;
  } tasks[] = {{good_tasks[0], 1}, {good_tasks[1], 2}};
  heddle_module module = module_of(&tasks[0].task, 2);
  module.task_size = sizeof(tasks[0]);
  hd_problem problem;
  hd_library *library = hd_library_make(&module, &problem);
  NEED(library != NULL);
  CHECK_TEXT(library->definitions[1].task->name, "b_$9");
  hd_library_free(library);
}

static void bad_modules(void) {
  heddle_module module = module_of(good_tasks, 2);
  CHECK_TEXT(refused(&module), "");
  CHECK_TEXT(refused(NULL), "ERR_HEDDLE_MODULE");
  module.abi = HEDDLE_ABI + 1;
  module.size = 0; /* what a later ABI says besides is not looked at */
  CHECK_TEXT(refused(&module), "ERR_HEDDLE_ABI_TOO_NEW");
  module.abi = HD_OLDEST_ABI - 1;
  CHECK_TEXT(refused(&module), "ERR_HEDDLE_ABI_TOO_OLD");
  module = module_of(good_tasks, 2);
  module.size--;
  CHECK_TEXT(refused(&module), "ERR_HEDDLE_MODULE");
  module = module_of(good_tasks, HD_MAX_TASKS + 1);
  CHECK_TEXT(refused(&module), "ERR_HEDDLE_MODULE");
  module = module_of(good_tasks, 2);
  module.task_size += 1; /* rows that are not aligned */
  CHECK_TEXT(refused(&module), "ERR_HEDDLE_MODULE");
}

static void bad_tasks(void) {
  static const struct {
    heddle_task task;
    const char *code;
  } bad[] = {{{"b", "-> int", run_nothing, 0}, "ERR_HEDDLE_SIGNATURE"},
             {{"a", "-> void", run_nothing, 0}, "ERR_HEDDLE_DUPLICATE_TASK"},
             {{"a b", "-> void", run_nothing, 0}, "ERR_HEDDLE_MODULE"},
             {{"then", "-> void", run_nothing, 0}, "ERR_HEDDLE_MODULE"},
             {{NULL, "-> void", run_nothing, 0}, "ERR_HEDDLE_MODULE"},
             {{"b", NULL, run_nothing, 0}, "ERR_HEDDLE_MODULE"},
             {{"b", "-> void", NULL, 0}, "ERR_HEDDLE_MODULE"},
             {{"b", "-> void", run_nothing, 1u << 31}, "ERR_HEDDLE_MODULE"}};
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    heddle_task tasks[] = {good_tasks[0], bad[i].task};
    heddle_module module = module_of(tasks, 2);
    CHECK_TEXT(refused(&module), bad[i].code);
  }
}

/* What ABI 1 promised. A change here breaks every library that was built for it. */
static void layout(void) {
  bool wide = sizeof(void *) == 8;
  CHECK_EQ(offsetof(heddle_value, element), 1);
  CHECK_EQ(offsetof(heddle_value, as), 8);
  CHECK_EQ(offsetof(heddle_value, length), 16);
  CHECK_EQ(offsetof(heddle_call, args), sizeof(void *));
  CHECK_EQ(offsetof(heddle_call, argc), 2 * sizeof(void *));
  CHECK_EQ(offsetof(heddle_module, name), 8);
  CHECK_EQ(sizeof(heddle_task), wide ? 32 : 16);
  CHECK_EQ(sizeof(heddle_module), wide ? 56 : 32);
  CHECK_EQ(offsetof(heddle_host, cancelled), 8);
  CHECK_EQ(offsetof(heddle_host, loop), 8 + 18 * sizeof(void *));
  CHECK(HEDDLE_HEDDLE_ERROR == 0 && HEDDLE_PLAIN_ERROR == 3 && HEDDLE_CANCELLED == 2);
  CHECK(HEDDLE_UNDEFINED == 0 && HEDDLE_F64 == 5 && HEDDLE_STRING == 8 && HEDDLE_RECORD == 12);
  CHECK(HEDDLE_ELEMENT_I8 == 1 && HEDDLE_ELEMENT_F64 == 9 && HEDDLE_ELEMENT_U64 == 11);
}

static void no_memory(void) {
  heddle_module module = module_of(good_tasks, 2);
  for (long n = 0; n < 20; n++) {
    alloc_fail_at(n, true);
    const char *code = refused(&module);
    alloc_fail_never();
    if (code[0] == '\0') {
      CHECK(n > 3);
      return;
    }
    CHECK_TEXT(code, "ERR_HEDDLE_NO_MEMORY");
  }
  CHECK(false);
}

static void ids(void) {
  heddle_module module = module_of(good_tasks, 2);
  hd_problem problem;
  const hd_library *library = hd_library_builtin(&module, hd_threads_stop, &problem);
  NEED(library != NULL);
  CHECK(hd_definition_find(hd_definition_id(library, 1)) == &library->definitions[1]);
  CHECK(hd_definition_find(2) == NULL);
  CHECK(hd_definition_find(-1) == NULL && hd_definition_find(0.0 / 0.0) == NULL);
  CHECK(hd_definition_find(HD_MAX_TASKS) == NULL && hd_definition_find(1e300) == NULL);
}

static const test tests[] = {
    {"a good module", good_module, 0},  {"rows of a later ABI", longer_rows, 0},
    {"bad modules", bad_modules, 0},    {"bad tasks", bad_tasks, 0},
    {"the layout of ABI 1", layout, 0}, {"without memory", no_memory, 0},
    {"ids of tasks", ids, 0},           {NULL, NULL, 0}};

const suite libraries_suite = {"libraries", tests};
