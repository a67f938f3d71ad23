/* Keeps libraries loaded until the process ends. */
#ifndef HD_PIN_H
#define HD_PIN_H

#include <stdbool.h>

/* The one that this code is in. Any thread; may be called again. */
bool hd_pin_library(void);

/* The one that has this address. Likewise. */
bool hd_pin_address(const void *address);

#endif
