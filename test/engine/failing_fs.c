#include "failing_fs.h"

#include <limits.h>
#include <stdatomic.h>
#include <uv.h>

static atomic_int renaming;
static atomic_int creating;
static atomic_uint lie;
static atomic_uint putting = UINT_MAX;

void rename_fails(int status) {
  atomic_store(&renaming, status);
}

void new_files_fail(int status) {
  atomic_store(&creating, status);
}

void sizes_lie(unsigned bytes) {
  atomic_store(&lie, bytes);
}

void writes_put(unsigned most) {
  atomic_store(&putting, most);
}

int __real_uv_fs_write(uv_loop_t *, uv_fs_t *, uv_file, const uv_buf_t[], unsigned, int64_t,
                       uv_fs_cb);
int __wrap_uv_fs_write(uv_loop_t *, uv_fs_t *, uv_file, const uv_buf_t[], unsigned, int64_t,
                       uv_fs_cb);
int __real_uv_fs_fstat(uv_loop_t *, uv_fs_t *, uv_file, uv_fs_cb);
int __wrap_uv_fs_fstat(uv_loop_t *, uv_fs_t *, uv_file, uv_fs_cb);
int __real_uv_fs_rename(uv_loop_t *, uv_fs_t *, const char *, const char *, uv_fs_cb);
int __wrap_uv_fs_rename(uv_loop_t *, uv_fs_t *, const char *, const char *, uv_fs_cb);
int __real_uv_fs_open(uv_loop_t *, uv_fs_t *, const char *, int, int, uv_fs_cb);
int __wrap_uv_fs_open(uv_loop_t *, uv_fs_t *, const char *, int, int, uv_fs_cb);

int __wrap_uv_fs_rename(uv_loop_t *loop, uv_fs_t *request, const char *from, const char *to,
                        uv_fs_cb done) {
  int status = atomic_load(&renaming);
  if (status == 0)
    return __real_uv_fs_rename(loop, request, from, to, done);
  (void)__real_uv_fs_rename(loop, request, "", "", done); /* the request is to be cleaned up */
  return status;
}

int __wrap_uv_fs_open(uv_loop_t *loop, uv_fs_t *request, const char *path, int flags, int mode,
                      uv_fs_cb done) {
  int status = (flags & UV_FS_O_EXCL) == 0 ? 0 : atomic_load(&creating);
  if (status == 0)
    return __real_uv_fs_open(loop, request, path, flags, mode, done);
  (void)__real_uv_fs_open(loop, request, "", 0, 0, done);
  return status;
}

int __wrap_uv_fs_fstat(uv_loop_t *loop, uv_fs_t *request, uv_file file, uv_fs_cb done) {
  int status = __real_uv_fs_fstat(loop, request, file, done);
  request->statbuf.st_size += atomic_load(&lie);
  return status;
}

/* The engine gives one buffer. */
int __wrap_uv_fs_write(uv_loop_t *loop, uv_fs_t *request, uv_file file, const uv_buf_t buffers[],
                       unsigned count, int64_t offset, uv_fs_cb done) {
  uv_buf_t less = buffers[0];
  unsigned most = atomic_load(&putting);
  less.len = less.len < most ? less.len : most;
  return __real_uv_fs_write(loop, request, file, &less, count, offset, done);
}
