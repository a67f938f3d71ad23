/* A bytes argument that is being read. Parts of input.c and output.c. */
#ifndef HD_INPUT_H
#define HD_INPUT_H

#include "call.h"
#include "fs.h"

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

/* The argument, read before, that is this file; or NULL. */
const hd_input *hd_input_of(const hd_call *call, const uv_stat_t *file);

/* Whether this is the block read last, and lies so far from the file's start. */
bool hd_input_gave(const hd_input *input, uint64_t offset, const void *data, size_t length);

#endif
