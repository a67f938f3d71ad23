/* What most tests begin with: a world, the tasks of the kit, and a gate. */
#ifndef TEST_SCENE_H
#define TEST_SCENE_H

#include "tasks.h"

extern world w;
extern kit k;
extern gate g;

void begin(uint32_t threads);
/* Checks that nothing of the engine is left. */
void end(void);

#endif
