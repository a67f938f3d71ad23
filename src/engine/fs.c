#include "fs.h"

#include <sys/stat.h>

#ifndef S_ISREG
#define S_ISREG(mode) (((mode)&S_IFMT) == S_IFREG)
#define S_ISDIR(mode) (((mode)&S_IFMT) == S_IFDIR)
#endif

enum { LARGEST_WRITE = 1 << 20 };

static bool failed(hd_call *call, int number, const char *syscall, const char *path) {
  (void)hd_call_system_error(&call->base, number, syscall, path);
  return false;
}

static bool check_regular(hd_call *call, const char *path, uv_file file, uint64_t *size) {
  uv_fs_t request;
  int status = uv_fs_fstat(NULL, &request, file, NULL);
  uint64_t mode = request.statbuf.st_mode;
  uint64_t bytes = request.statbuf.st_size;
  uv_fs_req_cleanup(&request);
  if (status < 0)
    return failed(call, status, "fstat", path);
  if (S_ISDIR(mode))
    return failed(call, UV_EISDIR, "read", path);
  if (!S_ISREG(mode)) {
    (void)heddle_error(&call->base, "ERR_HEDDLE_NOT_A_FILE", "%s: not a regular file: '%s'",
                       call->definition->task->name, path);
    return false;
  }
  if (size != NULL)
    *size = bytes;
  return true;
}

bool hd_fs_open(hd_call *call, const char *path, int flags, uv_file *file, uint64_t *size) {
  uv_fs_t request;
  /* Non-blocking: opening a FIFO would wait for its other end. */
  int opened = uv_fs_open(NULL, &request, path, flags | UV_FS_O_NONBLOCK, 0666, NULL);
  uv_fs_req_cleanup(&request);
  if (opened < 0)
    return failed(call, opened, "open", path);
  if (!check_regular(call, path, opened, size)) {
    hd_fs_discard(opened);
    return false;
  }
  *file = opened;
  return true;
}

ptrdiff_t hd_fs_read(hd_call *call, uv_file file, const char *path, void *data, size_t length) {
  uv_fs_t request;
  uv_buf_t buffer = uv_buf_init(data, (unsigned)length);
  int got = uv_fs_read(NULL, &request, file, &buffer, 1, -1, NULL);
  uv_fs_req_cleanup(&request);
  if (got < 0)
    (void)failed(call, got, "read", path);
  return got;
}

bool hd_fs_write(hd_call *call, uv_file file, const char *path, const void *data, size_t length) {
  const char *at = data;
  while (length > 0) {
    uv_fs_t request;
    size_t part = length < LARGEST_WRITE ? length : LARGEST_WRITE;
    uv_buf_t buffer = uv_buf_init((char *)at, (unsigned)part);
    int put = uv_fs_write(NULL, &request, file, &buffer, 1, -1, NULL);
    uv_fs_req_cleanup(&request);
    if (put < 0)
      return failed(call, put, "write", path);
    at += put;
    length -= (size_t)put;
  }
  return true;
}

bool hd_fs_close(hd_call *call, uv_file file, const char *path) {
  uv_fs_t request;
  int status = uv_fs_close(NULL, &request, file, NULL);
  uv_fs_req_cleanup(&request);
  return status == 0 || failed(call, status, "close", path);
}

void hd_fs_discard(uv_file file) {
  uv_fs_t request;
  (void)uv_fs_close(NULL, &request, file, NULL);
  uv_fs_req_cleanup(&request);
}
