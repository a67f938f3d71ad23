/* Libraries of tasks: the built-in one and plugins. One table for the process,
 * so that environments share a library; what is in it stays until the process
 * ends, and so does the library itself: its tasks may be on any thread. */
#ifndef HD_LIBRARY_H
#define HD_LIBRARY_H

#include "signature.h"

/* The oldest ABI whose libraries this host runs. */
enum { HD_OLDEST_ABI = 1 };

enum {
  HD_MAX_LIBRARIES = 1024,
  HD_MAX_TASKS = 4096, /* of one library */
};

/* Immutable once it is in the table. */
typedef struct hd_library {
  uint32_t number;
  size_t count;
  hd_definition *definitions; /* its tasks */
  const heddle_module *module;
  void *handle; /* NULL for the built-in one */
} hd_library;

/* Why a library was refused. */
typedef struct hd_problem {
  const char *code;
  char words[600];
} hd_problem;

/* Puts the built-in module into the table, as library 0. Once a process, before
 * all other functions. `stop`, called when the process exits, stops all tasks and
 * says whether none runs any more. NULL with the problem when the module is not
 * well formed. */
const hd_library *hd_library_builtin(const heddle_module *module, bool (*stop)(void),
                                     hd_problem *problem);

/* Loads the library at an absolute path, checks it, runs its init hook and puts
 * it into the table; or finds it there. NULL with the problem. Any thread. */
const hd_library *hd_library_load(const char *path, hd_problem *problem);

/* The id of a task, by which JavaScript names it. */
static inline double hd_definition_id(const hd_library *library, size_t index) {
  return (double)library->number * HD_MAX_TASKS + (double)index;
}

/* The task of this id, or NULL. Any thread. */
const hd_definition *hd_definition_find(double id);

/* ---- Parts, for tests --------------------------------------------------- */

/* Checks a module and parses its signatures. NULL with the problem. */
hd_library *hd_library_make(const heddle_module *module, hd_problem *problem);
void hd_library_free(hd_library *library);

#endif
