/* heddle.h: the interface between heddle and a native task.
 *
 * A task is a C function that does CPU work on a thread which is not
 * JavaScript's. It reads its arguments from the call it is given, sets one
 * result or one error on it, and returns a status. It never sees Node-API.
 *
 * Threads: every function below is called on the worker thread that runs the
 * task, from inside the task's `run`, unless its comment says otherwise. A
 * call belongs to that one thread; do not hand it to another one.
 *
 * Ownership: arguments belong to the caller and are read-only and alive until
 * `run` returns. Memory from heddle_scratch() and the results belong to the
 * call. Nothing is to be freed by the task.
 *
 * Threads of a loop: what takes a `const heddle_call *` may also be called on
 * the other threads of heddle_for(), by its body.
 *
 * Since: each function names the ABI version that brought it. A host with a
 * newer ABI runs older tasks; the other way round the library is refused.
 *
 * docs/c-api.md has all of it with examples.
 */
#ifndef HEDDLE_H
#define HEDDLE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "heddle_compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The ABI this header describes. */
#define HEDDLE_ABI 1

/* What a task returns. */
typedef enum heddle_status {
  HEDDLE_OK = 0,       /* the result was set (or the signature says void) */
  HEDDLE_FAILED = 1,   /* an error was set */
  HEDDLE_CANCELLED = 2 /* stopped because heddle_cancelled() said so */
} heddle_status;

/* Types of values. */
typedef enum heddle_type {
  HEDDLE_UNDEFINED = 0, /* an optional argument that was left out */
  HEDDLE_NULL,
  HEDDLE_BOOL,   /* boolean */
  HEDDLE_I32,    /* i32 */
  HEDDLE_U32,    /* u32 */
  HEDDLE_F64,    /* f64 */
  HEDDLE_I64,    /* i64, a bigint in JavaScript */
  HEDDLE_U64,    /* u64, a bigint in JavaScript */
  HEDDLE_STRING, /* string: UTF-8, length in bytes, followed by a NUL */
  HEDDLE_BYTES,  /* bytes: length in bytes */
  HEDDLE_ARRAY,  /* a typed array: length in elements of `element` */
  HEDDLE_FILE,   /* file(path) in place of bytes: string holds the path */
  HEDDLE_RECORD  /* a result with named fields; never an argument */
} heddle_type;

/* Elements of typed arrays, named as in signatures ("f64[]"). */
typedef enum heddle_element {
  HEDDLE_ELEMENT_NONE = 0,
  HEDDLE_ELEMENT_I8,
  HEDDLE_ELEMENT_U8,
  HEDDLE_ELEMENT_U8C, /* Uint8ClampedArray */
  HEDDLE_ELEMENT_I16,
  HEDDLE_ELEMENT_U16,
  HEDDLE_ELEMENT_I32,
  HEDDLE_ELEMENT_U32,
  HEDDLE_ELEMENT_F32,
  HEDDLE_ELEMENT_F64,
  HEDDLE_ELEMENT_I64, /* BigInt64Array */
  HEDDLE_ELEMENT_U64, /* BigUint64Array */
  HEDDLE_ELEMENT_F16  /* Float16Array: the bits of IEEE 754's binary16 in a uint16_t */
} heddle_element;

/* A value: one argument, as the signature converted it. Read-only. */
typedef struct heddle_value {
  uint8_t type;    /* heddle_type */
  uint8_t element; /* heddle_element, for HEDDLE_ARRAY */
  uint16_t reserved;
  uint32_t reserved2;
  union {
    int32_t boolean; /* 0 or 1 */
    int32_t i32;
    uint32_t u32;
    double f64;
    int64_t i64;
    uint64_t u64;
    const char *string; /* STRING, FILE */
    const void *data;   /* BYTES, ARRAY; may be NULL when length is 0 */
  } as;
  size_t length; /* bytes of STRING, BYTES and FILE, elements of ARRAY */
} heddle_value;

/* Which JavaScript class an error becomes. */
typedef enum heddle_error_kind {
  HEDDLE_HEDDLE_ERROR = 0, /* HeddleError: an error of the task's own */
  HEDDLE_TYPE_ERROR,
  HEDDLE_RANGE_ERROR,
  HEDDLE_PLAIN_ERROR /* Error, with a code of the library beneath, as zlib's */
} heddle_error_kind;

typedef struct heddle_call heddle_call;
typedef struct heddle_file heddle_file;

/* The body of a loop: works on begin..end-1. Runs on several threads at once;
 * see heddle_for(). */
typedef heddle_status (*heddle_body)(const heddle_call *call, size_t begin, size_t end, void *data);

/* The host's functions. Tasks use the inline functions below, which say what
 * each does. A later ABI only appends. */
typedef struct heddle_host {
  uint32_t abi;
  uint32_t size; /* bytes of this table */
  int (*cancelled)(const heddle_call *call);
  void (*progress)(heddle_call *call, double fraction);
  heddle_status (*error)(heddle_call *call, heddle_error_kind kind, const char *code, int number,
                         const char *format, va_list values);
  heddle_status (*system_error)(heddle_call *call, int number, const char *syscall,
                                const char *path);
  void *(*scratch)(heddle_call *call, size_t size);
  heddle_status (*read)(heddle_call *call, uint32_t index, const void **data, size_t *length);
  heddle_status (*read_all)(heddle_call *call, uint32_t index, const void **data, size_t *length);
  heddle_file *(*create)(heddle_call *call, const char *path);
  heddle_status (*write)(heddle_call *call, heddle_file *file, const void *data, size_t length);
  heddle_status (*close)(heddle_call *call, heddle_file *file);
  uint64_t (*now)(const heddle_call *call);
  int (*wait)(heddle_call *call, double ms);
  void (*field)(heddle_call *call, const char *name);
  void (*result)(heddle_call *call, const heddle_value *value);
  void *(*result_bytes)(heddle_call *call, size_t length);
  void *(*result_resize)(heddle_call *call, size_t length);
  void *(*result_array)(heddle_call *call, heddle_element element, size_t length);
  heddle_status (*result_string)(heddle_call *call, const char *utf8, size_t length);
  heddle_status (*loop)(heddle_call *call, size_t count, size_t grain, heddle_body body,
                        void *data);
} heddle_host;

/* The public head of a call; the rest is the host's. */
struct heddle_call {
  const heddle_host *host;
  const heddle_value *args;
  uint32_t argc; /* always the number the signature declares */
};

/* A task's flags. */
#define HEDDLE_UNINTERRUPTIBLE 1u /* cannot poll heddle_cancelled() within a ms of work */
#define HEDDLE_SECRET 2u          /* arguments and results are wiped before they are freed */
#define HEDDLE_COPY 8u     /* arguments of up to 1 MiB are copied: they cost far more to work on */
#define HEDDLE_PARALLEL 4u /* calls heddle_for(): threads are asked for when it is submitted */
#define HEDDLE_PARALLEL_LARGE 16u /* the same, when its arguments have 4 MiB or more together */

/* A task: its name, its signature and its function.
 *
 * The signature drives checking, conversion and the words of errors:
 *
 *   parameters -> result        "data: bytes, value?: u32 = 0 -> f64"
 *   parameter    [name [?] :] type [= default]
 *   type         bool i32 u32 f64 i64 u64 string bytes
 *                i8[] u8[] u8c[] i16[] u16[] i32[] u32[] f16[] f32[] f64[] i64[] u64[]
 *                array (any typed array but a Float16Array)  any[] (any)
 *                { name?: type = default, ... } an options object, last; its
 *                fields are arguments of their own, in this order
 *   bounds       i32(1..9), f64(0..) on numbers; string(hex|base64) on strings
 *   result       void null bool i32 u32 f64 i64 u64 string bytes T[] array
 *                record (any named fields), or several of them joined by |; or
 *                { name[?]: type [| type], ... } a record with just these fields
 *
 * A parameter without a name is called by its position. An optional parameter
 * without a default arrives as HEDDLE_UNDEFINED. `bytes` takes strings too, as
 * UTF-8, and file(path): read such an argument with heddle_read() or
 * heddle_read_all(). */
typedef struct heddle_task {
  const char *name;
  const char *signature;
  heddle_status (*run)(heddle_call *call);
  uint32_t flags;
} heddle_task;

/* A library of tasks, which the library's heddle_module_get() returns; see
 * HEDDLE_MODULE. All of it lives as long as the library. The first two fields
 * are the same in every ABI. */
typedef struct heddle_module {
  uint32_t abi;  /* HEDDLE_ABI */
  uint32_t size; /* sizeof(heddle_module) */
  const char *name;
  const heddle_task *tasks;
  size_t count;
  size_t task_size; /* sizeof(heddle_task) */

  /* Called once a process, when the library is first loaded, on the thread that
   * loads it and before any task runs; may be NULL. Returns 0, or anything else
   * to be refused, with the reason as at most `size` bytes of UTF-8 with NUL. */
  int (*init)(char *reason, size_t size);

  /* Called once a process, when it exits by itself and no task runs; may be
   * NULL. On the thread that exits. */
  void (*fini)(void);
} heddle_module;

/* What a library exports. Since ABI 1. */
HEDDLE_EXPORT const heddle_module *heddle_module_get(void);

/* Defines heddle_module_get() for an array of tasks, at file scope and once a
 * library. Since ABI 1. */
#define HEDDLE_MODULE(name, tasks) HEDDLE_MODULE_WITH(name, tasks, NULL, NULL)

/* The same with hooks, either of which may be NULL. Since ABI 1. */
#define HEDDLE_MODULE_WITH(name, tasks, init, fini)                                                \
  const heddle_module *heddle_module_get(void) {                                                   \
    static const heddle_module heddle_module_ = {HEDDLE_ABI,                                       \
                                                 (uint32_t)sizeof(heddle_module),                  \
                                                 (name),                                           \
                                                 (tasks),                                          \
                                                 sizeof(tasks) / sizeof((tasks)[0]),               \
                                                 sizeof(heddle_task),                              \
                                                 (init),                                           \
                                                 (fini)};                                          \
    return &heddle_module_;                                                                        \
  }

/* ---- Control ------------------------------------------------------------ */

/* Whether the result is no longer wanted: stop soon and return
 * HEDDLE_CANCELLED. Costs a few nanoseconds; poll at least once per
 * millisecond of work. Since ABI 1. */
static inline int heddle_cancelled(const heddle_call *call) {
  return call->host->cancelled(call);
}

/* Reports progress: `fraction` in 0..1, never less than before. Since ABI 1. */
static inline void heddle_progress(heddle_call *call, double fraction) {
  call->host->progress(call, fraction);
}

/* Monotonic time in nanoseconds. Since ABI 1. */
static inline uint64_t heddle_now(const heddle_call *call) {
  return call->host->now(call);
}

/* Sleeps for `ms`, or less when cancelled; returns whether it was cancelled,
 * within a millisecond or so. Since ABI 1. */
static inline int heddle_wait(heddle_call *call, double ms) {
  return call->host->wait(call, ms);
}

/* ---- Loops -------------------------------------------------------------- */

/* Runs body(call, begin, end, data) until every index of 0..count-1 was in one
 * range, on this thread and on others that are idle: which, and how many, is
 * not known beforehand, and there may be none. Ranges are `grain` long (the last
 * one may be shorter) and begin at multiples of it; 0 leaves that to the host.
 * A range should take from 10 microseconds to a millisecond.
 *
 * The body may read what `data` points at and write to places of its own; of
 * the call it uses what takes a const one. When it returns anything but
 * HEDDLE_OK, or the call is cancelled, no more ranges begin. All of them are
 * over when this returns: HEDDLE_OK, HEDDLE_CANCELLED, or what the body returned
 * first, for the task to return; the task sets the error. Not from inside a
 * body. Give the task HEDDLE_PARALLEL, so that others are there in time. Since
 * ABI 1. */
static inline heddle_status heddle_for(heddle_call *call, size_t count, size_t grain,
                                       heddle_body body, void *data) {
  return call->host->loop(call, count, grain, body, data);
}

/* ---- Memory ------------------------------------------------------------- */

/* Memory for the time of the call, aligned as malloc's and freed by the host.
 * NULL when there is none: the out-of-memory error is then already set, so
 * return HEDDLE_FAILED. Since ABI 1. */
static inline void *heddle_scratch(heddle_call *call, size_t size) {
  return call->host->scratch(call, size);
}

/* ---- Errors ------------------------------------------------------------- */

/* Sets the error and returns HEDDLE_FAILED, so that a task can return it. The
 * first error stays. `code` and the text are copied. Since ABI 1. */
HEDDLE_PRINTF(3, 4)
static inline heddle_status heddle_error(heddle_call *call, const char *code, const char *format,
                                         ...) {
  va_list values;
  va_start(values, format);
  heddle_status status = call->host->error(call, HEDDLE_HEDDLE_ERROR, code, 0, format, values);
  va_end(values);
  return status;
}

/* The same with the class of the error and, unless 0, its `errno`. Since ABI 1. */
HEDDLE_PRINTF(5, 6)
static inline heddle_status heddle_error_as(heddle_call *call, heddle_error_kind kind,
                                            const char *code, int number, const char *format, ...) {
  va_list values;
  va_start(values, format);
  heddle_status status = call->host->error(call, kind, code, number, format, values);
  va_end(values);
  return status;
}

/* An error of the operating system as Node words it (`ENOENT: no such file or
 * directory, open 'x'`, with errno, syscall and path). `number` is libuv's,
 * negative; `path` may be NULL. Since ABI 1. */
static inline heddle_status heddle_system_error(heddle_call *call, int number, const char *syscall,
                                                const char *path) {
  return call->host->system_error(call, number, syscall, path);
}

/* ---- Arguments ---------------------------------------------------------- */

/* The argument at `index`, which must be less than call->argc.
 *
 * The accessors below read one field of it. Where HEDDLE_DEBUG is defined before
 * this header, as `heddle build --debug` does, they and this end the process with
 * words when the index or the type is wrong (heddle_debug.h); elsewhere nothing
 * is checked. Since ABI 1. */
static inline const heddle_value *heddle_arg(const heddle_call *call, uint32_t index) {
  return &call->args[index];
}

/* Whether an optional argument was given. Since ABI 1. */
static inline int heddle_arg_given(const heddle_call *call, uint32_t index) {
  return call->args[index].type != HEDDLE_UNDEFINED;
}

/* 0 or 1. Since ABI 1. */
static inline int heddle_arg_bool(const heddle_call *call, uint32_t index) {
  return call->args[index].as.boolean;
}

/* Since ABI 1. */
static inline int32_t heddle_arg_i32(const heddle_call *call, uint32_t index) {
  return call->args[index].as.i32;
}

/* Since ABI 1. */
static inline uint32_t heddle_arg_u32(const heddle_call *call, uint32_t index) {
  return call->args[index].as.u32;
}

/* Since ABI 1. */
static inline double heddle_arg_f64(const heddle_call *call, uint32_t index) {
  return call->args[index].as.f64;
}

/* Since ABI 1. */
static inline int64_t heddle_arg_i64(const heddle_call *call, uint32_t index) {
  return call->args[index].as.i64;
}

/* Since ABI 1. */
static inline uint64_t heddle_arg_u64(const heddle_call *call, uint32_t index) {
  return call->args[index].as.u64;
}

/* UTF-8 with a NUL behind it; heddle_arg_length() says how many bytes. Since ABI 1. */
static inline const char *heddle_arg_string(const heddle_call *call, uint32_t index) {
  return call->args[index].as.string;
}

/* The elements of a typed array; `element` is what the signature says, and only
 * looked at with HEDDLE_DEBUG. May be NULL when there are none. Since ABI 1. */
static inline const void *heddle_arg_array(const heddle_call *call, uint32_t index,
                                           heddle_element element) {
  (void)element;
  return call->args[index].as.data;
}

/* Bytes of a string, elements of a typed array, bytes of a bytes argument that is
 * no file. Since ABI 1. */
static inline size_t heddle_arg_length(const heddle_call *call, uint32_t index) {
  return call->args[index].length;
}

/* The next block of a bytes argument: of memory or of a file, at most 64 KiB,
 * valid until the next read of that argument. At the end `*length` is 0.
 * Returns HEDDLE_CANCELLED when cancelled and HEDDLE_FAILED with the error set
 * when the file cannot be read. One pass per argument. Since ABI 1. */
static inline heddle_status heddle_read(heddle_call *call, uint32_t index, const void **data,
                                        size_t *length) {
  return call->host->read(call, index, data, length);
}

/* All of a bytes argument at once; a file is read into scratch memory. Not
 * after heddle_read() of the same argument. Since ABI 1. */
static inline heddle_status heddle_read_all(heddle_call *call, uint32_t index, const void **data,
                                            size_t *length) {
  return call->host->read_all(call, index, data, length);
}

/* ---- Files -------------------------------------------------------------- */

/* Creates a regular file (mode 0666 less umask), or overwrites one, which keeps
 * its mode. `path` is UTF-8. NULL when that failed: the error is set.
 *
 * The new content is in the file once heddle_close() has returned HEDDLE_OK;
 * until then, and when the task fails or is cancelled, the file has its old
 * content, or is not there. What is written goes to a temporary file in the
 * same folder, which is renamed over `path` (over what it links to) in the end.
 * A file that has other names by hard links, or that cannot be replaced without
 * a loss (the folder may not be written, its owner could not be kept), is
 * overwritten in place, from the first write on.
 *
 * A file that is not closed when `run` returns is closed by the host, and has
 * its new content if the task fulfils. Since ABI 1. */
static inline heddle_file *heddle_create(heddle_call *call, const char *path) {
  return call->host->create(call, path);
}

/* Writes all of `data`. Where the file is a bytes argument of this call too, and
 * is overwritten in place, what is yet to be read of it would be lost: that
 * fails, unless what is written are the blocks that heddle_read() gives, as they
 * are. Such a copy onto itself changes nothing. Since ABI 1. */
static inline heddle_status heddle_write(heddle_call *call, heddle_file *file, const void *data,
                                         size_t length) {
  return call->host->write(call, file, data, length);
}

/* Closes the file and gives it its new content; `file` is gone afterwards, also
 * on failure. Leaves the old content, and returns HEDDLE_FAILED, when the call
 * has an error, HEDDLE_CANCELLED when it is cancelled. Since ABI 1. */
static inline heddle_status heddle_close(heddle_call *call, heddle_file *file) {
  return call->host->close(call, file);
}

/* ---- Results ------------------------------------------------------------ */
/* A later result replaces an earlier one. Within a record, call heddle_field()
 * before each. Functions that return a pointer return NULL when there is no
 * memory: the error is then already set, so return HEDDLE_FAILED. */

/* Makes the result a record, if it is none yet, and directs the next result to
 * its field `name` (copied). At most 64 fields. Since ABI 1. */
static inline void heddle_field(heddle_call *call, const char *name) {
  call->host->field(call, name);
}

/* Since ABI 1. */
static inline void heddle_result_null(heddle_call *call) {
  heddle_value value = {HEDDLE_NULL, 0, 0, 0, {0}, 0};
  call->host->result(call, &value);
}

/* Since ABI 1. */
static inline void heddle_result_bool(heddle_call *call, int boolean) {
  heddle_value value = {HEDDLE_BOOL, 0, 0, 0, {0}, 0};
  value.as.boolean = boolean != 0;
  call->host->result(call, &value);
}

/* A number. Since ABI 1. */
static inline void heddle_result_i32(heddle_call *call, int32_t number) {
  heddle_value value = {HEDDLE_I32, 0, 0, 0, {0}, 0};
  value.as.i32 = number;
  call->host->result(call, &value);
}

/* A number. Since ABI 1. */
static inline void heddle_result_u32(heddle_call *call, uint32_t number) {
  heddle_value value = {HEDDLE_U32, 0, 0, 0, {0}, 0};
  value.as.u32 = number;
  call->host->result(call, &value);
}

/* A number. Since ABI 1. */
static inline void heddle_result_f64(heddle_call *call, double number) {
  heddle_value value = {HEDDLE_F64, 0, 0, 0, {0}, 0};
  value.as.f64 = number;
  call->host->result(call, &value);
}

/* A bigint. Since ABI 1. */
static inline void heddle_result_i64(heddle_call *call, int64_t number) {
  heddle_value value = {HEDDLE_I64, 0, 0, 0, {0}, 0};
  value.as.i64 = number;
  call->host->result(call, &value);
}

/* A bigint. Since ABI 1. */
static inline void heddle_result_u64(heddle_call *call, uint64_t number) {
  heddle_value value = {HEDDLE_U64, 0, 0, 0, {0}, 0};
  value.as.u64 = number;
  call->host->result(call, &value);
}

/* A string, copied from `length` bytes of UTF-8. Since ABI 1. */
static inline heddle_status heddle_result_string(heddle_call *call, const char *utf8,
                                                 size_t length) {
  return call->host->result_string(call, utf8, length);
}

/* A Buffer of `length` bytes, uninitialised, for the task to fill: it goes to
 * JavaScript without a copy when it is large. Since ABI 1. */
static inline void *heddle_result_bytes(heddle_call *call, size_t length) {
  return call->host->result_bytes(call, length);
}

/* Grows or shrinks the Buffer set last by heddle_result_bytes(), keeping what
 * fits; the memory may move. Since ABI 1. */
static inline void *heddle_result_resize(heddle_call *call, size_t length) {
  return call->host->result_resize(call, length);
}

/* A typed array of `length` elements, uninitialised. Since ABI 1. */
static inline void *heddle_result_array(heddle_call *call, heddle_element element, size_t length) {
  return call->host->result_array(call, element, length);
}

/* Bytes of one element; 1 for HEDDLE_ELEMENT_NONE and 0 for what is no
 * heddle_element. Any thread. Since ABI 1. */
static inline size_t heddle_element_size(heddle_element element) {
  static const uint8_t sizes[] = {1, 1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 2};
  return (size_t)element < sizeof(sizes) ? sizes[element] : 0;
}

#ifdef __cplusplus
}
#endif

#ifdef HEDDLE_DEBUG
#include "heddle_debug.h"
#endif

#endif
