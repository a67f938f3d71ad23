/* The work itself: plain C++, which knows neither JavaScript nor heddle. */
#pragma once

#include <cstdint>
#include <vector>

/* All primes below `limit`. Calls step(fraction) now and then, which may throw. */
template <class Step> std::vector<std::uint32_t> find_primes(std::uint32_t limit, Step &&step) {
  std::vector<std::uint8_t> composite(limit);
  std::vector<std::uint32_t> primes;
  std::uint64_t work = 0;
  for (std::uint64_t n = 2; n < limit; n++) {
    if (composite[n])
      continue;
    primes.push_back(static_cast<std::uint32_t>(n));
    for (std::uint64_t k = n * n; k < limit; k += n) {
      composite[k] = 1;
      if (++work % 65536 == 0)
        step(static_cast<double>(n) / limit);
    }
  }
  return primes;
}
