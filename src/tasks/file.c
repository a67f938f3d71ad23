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
  heddle_file *file = heddle_create(call, path->as.string);
  if (file == NULL)
    return HEDDLE_FAILED;
  uint64_t total = hd_task_total(call, DATA);
  uint64_t done = 0;
  heddle_status status;
  for (;;) {
    const void *data;
    size_t length;
    status = heddle_read(call, DATA, &data, &length);
    if (status != HEDDLE_OK || length == 0)
      break;
    status = heddle_write(call, file, data, length);
    if (status != HEDDLE_OK)
      break;
    done += length;
    hd_task_progress(call, done, total);
  }
  /* The first error stays. */
  heddle_status closed = heddle_close(call, file);
  return status == HEDDLE_OK ? closed : status;
}
