/* Preloaded: threads that cannot be started, and a disk that is full.
 * HEDDLE_LIMITS names a file with two words, which scripts/faults/scarce.js writes:
 * how many threads, and how many bytes of regular files, there may be from now on;
 * negative: any number. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct words {
  _Atomic int64_t threads;
  _Atomic int64_t bytes;
} words;

static words none = {-1, -1};
static words *limits = &none;

static int (*real_create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
static ssize_t (*real_write)(int, const void *, size_t);

static void find(void *function, const char *name) {
  void *symbol = dlsym(RTLD_NEXT, name);
  if (symbol == NULL)
    abort();
  memcpy(function, &symbol, sizeof(symbol));
}

static void __attribute__((constructor)) begin(void) {
  find(&real_create, "pthread_create");
  find(&real_write, "write");
  const char *path = getenv("HEDDLE_LIMITS");
  int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0)
    return;
  void *page = mmap(NULL, sizeof(*limits), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  (void)close(file);
  if (page != MAP_FAILED)
    limits = page;
}

/* Takes up to `wanted`; gives how many there were. */
static int64_t take(_Atomic int64_t *word, int64_t wanted) {
  int64_t left = atomic_load(word);
  int64_t taken;
  do {
    if (left < 0)
      return wanted;
    taken = wanted < left ? wanted : left;
  } while (!atomic_compare_exchange_weak(word, &left, left - taken));
  return taken;
}

int pthread_create(pthread_t *id, const pthread_attr_t *attributes, void *(*entry)(void *),
                   void *data) {
  if (real_create == NULL) /* a constructor of another library is first */
    find(&real_create, "pthread_create");
  return take(&limits->threads, 1) == 0 ? EAGAIN : real_create(id, attributes, entry, data);
}

ssize_t write(int file, const void *data, size_t length) {
  struct stat status;
  if (real_write == NULL)
    find(&real_write, "write");
  if (atomic_load(&limits->bytes) >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
    int64_t room = take(&limits->bytes, (int64_t)length);
    if (room == 0 && length > 0) {
      errno = ENOSPC;
      return -1;
    }
    length = (size_t)room; /* a part of it, as disks do */
  }
  return real_write(file, data, length);
}
