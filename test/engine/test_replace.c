/* output.c and replace.c: what becomes of a file that is overwritten. */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "failing_fs.h"
#include "files.h"

static const char OLD[] = "precious";
static const char NEW[] = "new";

static char target[128];

static void has(const char *path, const char *text) {
  char content[64] = "";
  FILE *file = fopen(path, "r");
  NEED(file != NULL);
  (void)fread(content, 1, sizeof(content) - 1, file);
  (void)fclose(file);
  CHECK_TEXT(content, text);
}

static void fill(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  NEED(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void begin_with_target(void) {
  begin_with_files();
  (void)snprintf(target, sizeof(target), "%s/target", files_directory());
  fill(target, OLD);
  NEED(chmod(target, 0640) == 0);
}

/* "string -> void" */
static heddle_status run_new(heddle_call *call) {
  heddle_file *file = heddle_create(call, heddle_arg(call, 0)->as.string);
  if (file == NULL || heddle_write(call, file, NEW, strlen(NEW)) != HEDDLE_OK)
    return HEDDLE_FAILED;
  return heddle_close(call, file);
}

static const outcome *write_new(const char *path) {
  return run_with_files(define(&w, "new", "string -> void", run_new, 0),
                        (heddle_value[]){text_of(path)});
}

static void stays_what_it_was(void) {
  begin_with_target();
  char link_path[128];
  struct stat before = about(target);
  CHECK_EQ(write_new(target)->state, HD_FULFILLED);
  has(target, NEW);
  CHECK(about(target).st_ino != before.st_ino);
  CHECK_EQ(about(target).st_mode, before.st_mode);

  (void)snprintf(link_path, sizeof(link_path), "%s/link", files_directory());
  NEED(symlink("target", link_path) == 0);
  fill(target, OLD);
  CHECK_EQ(write_new(link_path)->state, HD_FULFILLED);
  CHECK(S_ISLNK(about(link_path).st_mode));
  has(target, NEW);
  CHECK_EQ(about(target).st_mode, before.st_mode);

  NEED(unlink(target) == 0); /* a link to nowhere: what it names is made */
  CHECK_EQ(write_new(link_path)->state, HD_FULFILLED);
  CHECK(S_ISLNK(about(link_path).st_mode) && S_ISREG(about(target).st_mode));
  has(target, NEW);

  NEED(unlink(link_path) == 0 && link(target, link_path) == 0);
  fill(target, OLD);
  before = about(target);
  CHECK_EQ(write_new(link_path)->state, HD_FULFILLED);
  CHECK_EQ(about(target).st_ino, before.st_ino);
  has(target, NEW);
  CHECK_EQ(files_there(), 2);
  end_with_files();
}

static void owner_and_attributes(void) {
  begin_with_target();
  if (geteuid() == 0) {
    NEED(chown(target, 12345, 54321) == 0 && chmod(target, 04750) == 0);
    CHECK_EQ(write_new(target)->state, HD_FULFILLED);
    struct stat after = about(target);
    CHECK_EQ(after.st_uid, 12345);
    CHECK_EQ(after.st_gid, 54321);
    CHECK_EQ(after.st_mode & 07777, 04750);
  }
  struct stat before = about(target);
  bool known = setxattr(target, "user.heddle", "x", 1, 0) == 0;
  CHECK_EQ(write_new(target)->state, HD_FULFILLED);
  has(target, NEW);
  CHECK((about(target).st_ino == before.st_ino) == known);
  CHECK(!known || getxattr(target, "user.heddle", NULL, 0) == 1);
  CHECK_EQ(files_there(), 1);
  end_with_files();
}

/* ---- What fails ----------------------------------------------------------- */

/* "string, f64 -> f64": 0 fails after writing, 1 gives no result, 2 closes
 * after a failure. */
static heddle_status run_bad(heddle_call *call) {
  int way = (int)heddle_arg(call, 1)->as.f64;
  heddle_file *file = heddle_create(call, heddle_arg(call, 0)->as.string);
  if (file == NULL || heddle_write(call, file, NEW, strlen(NEW)) != HEDDLE_OK)
    return HEDDLE_FAILED;
  has(target, OLD);
  CHECK_EQ(files_there(), 2);
  if (way == 1)
    return HEDDLE_OK;
  heddle_status status = heddle_error(call, "ERR_TEST", "failed");
  if (way == 2)
    CHECK_EQ(heddle_close(call, file), HEDDLE_FAILED);
  return status;
}

static void failures(void) {
  begin_with_target();
  const hd_definition *bad = define(&w, "bad", "string, f64 -> f64", run_bad, 0);
  for (int way = 0; way < 3; way++) {
    const outcome *o = run_with_files(bad, (heddle_value[]){text_of(target), f64(way)});
    CHECK_EQ(o->state, HD_REJECTED);
    CHECK_TEXT(o->code, way == 1 ? "ERR_HEDDLE_NO_RESULT" : "ERR_TEST");
    has(target, OLD);
    CHECK_EQ(files_there(), 1);
  }
  struct rlimit small = {2, 2};
  (void)signal(SIGXFSZ, SIG_IGN); /* as Node does */
  NEED(setrlimit(RLIMIT_FSIZE, &small) == 0);
  CHECK_TEXT(write_new(target)->code, "EFBIG");
  has(target, OLD);
  char other[160];
  (void)snprintf(other, sizeof(other), "%s.new", target);
  CHECK_TEXT(write_new(other)->code, "EFBIG");
  CHECK_EQ(files_there(), 1);
  end_with_files();
}

/* "string, u64, f64 -> void" */
static heddle_status run_held(heddle_call *call) {
  gate *held = pointed(call, 1);
  heddle_file *file = heddle_create(call, heddle_arg(call, 0)->as.string);
  if (file == NULL || heddle_write(call, file, NEW, strlen(NEW)) != HEDDLE_OK)
    return HEDDLE_FAILED;
  uv_sem_post(&held->entered);
  uv_sem_wait(&held->open);
  if (heddle_arg(call, 2)->as.f64 == 0)
    return HEDDLE_CANCELLED;
  if (heddle_arg(call, 2)->as.f64 == 1)
    CHECK_EQ(heddle_close(call, file), HEDDLE_CANCELLED);
  return HEDDLE_OK; /* it has not looked */
}

static void cancelled(void) {
  for (int way = 0; way < 6; way++) {
    begin_with_target();
    const hd_definition *held = define(&w, "held", "string, u64, f64 -> void", run_held, 0);
    job *j = job_of(&w, HD_ALL, 1, 1, held,
                    (heddle_value[]){text_of(target), pointer(&g), f64(way % 3)});
    gate_entered(&g, 1);
    CHECK_EQ(files_there(), 2);
    if (way < 3)
      hd_scheduler_withdraw(w.scheduler, j->group);
    else
      hd_scheduler_stop(w.scheduler); /* the environment goes down */
    gate_open(&g, 1);
    if (way < 3) {
      world_run(&w);
      CHECK_EQ(job_state(j, 0), HD_CANCELLED);
    } else {
      world_close(&w);
      world_run(&w);
    }
    has(target, OLD);
    CHECK_EQ(files_there(), 1);
    end_with_files();
  }
}

static void no_renaming(void) {
  begin_with_target();
  struct stat before = about(target);
  rename_fails(UV_EBUSY);
  CHECK_EQ(write_new(target)->state, HD_FULFILLED);
  has(target, NEW);
  CHECK_EQ(about(target).st_ino, before.st_ino);
  CHECK_EQ(files_there(), 1);
  fill(target, OLD);
  rename_fails(UV_EIO);
  char text[200];
  (void)snprintf(text, sizeof(text), "EIO: i/o error, rename '%s'", target);
  EXPECT_ERROR(write_new(target), "EIO", text);
  has(target, OLD);
  CHECK_EQ(files_there(), 1);
  rename_fails(0);
  end_with_files();
}

static void no_new_files(void) {
  begin_with_target();
  struct stat before = about(target);
  char other[160];
  (void)snprintf(other, sizeof(other), "%s.new", target);
  new_files_fail(UV_EACCES);
  CHECK_EQ(write_new(target)->state, HD_FULFILLED);
  has(target, NEW);
  CHECK_EQ(about(target).st_ino, before.st_ino);
  CHECK_EQ(write_new(other)->state, HD_FULFILLED);
  has(other, NEW);
  fill(target, OLD);
  new_files_fail(UV_ENOSPC);
  CHECK_TEXT(write_new(target)->code, "ENOSPC");
  has(target, OLD);
  new_files_fail(0);
  CHECK_EQ(files_there(), 2);
  end_with_files();
}

static const test tests[] = {{"links and modes stay what they were", stays_what_it_was, 0},
                             {"owners and attributes stay too", owner_and_attributes, 0},
                             {"failures leave the old content", failures, 0},
                             {"cancelling leaves the old content", cancelled, 0},
                             {"a target that cannot be renamed over", no_renaming, 0},
                             {"a folder that takes no new files", no_new_files, 0},
                             {NULL, NULL, 0}};

const suite replace_suite = {"replace", tests};
