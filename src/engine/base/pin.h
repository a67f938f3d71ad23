/* Keeps the library that this code is in loaded until the process ends. */
#ifndef HD_PIN_H
#define HD_PIN_H

#include <stdbool.h>

/* Any thread; may be called again. */
bool hd_pin_library(void);

#endif
