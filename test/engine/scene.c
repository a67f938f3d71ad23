#include "scene.h"

world w;
kit k;
gate g;

void begin(uint32_t threads) {
  world_start(&w);
  kit_define(&w, &k);
  gate_init(&g);
  hd_process_set_threads(threads);
}

void end(void) {
  world_end(&w);
  gate_destroy(&g);
  check_nothing_left();
}
