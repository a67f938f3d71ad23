#include "harness.h"

#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A test that takes longer hangs: the one judgement by time there is. */
enum { HANGS_AFTER_S = 60 };

static atomic_uint failures;
static atomic_uint checks;

static bool report(bool holds, const char *file, int line, const char *text) {
  atomic_fetch_add(&checks, 1);
  if (!holds && atomic_fetch_add(&failures, 1) < 20)
    (void)fprintf(stderr, "%s:%d: %s\n", file, line, text);
  return holds;
}

bool check_that(bool holds, const char *file, int line, const char *format, ...) {
  char text[1024] = "";
  if (!holds) {
    va_list values;
    va_start(values, format);
    (void)vsnprintf(text, sizeof(text), format, values);
    va_end(values);
  }
  return report(holds, file, line, text);
}

bool check_text(const char *got, const char *wanted, const char *file, int line) {
  bool same = got != NULL && strcmp(got, wanted) == 0;
  return check_that(same, file, line, "got \"%s\", wanted \"%s\"", got == NULL ? "(null)" : got,
                    wanted);
}

void give_up(void) {
  _exit(3);
}

static const test *find(const char *suite_name, const char *name) {
  for (const suite *const *s = all_suites; *s != NULL; s++)
    if (strcmp((*s)->name, suite_name) == 0)
      for (const test *t = (*s)->tests; t->name != NULL; t++)
        if (strcmp(t->name, name) == 0)
          return t;
  return NULL;
}

static int run_here(const char *suite_name, const char *name) {
  const test *t = find(suite_name, name);
  if (t == NULL)
    return 2;
  (void)alarm(HANGS_AFTER_S);
  t->run();
  (void)alarm(0);
  if (atomic_load(&checks) == 0) {
    (void)fprintf(stderr, "%s: nothing was checked\n", name);
    return 1;
  }
  return atomic_load(&failures) == 0 ? 0 : 1;
}

static bool run_child(char *self, const suite *s, const test *t) {
  if (t->pool_size > 0) {
    char size[16];
    (void)snprintf(size, sizeof(size), "%d", t->pool_size);
    (void)setenv("UV_THREADPOOL_SIZE", size, 1);
  } else {
    (void)unsetenv("UV_THREADPOOL_SIZE");
  }
  pid_t child = fork();
  if (child < 0)
    return false;
  if (child == 0) {
    char *args[] = {self, (char *)"--run", (char *)s->name, (char *)t->name, NULL};
    (void)execv(self, args);
    _exit(127);
  }
  int status;
  if (waitpid(child, &status, 0) != child)
    return false;
  if (WIFSIGNALED(status))
    (void)fprintf(stderr, "%s\n",
                  WTERMSIG(status) == SIGALRM ? "it hangs" : strsignal(WTERMSIG(status)));
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv) {
  char self[4096];
  if (argc == 4 && strcmp(argv[1], "--run") == 0)
    return run_here(argv[2], argv[3]);
  ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
  if (length < 0)
    return 2;
  self[length] = '\0';
  unsigned passed = 0;
  unsigned failed = 0;
  for (const suite *const *s = all_suites; *s != NULL; s++) {
    for (const test *t = (*s)->tests; t->name != NULL; t++) {
      char name[256];
      (void)snprintf(name, sizeof(name), "%s: %s", (*s)->name, t->name);
      if (argc > 1 && strstr(name, argv[1]) == NULL)
        continue;
      struct timespec from;
      struct timespec to;
      (void)clock_gettime(CLOCK_MONOTONIC, &from);
      bool good = run_child(self, *s, t);
      (void)clock_gettime(CLOCK_MONOTONIC, &to);
      double ms =
          (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
      (void)printf("%s %s (%.0f ms)\n", good ? "ok  " : "FAIL", name, ms);
      (void)fflush(stdout);
      passed += good;
      failed += !good;
    }
  }
  (void)printf("%u passed, %u failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
