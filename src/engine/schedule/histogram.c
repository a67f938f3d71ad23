#include "histogram.h"

#include <string.h>

uint32_t hd_histogram_bucket(uint64_t ns) {
  enum { FRACTION = 52 - 4, ONE = 1023 * 16 };
  if (ns == 0)
    return 0;
  double value = (double)ns;
  uint64_t bits; /* IEEE 754 */
  memcpy(&bits, &value, sizeof(bits));
  uint32_t bucket = (uint32_t)(bits >> FRACTION) - ONE;
  return bucket < HD_BUCKETS ? bucket : HD_BUCKETS - 1;
}

void hd_histogram_add(hd_histogram *histogram, uint64_t ns) {
  histogram->counts[hd_histogram_bucket(ns)]++;
  histogram->sum += ns;
  if (ns > histogram->max)
    histogram->max = ns;
}
