#include "fs.h"

#include <string.h>
#include <sys/stat.h>
#ifdef __linux__
#include <errno.h>
#include <sys/xattr.h>
#endif

#include "alloc.h"

#ifndef S_ISREG
#define S_ISREG(mode) (((mode)&S_IFMT) == S_IFREG)
#define S_ISDIR(mode) (((mode)&S_IFMT) == S_IFDIR)
#endif

enum { LARGEST_WRITE = 1 << 20, PERMISSIONS = 07777 };

static int done(uv_fs_t *request, int status) {
  uv_fs_req_cleanup(request);
  return status < 0 ? status : 0;
}

int hd_fs_about(uv_file file, uv_stat_t *about) {
  uv_fs_t request;
  int status = uv_fs_fstat(NULL, &request, file, NULL);
  *about = request.statbuf;
  if (done(&request, status) < 0)
    return status;
  if (S_ISDIR(about->st_mode))
    return UV_EISDIR;
  return S_ISREG(about->st_mode) ? 0 : HD_FS_NOT_REGULAR;
}

int hd_fs_open(const char *path, int flags, int mode, uv_file *file, uv_stat_t *about) {
  uv_fs_t request;
  /* Non-blocking: opening a FIFO would wait for its other end. */
  int opened = uv_fs_open(NULL, &request, path, flags | UV_FS_O_NONBLOCK, mode, NULL);
  if (done(&request, opened) < 0)
    return opened;
  int status = hd_fs_about(opened, about);
  if (status != 0)
    hd_fs_discard(opened);
  else
    *file = opened;
  return status;
}

int hd_fs_lstat(const char *path, uv_stat_t *about) {
  uv_fs_t request;
  int status = uv_fs_lstat(NULL, &request, path, NULL);
  *about = request.statbuf;
  return done(&request, status);
}

bool hd_fs_same(const uv_stat_t *one, const uv_stat_t *other) {
  return one->st_ino != 0 && one->st_ino == other->st_ino && one->st_dev == other->st_dev;
}

ptrdiff_t hd_fs_read(uv_file file, void *data, size_t length) {
  uv_fs_t request;
  uv_buf_t buffer = uv_buf_init(data, (unsigned)length);
  int got = uv_fs_read(NULL, &request, file, &buffer, 1, -1, NULL);
  uv_fs_req_cleanup(&request);
  return got;
}

int hd_fs_write(uv_file file, const void *data, size_t length) {
  const char *at = data;
  while (length > 0) {
    uv_fs_t request;
    size_t part = length < LARGEST_WRITE ? length : LARGEST_WRITE;
    uv_buf_t buffer = uv_buf_init((char *)at, (unsigned)part);
    int put = uv_fs_write(NULL, &request, file, &buffer, 1, -1, NULL);
    uv_fs_req_cleanup(&request);
    if (put <= 0)
      return put == 0 ? UV_EIO : put;
    at += put;
    length -= (size_t)put;
  }
  return 0;
}

int hd_fs_truncate(uv_file file) {
  uv_fs_t request;
  return done(&request, uv_fs_ftruncate(NULL, &request, file, 0, NULL));
}

int hd_fs_close(uv_file file) {
  uv_fs_t request;
  return done(&request, uv_fs_close(NULL, &request, file, NULL));
}

void hd_fs_discard(uv_file file) {
  (void)hd_fs_close(file);
}

int hd_fs_rename(const char *from, const char *to) {
  uv_fs_t request;
  return done(&request, uv_fs_rename(NULL, &request, from, to, NULL));
}

void hd_fs_unlink(const char *path) {
  uv_fs_t request;
  (void)done(&request, uv_fs_unlink(NULL, &request, path, NULL));
}

int hd_fs_realpath(const char *path, char **real) {
  uv_fs_t request;
  int status = uv_fs_realpath(NULL, &request, path, NULL);
  *real = NULL;
  if (status >= 0) {
    size_t size = strlen(request.ptr) + 1;
    *real = hd_malloc(size);
    if (*real == NULL)
      status = UV_ENOMEM;
    else
      memcpy(*real, request.ptr, size);
  }
  return done(&request, status);
}

int hd_fs_own(uv_file file, const uv_stat_t *mine, const uv_stat_t *other) {
  uv_fs_t request;
  int status = 0;
  bool moves = mine->st_uid != other->st_uid || mine->st_gid != other->st_gid;
  if (moves)
    status = done(&request, uv_fs_fchown(NULL, &request, file, (uv_uid_t)other->st_uid,
                                         (uv_gid_t)other->st_gid, NULL));
  int mode = (int)(other->st_mode & PERMISSIONS);
  if (status == 0 && (moves || mode != (int)(mine->st_mode & PERMISSIONS)))
    status = done(&request, uv_fs_fchmod(NULL, &request, file, mode, NULL));
  return status;
}

bool hd_fs_has_attributes(uv_file file) {
#ifdef __linux__
  char names[1024];
  ssize_t length = flistxattr(file, names, sizeof(names));
  if (length < 0)
    return errno == ERANGE;
  /* The system gives security labels to the new file by its own rules. */
  for (const char *name = names; name < names + length; name += strlen(name) + 1)
    if (strncmp(name, "security.", 9) != 0)
      return true;
#else
  (void)file;
#endif
  return false;
}
