/* A thread that gives way to others. */
#ifndef HD_NICE_H
#define HD_NICE_H

#include <stdint.h>

enum { HD_NICE_MOST = 19 };

/* Lowers the priority of the calling thread: by `increment`, 1 to HD_NICE_MOST, below
 * that of the process, whatever the thread has inherited. Returns 0 or libuv's error;
 * UV_ENOTSUP where the system has no priorities of single threads. */
int hd_nice_thread(uint32_t increment);

#endif
