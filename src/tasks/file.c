/* writeFile: bytes, or another file, to a file, in blocks. */
#include <string.h>

#include "tasks.h"

heddle_status hd_task_write_file(heddle_call *call) {
  enum { PATH, DATA };
  const heddle_value *path = heddle_arg(call, PATH);
  if (strlen(path->as.string) != path->length)
    return heddle_error_as(call, HEDDLE_TYPE_ERROR, "ERR_HEDDLE_INVALID_ARG_TYPE", 0,
                           "writeFile: argument \"path\" must be without null bytes, got one after "
                           "\"%s\"",
                           path->as.string);
  /* Before the target is touched: there may be nothing to read. */
  const void *data;
  size_t length;
  heddle_status status = heddle_read(call, DATA, &data, &length);
  if (status != HEDDLE_OK)
    return status;
  heddle_file *file = heddle_create(call, path->as.string);
  if (file == NULL)
    return HEDDLE_FAILED;
  uint64_t total = hd_task_total(call, DATA);
  uint64_t done = 0;
  while (status == HEDDLE_OK && length > 0) {
    status = heddle_write(call, file, data, length);
    if (status != HEDDLE_OK)
      break;
    done += length;
    hd_task_progress(call, done, total);
    status = heddle_read(call, DATA, &data, &length);
  }
  /* A file that is not closed leaves the target as it was. */
  return status == HEDDLE_OK ? heddle_close(call, file) : status;
}
