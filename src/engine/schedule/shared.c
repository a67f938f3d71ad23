#include "shared.h"

#include <stdlib.h>

#include "cpus.h"

hd_process hd_the_process;

static uv_once_t once = UV_ONCE_INIT;
static int init_status;

/* As libuv reads it in uv__threadpool_init (src/threadpool.c): 4 by default,
 * 0 means 1, 1024 at most. */
static uint32_t read_pool_size(void) {
  enum { DEFAULT = 4, MOST = 1024 };
  char text[32];
  size_t size = sizeof(text);
  if (uv_os_getenv("UV_THREADPOOL_SIZE", text, &size) != 0)
    return DEFAULT;
  int value = atoi(text);
  if (value == 0)
    return 1;
  return value < 0 || value > MOST ? MOST : (uint32_t)value;
}

static void init(void) {
  hd_process *p = &hd_the_process;
  init_status = uv_mutex_init(&p->lock);
  if (init_status != 0)
    return;
  uv_cond_t *conditions[] = {&p->work, &p->help, &p->helped};
  for (int i = 0; i < 3; i++) {
    init_status = uv_cond_init(conditions[i]);
    if (init_status != 0) {
      while (i > 0)
        uv_cond_destroy(conditions[--i]);
      uv_mutex_destroy(&p->lock);
      return;
    }
  }
  p->pool_size = read_pool_size();
  p->threads = hd_cpus();
  p->slots = hd_slots_join();
}

int hd_process_init(void) {
  uv_once(&once, init);
  return init_status;
}
