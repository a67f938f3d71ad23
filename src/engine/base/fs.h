/* Regular files, by libuv's synchronous calls. Any thread. Functions return 0
 * or libuv's error, which is negative; their callers word it. */
#ifndef HD_FS_H
#define HD_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

/* What hd_fs_open() returns for a FIFO or a device, which could block for
 * ever. A directory is UV_EISDIR. */
enum { HD_FS_NOT_REGULAR = 1 };

/* Opens a regular file, and says what it is. */
int hd_fs_open(const char *path, int flags, int mode, uv_file *file, uv_stat_t *about);

/* What an open file is now; refused as hd_fs_open() refuses it. */
int hd_fs_about(uv_file file, uv_stat_t *about);

/* Of the name itself, also where it is a symbolic link. */
int hd_fs_lstat(const char *path, uv_stat_t *about);

/* Whether these are one file. A file system that numbers no files has none
 * that are the same. */
bool hd_fs_same(const uv_stat_t *one, const uv_stat_t *other);

/* Bytes read, 0 at the end, or the error. */
ptrdiff_t hd_fs_read(uv_file file, void *data, size_t length);
/* Writes all of it. */
int hd_fs_write(uv_file file, const void *data, size_t length);
int hd_fs_truncate(uv_file file);
int hd_fs_close(uv_file file);

/* Closes without a word: on paths that already have an error, or only read. */
void hd_fs_discard(uv_file file);

int hd_fs_rename(const char *from, const char *to);
void hd_fs_unlink(const char *path);

/* The path without symbolic links, to hd_free(). */
int hd_fs_realpath(const char *path, char **real);

/* Gives the file the owner, group and mode of another, of which `mine` are its
 * own so far. */
int hd_fs_own(uv_file file, const uv_stat_t *mine, const uv_stat_t *other);

/* Whether it has access lists or attributes that a new file would not have.
 * Known on Linux only. */
bool hd_fs_has_attributes(uv_file file);

#endif
