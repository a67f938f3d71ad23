#include "replace.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "alloc.h"

enum { COPIED_AT_ONCE = 16 * 1024, NEW_MODE = 0666, ATTEMPTS = 8 };

/* A hidden name, and short: it fits wherever a name does. */
static const char PREFIX[] = ".heddle-";
enum { DIGITS = 16 };

/* The name at the end of a path. NULL when that is no plain name of a file: a
 * folder's, or on Windows one with a drive or a stream. */
static const char *name_of(const char *path) {
  const char *name = path;
  for (const char *at = path; *at != '\0'; at++) {
#ifdef _WIN32
    if (*at == '\\')
      name = at + 1;
#endif
    if (*at == '/')
      name = at + 1;
  }
#ifdef _WIN32
  if (strchr(name, ':') != NULL)
    return NULL;
#endif
  bool plain = *name != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
  return plain ? name : NULL;
}

static bool is_link(const uv_stat_t *about) {
  return (about->st_mode & S_IFMT) == S_IFLNK;
}

/* Sets r->place when the target can be replaced by renaming; it stays NULL
 * when it cannot. */
static int find_place(hd_replace *r) {
  uv_stat_t named;
  int status = hd_fs_lstat(r->path, &named);
  if (r->is_new ? status != UV_ENOENT : status != 0)
    return 0; /* a link to nowhere, say */
  if (!r->is_new && is_link(&named)) {
    status = hd_fs_realpath(r->path, &r->place);
    if (status == 0)
      status = hd_fs_lstat(r->place, &named);
    if (status == UV_ENOMEM)
      return status;
  } else {
    size_t size = strlen(r->path) + 1;
    r->place = hd_malloc(size);
    if (r->place == NULL)
      return UV_ENOMEM;
    memcpy(r->place, r->path, size);
  }
  /* By number: devices are counted in several ways on Windows. */
  bool found = status == 0 && !is_link(&named) && named.st_ino == r->about.st_ino;
  if ((!r->is_new && !found) || (r->place != NULL && name_of(r->place) == NULL)) {
    hd_free(r->place);
    r->place = NULL;
  }
  return 0;
}

/* The errors of a folder that takes no new files, though its files may be
 * written. Others (no space, too many open files) would meet writing as well. */
static bool takes_no_files(int status) {
  return status == UV_EACCES || status == UV_EPERM || status == UV_EROFS || status == UV_ENOENT ||
         status == UV_ENAMETOOLONG || status == UV_EINVAL || status == UV_ENOSYS ||
         status == UV_ENOTSUP;
}

/* The errors of a target that is mounted, or open on Windows. */
static bool takes_no_rename(int status) {
  return takes_no_files(status) || status == UV_EBUSY || status == UV_EXDEV || status == UV_EEXIST;
}

/* Opens a new file beside r->place, of a name that nobody has. */
static int open_beside(const hd_replace *r, char *path, uv_file *file, uv_stat_t *about) {
  size_t folder = (size_t)(name_of(r->place) - r->place);
  int status = UV_EEXIST;
  for (int i = 0; i < ATTEMPTS && status == UV_EEXIST; i++) {
    uint64_t number;
    if (uv_random(NULL, NULL, &number, sizeof(number), 0, NULL) != 0)
      number = uv_hrtime() ^ (uint64_t)(uintptr_t)path;
    memcpy(path, r->place, folder);
    (void)snprintf(path + folder, sizeof(PREFIX) + DIGITS, "%s%016llx", PREFIX,
                   (unsigned long long)number);
    int flags = UV_FS_O_WRONLY | UV_FS_O_CREAT | UV_FS_O_EXCL;
    status = hd_fs_open(path, flags, r->is_new ? NEW_MODE : 0600, file, about);
  }
  return status;
}

static void close_target(hd_replace *r) {
  if (r->file >= 0)
    hd_fs_discard(r->file);
  r->file = -1;
}

static void forget_paths(hd_replace *r) {
  hd_free(r->temporary);
  hd_free(r->place);
  r->temporary = NULL;
  r->place = NULL;
}

/* Takes the way by a temporary file, where there is one: r->temporary is set
 * then. */
static int try_beside(hd_replace *r) {
  if (!r->is_new && (r->about.st_nlink > 1 || hd_fs_has_attributes(r->file)))
    return 0;
  int status = find_place(r);
  if (status != 0 || r->place == NULL)
    return status;
  char *path = hd_malloc(strlen(r->place) + sizeof(PREFIX) + DIGITS);
  if (path == NULL)
    return UV_ENOMEM;
  uv_file file = -1;
  uv_stat_t made;
  status = open_beside(r, path, &file, &made);
  if (status != 0) {
    hd_free(path);
    return r->is_new || takes_no_files(status) ? 0 : status;
  }
  /* A file that is mounted there is on another device. */
  if (!r->is_new && (made.st_dev != r->about.st_dev || hd_fs_has_attributes(file) ||
                     hd_fs_own(file, &made, &r->about) != 0)) {
    hd_fs_discard(file);
    hd_fs_unlink(path);
    hd_free(path);
    return 0;
  }
  close_target(r); /* Windows renames over no open file */
  r->file = file;
  r->temporary = path;
  return 0;
}

int hd_replace_open(hd_replace *r, const char *path) {
  *r = (hd_replace){.file = -1, .path = path, .syscall = "open"};
  /* Also where it will be renamed over: what may not be written is refused. */
  int status = hd_fs_open(path, UV_FS_O_WRONLY, 0, &r->file, &r->about);
  r->is_new = status == UV_ENOENT;
  if (status != 0 && !r->is_new)
    return status;
  status = try_beside(r);
  if (status == 0 && r->file < 0)
    status = hd_fs_open(path, UV_FS_O_WRONLY | UV_FS_O_CREAT, NEW_MODE, &r->file, &r->about);
  if (status != 0)
    close_target(r);
  if (status != 0 || r->temporary == NULL)
    forget_paths(r);
  return status;
}

/* In place: empties the target, once. */
static int begin(hd_replace *r) {
  if (r->temporary != NULL || r->begun)
    return 0;
  r->syscall = "ftruncate";
  int status = hd_fs_truncate(r->file);
  r->begun = status == 0;
  return status;
}

int hd_replace_write(hd_replace *r, const void *data, size_t length) {
  int status = begin(r);
  if (status != 0)
    return status;
  r->syscall = "write";
  return hd_fs_write(r->file, data, length);
}

/* Copies the temporary file into the target, for which renaming came to
 * nothing. Not to be stopped: the old content is gone. */
static int copy(hd_replace *r, uv_file from, uv_file to) {
  char block[COPIED_AT_ONCE];
  r->syscall = "ftruncate";
  int status = hd_fs_truncate(to);
  while (status == 0) {
    r->syscall = "read";
    ptrdiff_t got = hd_fs_read(from, block, sizeof(block));
    if (got <= 0)
      return (int)got;
    r->syscall = "write";
    status = hd_fs_write(to, block, (size_t)got);
  }
  return status;
}

static int copy_over(hd_replace *r, int refused) {
  uv_file from = -1;
  uv_stat_t about;
  int flags = UV_FS_O_WRONLY | (r->is_new ? UV_FS_O_CREAT : 0);
  if (hd_fs_open(r->temporary, UV_FS_O_RDONLY, 0, &from, &about) != 0)
    return refused;
  r->syscall = "open";
  int status = hd_fs_open(r->path, flags, NEW_MODE, &r->file, &about);
  if (status == 0)
    status = copy(r, from, r->file);
  hd_fs_discard(from);
  if (status != 0)
    return status;
  r->syscall = "close";
  status = hd_fs_close(r->file);
  r->file = -1;
  return status;
}

int hd_replace_commit(hd_replace *r) {
  int status = begin(r);
  if (status != 0) {
    hd_replace_discard(r);
    return status;
  }
  status = hd_fs_close(r->file);
  r->file = -1;
  r->syscall = "close";
  if (r->temporary != NULL && status == 0) {
    status = hd_fs_rename(r->temporary, r->place);
    r->syscall = "rename";
    if (status == 0)
      forget_paths(r); /* it is the target now */
    else if (takes_no_rename(status))
      status = copy_over(r, status);
  }
  hd_replace_discard(r);
  return status;
}

void hd_replace_discard(hd_replace *r) {
  close_target(r);
  if (r->temporary != NULL)
    hd_fs_unlink(r->temporary);
  forget_paths(r);
}
