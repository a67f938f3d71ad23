#include "input.h"

#include <string.h>

#include "open_files.h"

enum { BLOCK = 64 * 1024 };

static bool has_data(hd_call *call, uint32_t index) {
  if (index < call->base.argc &&
      (call->base.args[index].type == HEDDLE_BYTES ||
       call->base.args[index].type == HEDDLE_STRING || call->base.args[index].type == HEDDLE_FILE))
    return true;
  (void)heddle_error(&call->base, "ERR_HEDDLE_ARGUMENT", "%s: argument %u has no bytes to read",
                     call->definition->task->name, (unsigned)index + 1);
  return false;
}

static heddle_status failed(hd_call *call, int status, const char *syscall, const char *path) {
  if (status == HD_FS_NOT_REGULAR)
    return heddle_error(&call->base, "ERR_HEDDLE_NOT_A_FILE", "%s: not a regular file: '%s'",
                        call->definition->task->name, path);
  return hd_call_system_error(&call->base, status, syscall, path);
}

static bool open_file(hd_call *call, const char *path, hd_input *input) {
  int status = hd_fs_open(path, UV_FS_O_RDONLY, 0, &input->file, &input->about);
  if (status != 0) {
    /* A directory can be opened; Node fails when it reads. */
    (void)failed(call, status, status == UV_EISDIR ? "read" : "open", path);
    return false;
  }
  if (hd_output_destroys(call, &input->about)) {
    hd_fs_discard(input->file);
    (void)heddle_error(&call->base, "ERR_HEDDLE_ARGUMENT",
                       "%s: file '%s' cannot be read: it is being overwritten",
                       call->definition->task->name, path);
    return false;
  }
  input->is_file = true;
  input->left = input->about.st_size;
  input->unbounded = input->left == 0;
  return true;
}

static hd_input *input_open(hd_call *call, uint32_t index) {
  const heddle_value *value = &call->base.args[index];
  if (call->inputs == NULL) {
    size_t size = call->base.argc * sizeof(*call->inputs);
    call->inputs = hd_call_scratch(&call->base, size);
    if (call->inputs == NULL)
      return NULL;
    memset(call->inputs, 0, size);
  }
  hd_input *before = call->inputs[index]; /* heddle_read_all() may come again */
  call->inputs[index] = NULL;
  if (before != NULL && before->is_file)
    hd_fs_discard(before->file);
  bool is_file = value->type == HEDDLE_FILE;
  hd_input *input = hd_call_scratch(&call->base, sizeof(*input) + (is_file ? BLOCK : 0));
  if (input == NULL)
    return NULL;
  memset(input, 0, sizeof(*input));
  input->left = value->length;
  input->at = value->as.data;
  if (is_file) {
    input->block = (char *)(input + 1);
    if (!open_file(call, value->as.string, input))
      return NULL;
  }
  call->inputs[index] = input;
  return input;
}

/* A file has ended before its size. Some never have as much as they say, as those
 * of /sys; others have shrunk. */
static heddle_status check_end(hd_call *call, const hd_input *input, const char *path) {
  uv_stat_t now;
  int status = hd_fs_about(input->file, &now);
  if (status != 0)
    return failed(call, status, "fstat", path);
  if (now.st_size >= input->about.st_size)
    return HEDDLE_OK;
  return heddle_error(&call->base, "ERR_HEDDLE_FILE_CHANGED",
                      "%s: file '%s' shrank while it was read: %.0f bytes are missing",
                      call->definition->task->name, path, (double)input->left);
}

/* Reads at most `most` bytes of a file to `data`; *length 0 at the end. */
static heddle_status read_file(hd_call *call, uint32_t index, hd_input *input, void *data,
                               size_t most, size_t *length) {
  const char *path = call->base.args[index].as.string;
  if (!input->unbounded && input->left < most)
    most = (size_t)input->left;
  ptrdiff_t got = most == 0 ? 0 : hd_fs_read(input->file, data, most);
  if (got < 0)
    return failed(call, (int)got, "read", path);
  if (got == 0 && most > 0 && !input->unbounded) {
    heddle_status status = check_end(call, input, path);
    if (status != HEDDLE_OK)
      return status;
    input->left = 0;
  }
  if (!input->unbounded)
    input->left -= (size_t)got;
  input->ended = input->left == 0 && (!input->unbounded || got == 0);
  input->taken += (size_t)got;
  *length = (size_t)got;
  return HEDDLE_OK;
}

heddle_status hd_input_read(heddle_call *base, uint32_t index, const void **data, size_t *length) {
  hd_call *call = (hd_call *)base;
  if (!has_data(call, index))
    return HEDDLE_FAILED;
  if (heddle_cancelled(base))
    return HEDDLE_CANCELLED;
  hd_input *input = call->inputs == NULL ? NULL : call->inputs[index];
  if (input == NULL)
    input = input_open(call, index);
  if (input == NULL)
    return HEDDLE_FAILED;
  if (input->is_file) {
    heddle_status status = read_file(call, index, input, input->block, BLOCK, &input->length);
    *data = input->block;
    *length = input->length;
    return status;
  }
  *length = input->left < BLOCK ? (size_t)input->left : BLOCK;
  *data = input->at;
  if (*length > 0)
    input->at += *length;
  input->left -= *length;
  return HEDDLE_OK;
}

/* Reads what is left of an open file into one block of scratch memory. */
static heddle_status load(hd_call *call, uint32_t index, hd_input *input, const void **data,
                          size_t *length) {
  size_t room = input->unbounded ? BLOCK : (size_t)input->left;
  size_t used = 0;
  if (!input->unbounded && input->left > SIZE_MAX / 2)
    return hd_call_no_memory(call);
  char *all = hd_call_scratch(&call->base, room);
  while (all != NULL) {
    size_t got = 0;
    if (heddle_cancelled(&call->base))
      return HEDDLE_CANCELLED;
    if (used == room && input->unbounded) {
      char *more = hd_call_scratch(&call->base, room * 2);
      if (more == NULL)
        return HEDDLE_FAILED;
      memcpy(more, all, used);
      all = more;
      room *= 2;
    }
    size_t most = room - used < BLOCK * 4 ? room - used : BLOCK * 4;
    heddle_status status = read_file(call, index, input, all + used, most, &got);
    if (status != HEDDLE_OK)
      return status;
    if (got == 0) {
      *data = all;
      *length = used;
      return HEDDLE_OK;
    }
    used += got;
  }
  return HEDDLE_FAILED;
}

heddle_status hd_input_read_all(heddle_call *base, uint32_t index, const void **data,
                                size_t *length) {
  hd_call *call = (hd_call *)base;
  if (!has_data(call, index))
    return HEDDLE_FAILED;
  const heddle_value *value = &base->args[index];
  if (value->type != HEDDLE_FILE) {
    *data = value->as.data;
    *length = value->length;
    return HEDDLE_OK;
  }
  hd_input *input = input_open(call, index);
  return input == NULL ? HEDDLE_FAILED : load(call, index, input, data, length);
}

void hd_input_close_all(hd_call *call) {
  for (uint32_t i = 0; i < call->base.argc; i++)
    if (call->inputs[i] != NULL && call->inputs[i]->is_file)
      hd_fs_discard(call->inputs[i]->file);
}
