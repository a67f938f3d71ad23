#include "library.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "alloc.h"
#include "dl.h"

/* Process-wide. Slots are filled in order and never change; read without a lock. */
static _Atomic(const hd_library *) table[HD_MAX_LIBRARIES];

/* Held while a library is loaded, which runs code of its own; never together
 * with the engine's lock. */
static uv_mutex_t loading;
static uint32_t library_count; /* under `loading` */

/* Hooks to run at exit, the newest first; under `loading`, and at exit, when no
 * environment is left to load anything. */
typedef struct fini {
  void (*run)(void);
  struct fini *next;
} fini;
static fini *finis;

static bool (*stop_tasks)(void); /* set once */

static hd_library *refuse(hd_problem *problem, const char *code, const char *format, ...) {
  va_list values;
  va_start(values, format);
  (void)vsnprintf(problem->words, sizeof(problem->words), format, values);
  va_end(values);
  problem->code = code;
  return NULL;
}

/* ---- Checks --------------------------------------------------------------- */

static const heddle_task *task_at(const heddle_module *module, size_t index) {
  return (const heddle_task *)(const void *)((const char *)module->tasks +
                                             index * module->task_size);
}

/* A name that JavaScript can write after a dot; "then" would make the object
 * pass for a promise. */
static bool is_name(const char *name) {
  if (name == NULL || strcmp(name, "then") == 0)
    return false;
  size_t length = strlen(name);
  const char *letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$0123456789";
  return length > 0 && length <= 64 && strspn(name, letters) == length &&
         !(name[0] >= '0' && name[0] <= '9');
}

static bool check_abi(const heddle_module *module, hd_problem *problem) {
  if (module == NULL) {
    refuse(problem, "ERR_HEDDLE_MODULE", "its heddle_module_get() returns NULL");
  } else if (module->abi > HEDDLE_ABI) {
    refuse(problem, "ERR_HEDDLE_ABI_TOO_NEW",
           "it was built for version %u of heddle's ABI, and this heddle has version %d: update "
           "heddle",
           (unsigned)module->abi, HEDDLE_ABI);
  } else if (module->abi < HD_OLDEST_ABI) {
    refuse(problem, "ERR_HEDDLE_ABI_TOO_OLD",
           "it was built for version %u of heddle's ABI, and this heddle takes versions %d to %d: "
           "build it anew",
           (unsigned)module->abi, HD_OLDEST_ABI, HEDDLE_ABI);
  } else {
    return true;
  }
  return false;
}

static bool check_module(const heddle_module *module, hd_problem *problem) {
  if (!check_abi(module, problem))
    return false;
  if (module->size < sizeof(*module) || module->task_size < sizeof(heddle_task) ||
      module->task_size > 4096 || module->task_size % sizeof(void *) != 0) {
    refuse(problem, "ERR_HEDDLE_MODULE",
           "its description is not well formed: use HEDDLE_MODULE to make it");
    return false;
  }
  if (module->name == NULL || module->tasks == NULL || module->count == 0 ||
      module->count > HD_MAX_TASKS) {
    refuse(problem, "ERR_HEDDLE_MODULE", "a module must have a name and 1 to %d tasks",
           HD_MAX_TASKS);
    return false;
  }
  return true;
}

static bool check_task(const heddle_module *module, size_t index, hd_problem *problem) {
  const heddle_task *task = task_at(module, index);
  if (!is_name(task->name)) {
    refuse(problem, "ERR_HEDDLE_MODULE",
           "the name of task %zu must be letters, digits, _ and $, not begin with a digit, and not "
           "be 'then', got '%.80s'",
           index, task->name == NULL ? "NULL" : task->name);
    return false;
  }
  if (task->signature == NULL || task->run == NULL) {
    refuse(problem, "ERR_HEDDLE_MODULE", "task '%s' has no %s", task->name,
           task->run == NULL ? "function" : "signature");
    return false;
  }
  uint32_t known = HEDDLE_UNINTERRUPTIBLE | HEDDLE_SECRET | HEDDLE_PARALLEL | HEDDLE_COPY |
                   HEDDLE_PARALLEL_LARGE;
  if ((task->flags & ~known) != 0) {
    refuse(problem, "ERR_HEDDLE_MODULE", "task '%s' has flags that do not exist: 0x%x", task->name,
           (unsigned)(task->flags & ~known));
    return false;
  }
  for (size_t i = 0; i < index; i++) {
    if (strcmp(task_at(module, i)->name, task->name) == 0) {
      refuse(problem, "ERR_HEDDLE_DUPLICATE_TASK", "two tasks are called '%s'", task->name);
      return false;
    }
  }
  return true;
}

void hd_library_free(hd_library *library) {
  for (size_t i = 0; i < library->count; i++)
    hd_signature_free(&library->definitions[i].signature);
  hd_free(library->definitions);
  hd_free(library);
}

hd_library *hd_library_make(const heddle_module *module, hd_problem *problem) {
  if (!check_module(module, problem))
    return NULL;
  hd_library *library = hd_calloc(1, sizeof(*library));
  hd_definition *definitions = hd_calloc(module->count, sizeof(*definitions));
  if (library == NULL || definitions == NULL) {
    hd_free(library);
    hd_free(definitions);
    return refuse(problem, "ERR_HEDDLE_NO_MEMORY", "out of memory");
  }
  library->module = module;
  library->definitions = definitions;
  for (size_t i = 0; i < module->count; i++) {
    const heddle_task *task = task_at(module, i);
    char reason[200] = "";
    if (!check_task(module, i, problem)) {
      hd_library_free(library);
      return NULL;
    }
    definitions[i].task = task;
    if (!hd_signature_parse(&definitions[i].signature, task->signature, reason, sizeof(reason))) {
      hd_library_free(library);
      if (strcmp(reason, hd_error_no_memory.message) == 0)
        return refuse(problem, "ERR_HEDDLE_NO_MEMORY", "%s", reason);
      return refuse(problem, "ERR_HEDDLE_SIGNATURE", "the signature of task '%s' is wrong: %s",
                    task->name, reason);
    }
    library->count = i + 1; /* signatures to free */
  }
  return library;
}

/* ---- The table -------------------------------------------------------------- */

static void add(hd_library *library) {
  library->number = library_count++;
  atomic_store_explicit(&table[library->number], library, memory_order_release);
}

const hd_definition *hd_definition_find(double id) {
  if (!(id >= 0 && id < (double)HD_MAX_LIBRARIES * HD_MAX_TASKS))
    return NULL;
  uint32_t whole = (uint32_t)id;
  const hd_library *library =
      atomic_load_explicit(&table[whole / HD_MAX_TASKS], memory_order_acquire);
  uint32_t index = whole % HD_MAX_TASKS;
  return library != NULL && index < library->count ? &library->definitions[index] : NULL;
}

const hd_library *hd_library_builtin(const heddle_module *module, bool (*stop)(void),
                                     hd_problem *problem) {
  stop_tasks = stop;
  if (uv_mutex_init(&loading) != 0)
    return refuse(problem, "ERR_HEDDLE_START", "a mutex could not be made");
  hd_library *library = hd_library_make(module, problem);
  if (library != NULL)
    add(library);
  return library;
}

/* ---- Hooks ------------------------------------------------------------------ */

/* A C exit handler for each hook, registered right after its library was loaded:
 * so it runs before the library's own destructors. */
static void at_exit(void) {
  fini *newest = finis;
  bool idle = stop_tasks();
  if (newest == NULL)
    return;
  finis = newest->next;
  if (idle)
    newest->run(); /* else a task may still use what it would take down */
  hd_free(newest);
}

static bool run_init(const heddle_module *module, hd_problem *problem) {
  char reason[400] = "";
  fini *hook = NULL;
  if (module->fini != NULL) {
    hook = hd_malloc(sizeof(*hook));
    if (hook == NULL) {
      refuse(problem, "ERR_HEDDLE_NO_MEMORY", "out of memory");
      return false;
    }
  }
  if (module->init != NULL && module->init(reason, sizeof(reason)) != 0) {
    reason[sizeof(reason) - 1] = '\0';
    refuse(problem, "ERR_HEDDLE_INIT", "its init hook failed: %s",
           reason[0] == '\0' ? "it gave no reason" : reason);
    hd_free(hook);
    return false;
  }
  if (hook != NULL) {
    *hook = (fini){.run = module->fini, .next = finis};
    finis = hook;
    (void)atexit(at_exit); /* refused, the hook does not run */
  }
  return true;
}

/* ---- Loading ---------------------------------------------------------------- */

static const hd_library *find_handle(const void *handle) {
  for (uint32_t i = 0; i < library_count; i++) {
    const hd_library *library = atomic_load(&table[i]);
    if (library->handle == handle)
      return library;
  }
  return NULL;
}

/* Makes a library of an open one; NULL with the problem. */
static const hd_library *adopt(void *handle, hd_problem *problem) {
  const heddle_module *(*entry)(void);
  if (library_count == HD_MAX_LIBRARIES)
    return refuse(problem, "ERR_HEDDLE_LOAD", "there are %d libraries already", HD_MAX_LIBRARIES);
  void *symbol = hd_dl_symbol(handle, "heddle_module_get");
  if (symbol == NULL)
    return refuse(problem, "ERR_HEDDLE_NO_ENTRY_POINT",
                  "it exports no heddle_module_get(): HEDDLE_MODULE makes one");
  memcpy(&entry, &symbol, sizeof(entry));
  hd_library *library = hd_library_make(entry(), problem);
  if (library == NULL)
    return NULL;
  library->handle = handle;
  if (!run_init(library->module, problem)) {
    hd_library_free(library);
    return NULL;
  }
  add(library);
  return library;
}

static const hd_library *load(const char *path, hd_problem *problem) {
  char words[sizeof(problem->words)];
  void *handle;
  switch (hd_dl_open(path, &handle, words, sizeof(words))) {
  case HD_DL_UNRESOLVED:
    return refuse(problem, "ERR_HEDDLE_UNRESOLVED_SYMBOL", "%s", words);
  case HD_DL_FAILED:
    return refuse(problem, "ERR_HEDDLE_LOAD", "%s", words);
  default:
    break;
  }
  const hd_library *library = find_handle(handle);
  if (library == NULL) {
    library = adopt(handle, problem);
    if (library != NULL)
      return library; /* the handle is its own, for good */
  }
  hd_dl_close(handle); /* once too often opened, or refused */
  return library;
}

const hd_library *hd_library_load(const char *path, hd_problem *problem) {
  uv_mutex_lock(&loading);
  const hd_library *library = load(path, problem);
  uv_mutex_unlock(&loading);
  return library;
}
