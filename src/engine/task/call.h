/* A call: one run of one task on one thread, as the task's side of heddle.h sees
 * it. Lives on the runner's stack. */
#ifndef HD_CALL_H
#define HD_CALL_H

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "signature.h"

typedef struct hd_scratch hd_scratch;
typedef struct hd_input hd_input;

/* Who has steps run, and what they need of it. */
typedef struct hd_caller {
  const heddle_host *host; /* the functions that tasks call */
  /* Whether nobody wants the result any more. Any thread. */
  bool (*cancelled)(const struct hd_caller *caller);
  atomic_uint *progress; /* thousandths of a per cent; read by the loop's thread */
} hd_caller;

typedef struct hd_call {
  heddle_call base; /* first: a heddle_call * is an hd_call * */
  const hd_caller *caller;
  const hd_definition *definition;
  heddle_value result; /* what the task has set */
  char *room;          /* as a step's */
  size_t field;        /* the record's field that the next result goes to */
  hd_scratch *scratch; /* memory to free */
  hd_input **inputs;   /* one a bytes argument that is being read, or NULL */
  heddle_file *files;  /* that are being written */
} hd_call;

enum { HD_PROGRESS_DONE = 100000 };

/* ---- Functions of heddle_host ------------------------------------------- */

int hd_call_cancelled(const heddle_call *call);
void hd_call_progress(heddle_call *call, double fraction);
uint64_t hd_call_now(const heddle_call *call);
int hd_call_wait(heddle_call *call, double ms);
heddle_status hd_call_error(heddle_call *call, heddle_error_kind kind, const char *code, int number,
                            const char *format, va_list values);
heddle_status hd_call_system_error(heddle_call *call, int number, const char *syscall,
                                   const char *path);
void *hd_call_scratch(heddle_call *call, size_t size);

/* ---- For the files beside ----------------------------------------------- */

/* Sets the out-of-memory error. */
heddle_status hd_call_no_memory(hd_call *call);
void hd_call_free_scratch(hd_call *call, bool wipe);

#endif
