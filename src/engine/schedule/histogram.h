/* Times in buckets of equal relative width: 16 to each power of two, from 1 ns
 * up to 39 hours. A bucket's number is the exponent and the first four bits of the
 * fraction of the time as a double; lib/task/histogram.js counts by the same. The
 * scheme is that of HdrHistogram (Gil Tene), with fixed bounds. */
#ifndef HD_HISTOGRAM_H
#define HD_HISTOGRAM_H

#include <stdint.h>

enum { HD_BUCKETS = 47 * 16 };

typedef struct hd_histogram {
  uint64_t sum, max; /* ns */
  uint64_t counts[HD_BUCKETS];
} hd_histogram;

/* The bucket of a time. The first one also has 0, the last one all that is longer. */
uint32_t hd_histogram_bucket(uint64_t ns);

void hd_histogram_add(hd_histogram *histogram, uint64_t ns);

#endif
