/* A regular file that is overwritten, so that it has all of its new content or
 * keeps its old. Any thread; each belongs to one. Functions return 0 or libuv's
 * error, hd_replace_open() also HD_FS_NOT_REGULAR.
 *
 * What is written goes to a temporary file in the same folder, which is renamed
 * over the target. Where that cannot be done, or would make another file of the
 * target than it was (other names by hard links, another owner, access lists),
 * the target is overwritten in place, from the first write on. */
#ifndef HD_REPLACE_H
#define HD_REPLACE_H

#include "fs.h"

typedef struct hd_replace {
  uv_file file;    /* that is written to: the temporary one, or in place the target */
  uv_stat_t about; /* the target as it was opened; zeros when there was none */
  bool is_new;
  bool begun;          /* in place: the old content is gone */
  char *temporary;     /* its path; NULL in place */
  char *place;         /* where it is renamed to: the target without symbolic links */
  const char *path;    /* the caller's */
  const char *syscall; /* that failed last */
} hd_replace;

/* Nothing of the target is changed yet. `path` stays the caller's, and lives
 * until the end. */
int hd_replace_open(hd_replace *r, const char *path);
int hd_replace_write(hd_replace *r, const void *data, size_t length);

/* These end it, commit also when it fails. Neither leaves a temporary file. */
int hd_replace_commit(hd_replace *r);
void hd_replace_discard(hd_replace *r);

#endif
