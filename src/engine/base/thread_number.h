/* Threads by small numbers. */
#ifndef HD_THREAD_NUMBER_H
#define HD_THREAD_NUMBER_H

#include <stdint.h>

/* The calling thread's number: from 1 on, in the order in which they asked. */
uint32_t hd_thread_number(void);

#endif
