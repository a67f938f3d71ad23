/* A task that reads and writes files by any path, in any order, while the file
 * system fails: a file has all of what was written to it, or what it had; no other
 * file is left, and none is left open. */
#define _GNU_SOURCE /* nftw() */
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "failing_fs.h"
#include "kit.h"

enum { HANDLES = 6, STEPS = 24, PIECES = 4, PATHS = 4, ROOM = 1100 };

#define N64 "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
#define TOO_LONG N64 N64 N64 N64 "n" /* for a name */

/* Paths are made of these, below a folder that is deeper than they can climb. */
static const char *const pieces[] = {"f",  "g",  "h",   "link", "gone", "d",     "fifo", "new",
                                     "./", "/",  "../", "d/",   ".",    "\xff",  " ",    "..",
                                     "f",  "f/", "x\n", "new",  "link", TOO_LONG};
enum { COUNT = sizeof(pieces) / sizeof(pieces[0]) };

static char top[1024];
static char deep[sizeof(top) + 16];

/* What was written by a handle; the content of a file that it may have. */
typedef struct handle {
  heddle_file *file;
  bool closed;
  size_t length;
  uint8_t written[1 << 13];
} handle;

static handle handles[HANDLES];
static size_t handle_count;
static char paths[PATHS][ROOM];
static feed *script;

static void sweep(void) {
  char command[sizeof(top) + 16];
  (void)snprintf(command, sizeof(command), "rm -rf '%s'", top);
  (void)!system(command);
}

static int unlink_one(const char *path, const struct stat *about, int type, struct FTW *at) {
  (void)about;
  (void)type;
  return at->level <= 5 && strncmp(deep, path, strlen(path)) == 0 ? 0 : remove(path);
}

static void put(const char *name, const char *text) {
  FILE *file = fopen(name, "w");
  HOLDS(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static const char *const contents[] = {"what f has", "what g has"};

static void lay_out(void) {
  if (deep[0] == '\0') {
    const char *temporary = getenv("TMPDIR");
    int length = snprintf(top, sizeof(top), "%s/heddle-engine-fuzz-XXXXXX",
                          temporary == NULL ? "/tmp" : temporary);
    HOLDS(length > 0 && (size_t)length < sizeof(top));
    HOLDS(mkdtemp(top) != NULL && atexit(sweep) == 0);
    (void)snprintf(deep, sizeof(deep), "%s/a/b/c/d/e", top);
    for (size_t i = strlen(top) + 2; i <= strlen(deep); i += 2) {
      char part[sizeof(deep)];
      (void)snprintf(part, i + 1, "%s", deep);
      HOLDS(mkdir(part, 0700) == 0);
    }
    HOLDS(chdir(deep) == 0);
  }
  HOLDS(nftw(top, unlink_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
  put("f", contents[0]);
  put("g", contents[1]);
  HOLDS(link("g", "h") == 0 && symlink("f", "link") == 0 && symlink("nowhere", "gone") == 0);
  HOLDS(mkdir("d", 0700) == 0 && mkfifo("fifo", 0600) == 0);
}

/* Never absolute: the root is nobody's to write to. */
static void make_path(char *path) {
  size_t count = 1 + feed_byte(script) % PIECES;
  size_t length = 0;
  for (size_t i = 0; i < count; i++) {
    const char *piece = pieces[feed_byte(script) % COUNT];
    if (length > 0 || piece[0] != '/')
      length += (size_t)snprintf(path + length, ROOM - length, "%s", piece);
  }
  path[length] = '\0';
}

static int open_files(void) {
  int count = 0;
  for (int fd = 3; fd < 64; fd++)
    count += fcntl(fd, F_GETFD) >= 0;
  return count;
}

/* ---- The task ------------------------------------------------------------ */

static const void *block; /* read last */
static size_t block_length;

static void create(heddle_call *call) {
  const char *path = paths[feed_byte(script) % PATHS];
  if (handle_count == HANDLES)
    return;
  heddle_file *file = heddle_create(call, path);
  if (file != NULL)
    handles[handle_count++] = (handle){.file = file};
}

static handle *chosen(void) {
  uint8_t which = feed_byte(script);
  return handle_count == 0 ? NULL : &handles[which % handle_count];
}

static void write_some(heddle_call *call, const void *data, size_t length) {
  handle *h = chosen();
  if (h == NULL || h->length + length > sizeof(h->written))
    return;
  /* A file that is closed is refused: what it points at is gone. */
  heddle_status status = heddle_write(call, h->file, data, length);
  if (status != HEDDLE_OK || length == 0)
    return;
  HOLDS(!h->closed);
  memcpy(h->written + h->length, data, length);
  h->length += length;
}

static void close_one(heddle_call *call) {
  handle *h = chosen();
  if (h == NULL)
    return;
  bool was_closed = h->closed;
  heddle_status status = heddle_close(call, h->file);
  HOLDS(!was_closed || status != HEDDLE_OK);
  h->closed = true;
}

static void act(heddle_call *call) {
  size_t length;
  switch (feed_byte(script) % 7) {
  case 0:
  case 1:
    create(call);
    break;
  case 2: {
    uint8_t *own = feed_copy(script, feed_byte(script) % 16, &length);
    write_some(call, own, length);
    free(own);
    break;
  }
  case 3:
    if (block != NULL)
      write_some(call, block, block_length);
    break;
  case 4:
    close_one(call);
    break;
  case 5:
    block = NULL;
    if (heddle_read(call, feed_byte(script) % 2, &block, &block_length) != HEDDLE_OK)
      block = NULL;
    break;
  default:
    block = NULL;
    if (heddle_read_all(call, feed_byte(script) % 2, &block, &block_length) != HEDDLE_OK)
      block = NULL;
  }
}

static heddle_status run(heddle_call *call) {
  block = NULL;
  handle_count = 0;
  uint8_t end = feed_byte(script);
  for (int i = 0; i < STEPS && script->left > 0; i++)
    act(call);
  if (end >= 224)
    return heddle_error(call, "ERR_FUZZ", "enough");
  return heddle_cancelled(call) ? HEDDLE_CANCELLED : HEDDLE_OK;
}

static subject task = {.task = {"fuzz", "a: bytes, b: bytes -> void", run, 0}};

/* ---- What must hold of the files ------------------------------------------ */

static bool was_written(const uint8_t *data, size_t length) {
  for (size_t i = 0; i < handle_count; i++)
    if (handles[i].length == length && memcmp(handles[i].written, data, length) == 0)
      return true;
  for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++)
    if (strlen(contents[i]) == length && memcmp(contents[i], data, length) == 0)
      return true;
  return false;
}

static bool in_place; /* any file may have a part of what was written */
static bool went_well;

static ino_t number_of(const char *path) {
  struct stat about;
  HOLDS(lstat(path, &about) == 0);
  return about.st_ino;
}

static int look_at(const char *path, const struct stat *about, int type, struct FTW *at) {
  HOLDS(strncmp(path + at->base, ".heddle-", 8) != 0);
  if (type != FTW_F || !S_ISREG(about->st_mode) || in_place)
    return 0;
  /* With two names it is written in place, by any handle. */
  if (about->st_nlink > 1 && (!went_well || handle_count > 1))
    return 0;
  uint8_t data[1 << 14];
  FILE *file = fopen(path, "r");
  HOLDS(file != NULL);
  size_t length = fread(data, 1, sizeof(data), file);
  HOLDS(fclose(file) == 0 && was_written(data, length));
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const int errors[] = {0, 0, 0, UV_EACCES, UV_EPERM, UV_EBUSY, UV_ENOSPC, UV_EEXIST};
  feed f = {data, size};
  script = &f;
  subject_open(&task);
  lay_out();
  trouble with = feed_trouble(&f);
  uint8_t fails = feed_byte(&f);
  for (size_t i = 0; i < PATHS; i++)
    make_path(paths[i]);
  heddle_value args[2];
  for (size_t i = 0; i < 2; i++)
    args[i] =
        (heddle_value){.type = HEDDLE_FILE, .as.string = paths[i], .length = strlen(paths[i])};
  int before = open_files();
  rename_fails(errors[fails & 7]);
  new_files_fail(errors[fails >> 3 & 7]);
  sizes_lie(fails >= 192 ? 5 : 0);
  in_place = errors[fails & 7] != 0 || errors[fails >> 3 & 7] != 0;
  heddle_value result;
  went_well = subject_run(&task, args, &with, &result) == HD_FULFILLED;
  end_result(&result);
  rename_fails(0);
  new_files_fail(0);
  sizes_lie(0);
  HOLDS(open_files() == before);
  HOLDS(number_of("g") == number_of("h"));
  HOLDS(nftw(top, look_at, 16, FTW_PHYS) == 0);
  return 0;
}
