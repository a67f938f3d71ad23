/* output.c and fs.c: files that are written. */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "failing_fs.h"
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

/* "string, bytes -> void" */
static heddle_status run_put(heddle_call *call) {
  heddle_file *file = heddle_create(call, heddle_arg(call, 0)->as.string);
  const heddle_value *data = heddle_arg(call, 1);
  if (file == NULL || heddle_write(call, file, data->as.data, data->length) != HEDDLE_OK)
    return HEDDLE_FAILED;
  return heddle_close(call, file);
}

/* The system may put less than it was given: the rest follows. What puts nothing
 * is an error, and not tried for ever. */
static void partial_writes(void) {
  enum { SIZE = 10007 };
  static char data[SIZE];
  static char found[SIZE + 1];
  char path[128];
  begin_with_files();
  (void)snprintf(path, sizeof(path), "%s/parts", files_directory());
  for (size_t i = 0; i < SIZE; i++)
    data[i] = (char)(i % 251);
  const hd_definition *put = define(&w, "put", "string, bytes -> void", run_put, 0);
  heddle_value args[] = {text_of(path), bytes(data, SIZE)};
  for (unsigned most = 1; most < SIZE * 10; most *= 10) {
    writes_put(most);
    CHECK_EQ(run_with_files(put, args)->state, HD_FULFILLED);
    FILE *file = fopen(path, "rb");
    NEED(file != NULL);
    CHECK_EQ(fread(found, 1, sizeof(found), file), SIZE);
    CHECK(memcmp(found, data, SIZE) == 0);
    NEED(fclose(file) == 0);
  }
  writes_put(0);
  CHECK_TEXT(run_with_files(put, args)->code, "EIO");
  CHECK_EQ(files_there(), 1);
  CHECK_EQ(about(path).st_size, SIZE);
  writes_put(UINT_MAX);
  end_with_files();
}

/* ---- Files that are read as well ------------------------------------------ */

/* "bytes, string, f64 -> void": copies; 1: with every byte one higher; 2: with
 * a line before; 3: all at once. */
static heddle_status run_copy(heddle_call *call) {
  int way = (int)heddle_arg(call, 2)->as.f64;
  const char *path = heddle_arg(call, 1)->as.string;
  static char changed[64 * 1024];
  heddle_file *file = heddle_create(call, path);
  if (file == NULL || (way == 2 && heddle_write(call, file, "line\n", 5) != HEDDLE_OK))
    return HEDDLE_FAILED;
  const void *data;
  size_t length;
  heddle_status status =
      way == 3 ? heddle_read_all(call, 0, &data, &length) : heddle_read(call, 0, &data, &length);
  while (status == HEDDLE_OK && length > 0) {
    for (size_t i = 0; way == 1 && i < length; i++)
      changed[i] = (char)(((const char *)data)[i] + 1);
    status = heddle_write(call, file, way == 1 ? changed : data, length);
    if (way == 3)
      break;
    if (status == HEDDLE_OK)
      status = heddle_read(call, 0, &data, &length);
  }
  return status == HEDDLE_OK ? heddle_close(call, file) : status;
}

static const outcome *copy(const char *from, const char *to, int way) {
  return run_with_files(define(&w, "copy", "bytes, string, f64 -> void", run_copy, 0),
                        (heddle_value[]){file_value(from, strlen(from)), text_of(to), f64(way)});
}

/* Gives it a time of long ago, which writing would change. */
static struct stat aged(const char *path) {
  NEED(utimensat(AT_FDCWD, path, (struct timespec[]){{1, 0}, {1, 0}}, 0) == 0);
  return about(path);
}

static bool untouched(const char *path, const struct stat *before) {
  struct stat now = about(path);
  return now.st_ino == before->st_ino && now.st_size == before->st_size && now.st_mtime == 1;
}

static void onto_itself(void) {
  char source[128];
  char name[128];
  char text[200];
  begin_with_files();
  (void)snprintf(source, sizeof(source), "%s", file_made("big", 200000));
  (void)snprintf(name, sizeof(name), "%s/name", files_directory());
  struct stat before = aged(source);
  CHECK_EQ(copy(source, source, 0)->state, HD_FULFILLED);
  CHECK(untouched(source, &before));
  NEED(symlink("big", name) == 0);
  CHECK_EQ(copy(name, source, 0)->state, HD_FULFILLED);
  CHECK_EQ(copy(source, name, 0)->state, HD_FULFILLED);
  CHECK(untouched(source, &before));

  /* By a temporary file, what is read stays until the end. */
  CHECK_EQ(copy(source, source, 1)->state, HD_FULFILLED);
  CHECK_EQ(copy(source, source, 2)->state, HD_FULFILLED);
  CHECK_EQ(about(source).st_size, 200005);
  end_with_files();

  begin_with_files();
  (void)snprintf(source, sizeof(source), "%s", file_made("big", 200000));
  (void)snprintf(name, sizeof(name), "%s/name", files_directory());
  NEED(link(source, name) == 0);
  before = aged(source);
  CHECK_EQ(copy(source, name, 0)->state, HD_FULFILLED);
  CHECK(untouched(source, &before));
  (void)snprintf(text, sizeof(text), "copy: file '%s' cannot be overwritten: it is being read",
                 name);
  EXPECT_ERROR(copy(source, name, 1), "ERR_HEDDLE_ARGUMENT", text);
  CHECK(untouched(source, &before));
  CHECK_EQ(copy(source, name, 3)->state, HD_FULFILLED);
  CHECK_EQ(about(source).st_size, 200000);
  CHECK_EQ(about(source).st_nlink, 2);
  (void)snprintf(text, sizeof(text), "copy: file '%s' cannot be read: it is being overwritten",
                 source);
  EXPECT_ERROR(copy(source, name, 2), "ERR_HEDDLE_ARGUMENT", text);
  end_with_files();
}

static const test tests[] = {{"files are written", written, 0},
                             {"a disk that is full", limited_writes, 0},
                             {"writes that put a part", partial_writes, 0},
                             {"a file written onto itself", onto_itself, 0},
                             {NULL, NULL, 0}};

const suite writes_suite = {"writes", tests};
