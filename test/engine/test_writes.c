/* io.c and fs.c: files that are written. */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

static heddle_status run_create(heddle_call *call) {
  heddle_file *file = heddle_create(call, heddle_arg(call, 0)->as.string);
  return file == NULL ? HEDDLE_FAILED : heddle_close(call, file);
}

static heddle_status run_write(heddle_call *call) {
  const char *path = heddle_arg(call, 0)->as.string;
  int parts = (int)heddle_arg(call, 1)->as.f64;
  static char part[3 * 1024 * 1024];
  heddle_file *other = heddle_create(call, heddle_arg(call, 2)->as.string);
  heddle_file *file = heddle_create(call, path);
  if (file == NULL || other == NULL)
    return HEDDLE_FAILED;
  memset(part, 'p', sizeof(part));
  for (int i = 0; i < parts; i++)
    if (heddle_write(call, file, part, sizeof(part)) != HEDDLE_OK)
      return HEDDLE_FAILED;
  if (heddle_write(call, file, part, 0) != HEDDLE_OK || heddle_write(call, file, "end", 3))
    return HEDDLE_FAILED;
  if (parts == 2) /* leaves both open: the host closes them */
    return HEDDLE_OK;
  return heddle_close(call, other) != HEDDLE_OK ? HEDDLE_FAILED : heddle_close(call, file);
}

static heddle_status run_write_full(heddle_call *call) {
  heddle_file *file = heddle_create(call, heddle_arg(call, 0)->as.string);
  if (file == NULL)
    return HEDDLE_FAILED;
  heddle_status status = HEDDLE_OK;
  for (int i = 0; i < 100 && status == HEDDLE_OK; i++)
    status = heddle_write(call, file, "0123456789", 10);
  CHECK_EQ(status, HEDDLE_FAILED);
  return status;
}

static void written(void) {
  begin_with_files();
  const hd_definition *write = define(&w, "write", "string, f64, string -> void", run_write, 0);
  for (int parts = 0; parts < 3; parts++) {
    char path[256];
    char other[256];
    struct stat about;
    (void)snprintf(path, sizeof(path), "%s/out", files_directory());
    (void)snprintf(other, sizeof(other), "%s/other", files_directory());
    (void)file_made("out", 50); /* is truncated */
    const outcome *o =
        run_with_files(write, (heddle_value[]){string_value(path, strlen(path)), f64(parts),
                                               string_value(other, strlen(other))});
    CHECK_EQ(o->state, HD_FULFILLED);
    CHECK(stat(path, &about) == 0 && about.st_size == 3 + parts * 3 * 1024 * 1024);
    CHECK(stat(other, &about) == 0 && about.st_size == 0);
  }
  const char *missing = "/nowhere/at/all";
  const outcome *o = run_with_files(define(&w, "create", "string -> void", run_create, 0),
                                    (heddle_value[]){string_value(missing, strlen(missing))});
  CHECK_TEXT(o->text, "ENOENT: no such file or directory, open '/nowhere/at/all'");
  end_with_files();
}

static void limited_writes(void) {
  begin_with_files();
  const char *path = path_of("full");
  struct rlimit small = {35, 35};
  (void)signal(SIGXFSZ, SIG_IGN); /* as Node does */
  NEED(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const outcome *o = run_with_files(define(&w, "full", "string -> void", run_write_full, 0),
                                    (heddle_value[]){string_value(path, strlen(path))});
  CHECK_TEXT(o->code, "EFBIG");
  CHECK(strstr(o->text, "EFBIG: file too large, write '") == o->text);
  end_with_files();
}

static const test tests[] = {
    {"files are written", written, 0}, {"a disk that is full", limited_writes, 0}, {NULL, NULL, 0}};

const suite writes_suite = {"writes", tests};
