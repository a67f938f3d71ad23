/* The table of functions that tasks call, as heddle.h has them. */
#ifndef HD_HOST_H
#define HD_HOST_H

#include "heddle.h"

extern const heddle_host hd_host;

#endif
