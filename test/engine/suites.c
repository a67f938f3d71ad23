/* Every suite, in the order in which they run. */
#include "harness.h"

/* clang-format off */
#define SUITES(X) \
  X(policies) X(groups) X(sequences) X(claims) X(fairness) X(slots) X(lending) X(threads) X(nice) \
  X(timeouts) X(close) X(ready) X(signatures) X(values) X(host) X(results) \
  X(files) X(writes) X(replace) X(loops) X(libraries) X(numeric) X(memory) X(recording)
/* clang-format on */

#define DECLARE(name) extern const suite name##_suite;
#define LIST(name) &name##_suite,

SUITES(DECLARE)

const suite *const all_suites[] = {SUITES(LIST) NULL};
