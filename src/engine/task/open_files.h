/* The files that a call has open, and where those that it reads and those that
 * it writes meet. On the worker thread of the call. */
#ifndef HD_OPEN_FILES_H
#define HD_OPEN_FILES_H

#include "call.h"
#include "fs.h"
#include "replace.h"

/* A bytes argument that is being read. */
struct hd_input {
  bool is_file;
  bool unbounded; /* a file without a size, as in /proc: read to its end */
  bool ended;     /* nothing is left to read */
  uv_file file;
  uv_stat_t about; /* the file, as it was opened */
  uint64_t left;   /* bytes to come; of a file as it was when it was opened */
  uint64_t taken;  /* bytes of the file that were read */
  const char *at;  /* memory: the next block */
  char *block;     /* file: room for a block */
  size_t length;   /* of what is in it */
};

/* A file that is being written. */
struct heddle_file {
  heddle_file *next;
  hd_replace target;
  bool met;               /* `source` is known */
  bool verbatim;          /* what was written is what `source` has there */
  const hd_input *source; /* an argument that is the target itself, by any name; or NULL */
  uint64_t written;
  char path[];
};

/* The argument, read before, that is this file; or NULL. */
const hd_input *hd_input_of(const hd_call *call, const uv_stat_t *file);

/* Whether what this file had is gone already. */
bool hd_output_destroys(const hd_call *call, const uv_stat_t *about);

#endif
