#include "output.h"

#include <string.h>

#include "alloc.h"
#include "open_files.h"

static heddle_status failed(hd_call *call, int status, const heddle_file *file) {
  if (status == UV_ENOMEM)
    return hd_call_no_memory(call);
  if (status == HD_FS_NOT_REGULAR)
    return heddle_error(&call->base, "ERR_HEDDLE_NOT_A_FILE", "%s: not a regular file: '%s'",
                        call->definition->task->name, file->path);
  return hd_call_system_error(&call->base, status, file->target.syscall, file->path);
}

heddle_file *hd_output_create(heddle_call *base, const char *path) {
  hd_call *call = (hd_call *)base;
  if (path == NULL) {
    (void)heddle_error(base, "ERR_HEDDLE_ARGUMENT", "%s: heddle_create() needs a path",
                       call->definition->task->name);
    return NULL;
  }
  size_t size = strlen(path) + 1;
  heddle_file *file = hd_calloc(1, sizeof(*file) + size);
  if (file == NULL) {
    (void)hd_call_no_memory(call);
    return NULL;
  }
  memcpy(file->path, path, size);
  int status = hd_replace_open(&file->target, file->path);
  if (status != 0) {
    (void)failed(call, status, file);
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

/* Whether this is the block read last, and lies so far from the file's start. */
static bool gave(const hd_input *input, uint64_t offset, const void *data, size_t length) {
  return data == input->block && length == input->length && offset + length == input->taken;
}

/* Before anything of the target is changed: whether the call reads it. */
static void meet(hd_call *call, heddle_file *file) {
  if (!file->met)
    file->source = hd_input_of(call, &file->target.about);
  file->verbatim = file->met ? file->verbatim : file->source != NULL;
  file->met = true;
}

/* Sets the error, and returns false, where the target would lose what is yet
 * to be read of it. */
static bool may_begin(hd_call *call, const heddle_file *file) {
  if (file->target.temporary != NULL || file->target.begun || file->source == NULL ||
      (file->source->ended && file->written == 0))
    return true;
  (void)heddle_error(&call->base, "ERR_HEDDLE_ARGUMENT",
                     "%s: file '%s' cannot be overwritten: it is being read",
                     call->definition->task->name, file->path);
  return false;
}

heddle_status hd_output_write(heddle_call *base, heddle_file *file, const void *data,
                              size_t length) {
  hd_call *call = (hd_call *)base;
  if (!is_open(call, file))
    return HEDDLE_FAILED;
  if (length == 0)
    return HEDDLE_OK;
  meet(call, file);
  file->verbatim = file->verbatim && gave(file->source, file->written, data, length);
  bool stays = file->verbatim && file->target.temporary == NULL;
  if (!stays && !may_begin(call, file))
    return HEDDLE_FAILED;
  int status = stays ? 0 : hd_replace_write(&file->target, data, length);
  if (status != 0)
    return failed(call, status, file);
  file->written += length;
  return HEDDLE_OK;
}

/* Puts what was written in the target's place, unless it is what the target
 * has. */
static heddle_status publish(hd_call *call, heddle_file *file) {
  if (heddle_cancelled(&call->base))
    return HEDDLE_CANCELLED;
  meet(call, file);
  bool same = file->verbatim && file->source->ended && file->written == file->source->taken;
  if (same || !may_begin(call, file)) {
    hd_replace_discard(&file->target);
    return same ? HEDDLE_OK : HEDDLE_FAILED;
  }
  int status = hd_replace_commit(&file->target);
  return status == 0 ? HEDDLE_OK : failed(call, status, file);
}

heddle_status hd_output_close(heddle_call *base, heddle_file *file) {
  hd_call *call = (hd_call *)base;
  if (!is_open(call, file))
    return HEDDLE_FAILED;
  heddle_file **link = &call->files;
  while (*link != file)
    link = &(*link)->next;
  *link = file->next;
  bool failed_before = call->result.type == HD_VALUE_ERROR;
  heddle_status status = failed_before ? HEDDLE_FAILED : publish(call, file);
  hd_replace_discard(&file->target);
  hd_free(file);
  return status;
}

heddle_status hd_output_close_all(hd_call *call, bool keep) {
  heddle_status status = HEDDLE_OK;
  while (call->files != NULL) {
    heddle_file *file = call->files;
    call->files = file->next;
    if (keep && status == HEDDLE_OK)
      status = publish(call, file);
    hd_replace_discard(&file->target);
    hd_free(file);
  }
  return status;
}
