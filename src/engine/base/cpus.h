/* How many threads can run at once. */
#ifndef HD_CPUS_H
#define HD_CPUS_H

#include <stdint.h>

/* uv_available_parallelism(), no more than the cgroup's CPU quota allows
 * (which libuv itself heeds only since 1.49); at least 1. Any thread. */
uint32_t hd_cpus(void);

/* The pure part: cores of a quota, rounded up, or 0 for no quota. The text is
 * cpu.max of cgroup v2 ("200000 100000", "max 100000"). */
uint32_t hd_cpus_of_quota(const char *cpu_max);

#endif
