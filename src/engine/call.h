/* A call: one run of one task on one thread, and the host's side of heddle.h.
 * Lives on the runner's stack. */
#ifndef HD_CALL_H
#define HD_CALL_H

#include <stdatomic.h>
#include <uv.h>

#include "group.h"

typedef struct hd_scratch hd_scratch;
typedef struct hd_input hd_input;

typedef struct hd_call {
  heddle_call base; /* first: a heddle_call * is an hd_call * */
  const hd_group *group;
  const hd_member *member;
  const hd_definition *definition;
  atomic_uint *progress; /* thousandths of a per cent; read by the loop's thread */
  heddle_value result;   /* what the task has set */
  size_t field;          /* the record's field that the next result goes to */
  hd_scratch *scratch;   /* memory to free */
  hd_input **inputs;     /* one a bytes argument that is being read, or NULL */
  heddle_file *files;    /* that are being written */
} hd_call;

enum { HD_PROGRESS_DONE = 100000 };

/* Runs a step and moves its result (HD_VALUE_ERROR when it failed) to
 * `result`. `previous` is the prior step's result, or NULL. Returns the
 * member's state: HD_FULFILLED, HD_REJECTED or HD_CANCELLED. */
unsigned hd_call_run(const hd_group *group, const hd_member *member, const hd_step *step,
                     const heddle_value *previous, atomic_uint *progress, heddle_value *result);

/* ---- Parts of the host, one file each ----------------------------------- */

extern const heddle_host hd_host;

/* Where the next result goes: the call's result, or the record's field. NULL
 * when an error was set. The place is empty. */
heddle_value *hd_call_place(hd_call *call);

void hd_result_field(heddle_call *call, const char *name);
void hd_result_set(heddle_call *call, const heddle_value *value);
void *hd_result_bytes(heddle_call *call, size_t length);
void *hd_result_resize(heddle_call *call, size_t length);
void *hd_result_array(heddle_call *call, heddle_element element, size_t length);
heddle_status hd_result_string(heddle_call *call, const char *utf8, size_t length);

heddle_status hd_call_error(heddle_call *call, heddle_error_kind kind, const char *code, int number,
                            const char *format, va_list values);
heddle_status hd_call_system_error(heddle_call *call, int number, const char *syscall,
                                   const char *path);
/* Sets the out-of-memory error. */
heddle_status hd_call_no_memory(hd_call *call);
void *hd_call_scratch(heddle_call *call, size_t size);

heddle_status hd_input_read(heddle_call *call, uint32_t index, const void **data, size_t *length);
heddle_status hd_input_read_all(heddle_call *call, uint32_t index, const void **data,
                                size_t *length);
void hd_input_close_all(hd_call *call);

heddle_file *hd_output_create(heddle_call *call, const char *path);
heddle_status hd_output_write(heddle_call *call, heddle_file *file, const void *data,
                              size_t length);
heddle_status hd_output_close(heddle_call *call, heddle_file *file);
/* Closes the files that the task has left open; `keep` gives them their new
 * content, which it says when it could not. */
heddle_status hd_output_close_all(hd_call *call, bool keep);
/* Whether what this file had is gone already. */
bool hd_output_destroys(const hd_call *call, const uv_stat_t *about);

#endif
