/* input.c and fs.c: bytes that are read, of memory and of files. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failing_fs.h"
#include "files.h"

static heddle_value file_of(const char *path) {
  return file_value(path, strlen(path));
}

/* "bytes -> f64": a sum over all blocks that depends on every place, negative
 * when a block is too large or the end does not last. */
static heddle_status run_blocks(heddle_call *call) {
  double sum = 0;
  size_t at = 0;
  const void *data;
  size_t length;
  for (;;) {
    heddle_status status = heddle_read(call, 0, &data, &length);
    if (status != HEDDLE_OK)
      return status;
    if (length == 0)
      break;
    if (length > 64 * 1024)
      return heddle_error(call, "ERR_TEST", "a block of %zu bytes", length);
    for (size_t i = 0; i < length; i++, at++)
      sum += (double)(((const unsigned char *)data)[i] * (at % 7 + 1));
  }
  for (int i = 0; i < 3; i++)
    if (heddle_read(call, 0, &data, &length) != HEDDLE_OK || length != 0)
      return heddle_error(call, "ERR_TEST", "the end does not last");
  heddle_result_f64(call, sum);
  return HEDDLE_OK;
}

static heddle_status run_all(heddle_call *call) {
  double sum = 0;
  const void *data;
  size_t length;
  heddle_status status = heddle_read_all(call, 0, &data, &length);
  if (status != HEDDLE_OK)
    return status;
  for (size_t at = 0; at < length; at++)
    sum += (double)(((const unsigned char *)data)[at] * (at % 7 + 1));
  heddle_result_f64(call, sum);
  return HEDDLE_OK;
}

static void of_every_size(void) {
  const size_t sizes[] = {0, 1, 65535, 65536, 65537, 2 * 65536, 4 * 65536, 262144 + 1, 1000 * 1000};
  begin_with_files();
  const hd_definition *blocks = define(&w, "blocks", "bytes -> f64", run_blocks, 0);
  const hd_definition *all = define(&w, "all", "bytes -> f64", run_all, 0);
  for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
    size_t size = sizes[s];
    unsigned char *memory = malloc(size == 0 ? 1 : size);
    NEED(memory != NULL);
    double wanted = 0;
    for (size_t i = 0; i < size; i++) {
      memory[i] = (unsigned char)(i % 251);
      wanted += (double)(memory[i] * (i % 7 + 1));
    }
    heddle_value mine[] = {bytes(size == 0 ? NULL : memory, size)};
    heddle_value text[] = {string_value((const char *)memory, size)};
    heddle_value file[] = {file_of(file_made("sized", size))};
    const heddle_value *inputs[] = {mine, text, file};
    for (int i = 0; i < 3; i++) {
      const outcome *o = run_with_files(blocks, inputs[i]);
      CHECK_EQ(o->state, HD_FULFILLED);
      CHECK(o->number == wanted);
      o = run_with_files(all, inputs[i]);
      CHECK_EQ(o->state, HD_FULFILLED);
      CHECK(o->number == wanted);
    }
    free(memory);
  }
  end_with_files();
}

/* Files of /proc say that they have no size. */
static void without_a_size(void) {
  begin_with_files();
  const outcome *o = run_with_files(k.length, (heddle_value[]){file_of("/proc/self/status")});
  CHECK_EQ(o->state, HD_FULFILLED);
  CHECK(o->number > 100);
  o = run_with_files(define(&w, "blocks", "bytes -> f64", run_blocks, 0),
                     (heddle_value[]){file_of("/proc/self/status")});
  CHECK_EQ(o->state, HD_FULFILLED);
  CHECK(o->number > 0);
  /* More than one block of it. */
  o = run_with_files(k.length, (heddle_value[]){file_of("/proc/kallsyms")});
  CHECK(o->state == HD_FULFILLED ? o->number > 65536 : o->number_of_error != 0);
  end_with_files();
}

static void expect(const hd_definition *definition, const char *path, const char *code,
                   const char *words) {
  char text[400];
  const outcome *o = run_with_files(definition, (heddle_value[]){file_of(path)});
  (void)snprintf(text, sizeof(text), words, path);
  CHECK_EQ(o->state, HD_REJECTED);
  CHECK_TEXT(o->code, code);
  CHECK_TEXT(o->text, text);
}

static heddle_status run_create(heddle_call *call) {
  heddle_file *file = heddle_create(call, heddle_arg(call, 0)->as.string);
  return file == NULL ? HEDDLE_FAILED : heddle_close(call, file);
}

static void not_regular(void) {
  begin_with_files();
  const hd_definition *create = define(&w, "create", "bytes -> void", run_create, 0);
  const hd_definition *readers[] = {k.length, define(&w, "length", "bytes -> f64", run_blocks, 0)};
  for (int i = 0; i < 2; i++) {
    expect(readers[i], files_directory(), "EISDIR",
           "EISDIR: illegal operation on a directory, read '%s'");
    expect(readers[i], path_of("missing"), "ENOENT",
           "ENOENT: no such file or directory, open '%s'");
    expect(readers[i], "/dev/zero", "ERR_HEDDLE_NOT_A_FILE", "length: not a regular file: '%s'");
    const char *fifo = path_of("fifo");
    CHECK(mkfifo(fifo, 0600) == 0 || i > 0);
    expect(readers[i], fifo, "ERR_HEDDLE_NOT_A_FILE", "length: not a regular file: '%s'");
  }
  expect(create, files_directory(), "EISDIR",
         "EISDIR: illegal operation on a directory, open '%s'");
  expect(create, "/dev/null", "ERR_HEDDLE_NOT_A_FILE", "create: not a regular file: '%s'");
  const outcome *o = run_with_files(create, (heddle_value[]){file_of(path_of("fifo"))});
  CHECK_TEXT(o->code, "ENXIO"); /* it has no reader; nothing waits for one */
  char name[300];
  memset(name, 'n', sizeof(name) - 1);
  name[sizeof(name) - 1] = '\0';
  o = run_with_files(k.length, (heddle_value[]){file_of(name)});
  CHECK_TEXT(o->code, "ENAMETOOLONG");
  end_with_files();
}

static heddle_status run_shrink(heddle_call *call) {
  const void *data;
  size_t length;
  heddle_status status = heddle_read(call, 0, &data, &length);
  if (status != HEDDLE_OK)
    return status;
  CHECK(truncate(heddle_arg(call, 0)->as.string, 65537) == 0);
  do
    status = heddle_read(call, 0, &data, &length);
  while (status == HEDDLE_OK && length > 0);
  heddle_result_f64(call, 0);
  return status;
}

static heddle_status run_grow(heddle_call *call) {
  const void *data;
  size_t length;
  size_t all = 0;
  heddle_status status;
  do {
    status = heddle_read(call, 0, &data, &length);
    all += status == HEDDLE_OK ? length : 0;
    CHECK(truncate(heddle_arg(call, 0)->as.string, 500000) == 0);
  } while (status == HEDDLE_OK && length > 0);
  heddle_result_f64(call, (double)all);
  return status;
}

static void that_change(void) {
  begin_with_files();
  const char *path = file_made("changes", 200000);
  const outcome *o = run_with_files(define(&w, "shrink", "bytes -> f64", run_shrink, 0),
                                    (heddle_value[]){file_of(path)});
  CHECK_TEXT(o->code, "ERR_HEDDLE_FILE_CHANGED");
  char text[300];
  (void)snprintf(text, sizeof(text),
                 "shrink: file '%s' shrank while it was read: 134463 bytes are missing", path);
  CHECK_TEXT(o->text, text);
  path = file_made("changes", 100000);
  o = run_with_files(define(&w, "grow", "bytes -> f64", run_grow, 0),
                     (heddle_value[]){file_of(path)});
  CHECK_EQ(o->number, 100000); /* as it was when it was opened */
  end_with_files();
}

static heddle_status run_count(heddle_call *call) {
  const void *data;
  size_t length;
  double all = 0;
  do {
    if (heddle_read(call, 0, &data, &length) != HEDDLE_OK)
      return HEDDLE_FAILED;
    all += (double)length;
  } while (length > 0);
  size_t whole;
  if (heddle_read_all(call, 0, &data, &whole) != HEDDLE_OK)
    return HEDDLE_FAILED;
  heddle_result_f64(call, all + (double)whole / 1e6);
  return HEDDLE_OK;
}

static void that_say_they_have_more(void) {
  begin_with_files();
  sizes_lie(4000);
  const char *path = file_made("lies", 70000);
  const outcome *o = run_with_files(define(&w, "count", "bytes -> f64", run_count, 0),
                                    (heddle_value[]){file_of(path)});
  sizes_lie(0);
  CHECK_EQ(o->number, 70000.07); /* by blocks, and whole */
  end_with_files();
}

static heddle_status run_read_wrong(heddle_call *call) {
  const void *data;
  size_t length;
  CHECK(heddle_read(call, 1, &data, &length) == HEDDLE_FAILED);
  CHECK(heddle_read_all(call, 7, &data, &length) == HEDDLE_FAILED);
  return HEDDLE_FAILED;
}

static heddle_status run_twice(heddle_call *call) {
  const void *data;
  size_t first;
  size_t second;
  heddle_status status = heddle_read_all(call, 0, &data, &first);
  if (status == HEDDLE_OK)
    status = heddle_read_all(call, 0, &data, &second);
  if (status != HEDDLE_OK)
    return status;
  CHECK_EQ(first, second);
  heddle_result_f64(call, (double)second);
  return HEDDLE_OK;
}

static void read_oddly(void) {
  begin_with_files();
  const outcome *o = run_with_files(define(&w, "wrong", "bytes, f64 -> void", run_read_wrong, 0),
                                    (heddle_value[]){bytes("a", 1), f64(1)});
  CHECK_TEXT(o->code, "ERR_HEDDLE_ARGUMENT");
  CHECK_TEXT(o->text, "wrong: argument 2 has no bytes to read");
  const hd_definition *twice = define(&w, "twice", "bytes -> f64", run_twice, 0);
  o = run_with_files(twice, (heddle_value[]){bytes("abc", 3)});
  CHECK_EQ(o->number, 3);
  o = run_with_files(twice, (heddle_value[]){file_of(file_made("twice", 1000))});
  CHECK_EQ(o->number, 1000);
  end_with_files();
}

static heddle_status run_read_cancelled(heddle_call *call) {
  gate *held = pointed(call, 1);
  const void *data;
  size_t length;
  uv_sem_post(&held->entered);
  uv_sem_wait(&held->open);
  CHECK_EQ(heddle_read(call, 0, &data, &length), HEDDLE_CANCELLED);
  return heddle_read_all(call, 0, &data, &length);
}

static void read_when_cancelled(void) {
  begin_with_files();
  job *j =
      job_of(&w, HD_ALL, 1, 1, define(&w, "cancelled", "bytes, u64 -> void", run_read_cancelled, 0),
             (heddle_value[]){file_of(file_made("any", 100)), pointer(&g)});
  gate_entered(&g, 1);
  hd_scheduler_withdraw(w.scheduler, j->group);
  gate_open(&g, 1);
  world_run(&w);
  CHECK_EQ(job_state(j, 0), HD_CANCELLED);
  end_with_files();
}

static const test tests[] = {{"bytes of every size, of memory and of files", of_every_size, 0},
                             {"files without a size", without_a_size, 0},
                             {"what is no regular file", not_regular, 0},
                             {"files that change", that_change, 0},
                             {"files that say they have more", that_say_they_have_more, 0},
                             {"arguments that are read oddly", read_oddly, 0},
                             {"reading when cancelled", read_when_cancelled, 0},
                             {NULL, NULL, 0}};

const suite files_suite = {"files", tests};
