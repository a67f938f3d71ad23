/* How a task reads its bytes arguments, of memory or of files, and writes
 * files. On the worker thread of the call. */
#include "call.h"

#include <string.h>

#include "alloc.h"
#include "fs.h"

enum { BLOCK = 64 * 1024 };

struct hd_input {
  bool is_file;
  uv_file file;
  uint64_t left;  /* bytes to come; of a file as it was when it was opened */
  bool unbounded; /* a file without a size, as in /proc: read to its end */
  const char *at; /* memory: the next block */
  char *block;    /* file: BLOCK bytes */
};

struct heddle_file {
  heddle_file *next;
  uv_file file;
  char path[];
};

static bool has_data(hd_call *call, uint32_t index) {
  if (index < call->base.argc &&
      (call->base.args[index].type == HEDDLE_BYTES ||
       call->base.args[index].type == HEDDLE_STRING || call->base.args[index].type == HEDDLE_FILE))
    return true;
  (void)heddle_error(&call->base, "ERR_HEDDLE_ARGUMENT", "%s: argument %u has no bytes to read",
                     call->definition->task->name, (unsigned)index + 1);
  return false;
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
    if (!hd_fs_open(call, value->as.string, UV_FS_O_RDONLY, &input->file, &input->left))
      return NULL;
    input->is_file = true;
    input->unbounded = input->left == 0;
  }
  call->inputs[index] = input;
  return input;
}

/* Reads at most `most` bytes of a file to `data`; *length 0 at the end. */
static heddle_status read_file(hd_call *call, uint32_t index, hd_input *input, void *data,
                               size_t most, size_t *length) {
  const char *path = call->base.args[index].as.string;
  if (!input->unbounded && input->left < most)
    most = (size_t)input->left;
  if (most == 0) {
    *length = 0;
    return HEDDLE_OK;
  }
  ptrdiff_t got = hd_fs_read(call, input->file, path, data, most);
  if (got < 0)
    return HEDDLE_FAILED;
  if (got == 0 && !input->unbounded)
    return heddle_error(&call->base, "ERR_HEDDLE_FILE_CHANGED",
                        "%s: file '%s' shrank while it was read: %.0f bytes are missing",
                        call->definition->task->name, path, (double)input->left);
  if (!input->unbounded)
    input->left -= (size_t)got;
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
    *data = input->block;
    return read_file(call, index, input, input->block, BLOCK, length);
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
  if (call->inputs == NULL)
    return;
  for (uint32_t i = 0; i < call->base.argc; i++)
    if (call->inputs[i] != NULL && call->inputs[i]->is_file)
      hd_fs_discard(call->inputs[i]->file);
}

heddle_file *hd_output_create(heddle_call *base, const char *path) {
  hd_call *call = (hd_call *)base;
  if (path == NULL) {
    (void)heddle_error(base, "ERR_HEDDLE_ARGUMENT", "%s: heddle_create() needs a path",
                       call->definition->task->name);
    return NULL;
  }
  size_t size = strlen(path) + 1;
  heddle_file *file = hd_malloc(sizeof(*file) + size);
  if (file == NULL) {
    (void)hd_call_no_memory(call);
    return NULL;
  }
  memcpy(file->path, path, size);
  int flags = UV_FS_O_WRONLY | UV_FS_O_CREAT | UV_FS_O_TRUNC;
  if (!hd_fs_open(call, path, flags, &file->file, NULL)) {
    hd_free(file);
    return NULL;
  }
  file->next = call->files;
  call->files = file;
  return file;
}

/* Sets the error, and returns false, for what is no open file of this call. */
static bool is_open(hd_call *call, const heddle_file *file) {
  for (const heddle_file *open = call->files; open != NULL; open = open->next)
    if (open == file)
      return true;
  (void)heddle_error(&call->base, "ERR_HEDDLE_ARGUMENT", "%s: a file is not open",
                     call->definition->task->name);
  return false;
}

heddle_status hd_output_write(heddle_call *base, heddle_file *file, const void *data,
                              size_t length) {
  if (!is_open((hd_call *)base, file))
    return HEDDLE_FAILED;
  return hd_fs_write((hd_call *)base, file->file, file->path, data, length) ? HEDDLE_OK
                                                                            : HEDDLE_FAILED;
}

heddle_status hd_output_close(heddle_call *base, heddle_file *file) {
  hd_call *call = (hd_call *)base;
  if (!is_open(call, file))
    return HEDDLE_FAILED;
  heddle_file **link = &call->files;
  while (*link != file)
    link = &(*link)->next;
  *link = file->next;
  bool closed = hd_fs_close(call, file->file, file->path);
  hd_free(file);
  return closed ? HEDDLE_OK : HEDDLE_FAILED;
}

void hd_output_close_all(hd_call *call) {
  while (call->files != NULL) {
    heddle_file *file = call->files;
    call->files = file->next;
    hd_fs_discard(file->file);
    hd_free(file);
  }
}
