#include "open_files.h"

const hd_input *hd_input_of(const hd_call *call, const uv_stat_t *file) {
  for (uint32_t i = 0; call->inputs != NULL && i < call->base.argc; i++)
    if (call->inputs[i] != NULL && call->inputs[i]->is_file &&
        hd_fs_same(&call->inputs[i]->about, file))
      return call->inputs[i];
  return NULL;
}

bool hd_output_destroys(const hd_call *call, const uv_stat_t *about) {
  for (const heddle_file *file = call->files; file != NULL; file = file->next)
    if (file->target.begun && hd_fs_same(&file->target.about, about))
      return true;
  return false;
}
