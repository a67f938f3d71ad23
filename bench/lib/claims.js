'use strict'
// Claims that several cases make.

const os = require('node:os')
const { faster } = require('./kit.js')

/** Both sides are timed on a machine that has other things to do, too. */
const noSlower = { text: 'no slower (within 5 %)', holds: ({ ratio }) => ratio.median >= 0.95 }

const atMostATenth = { text: '≤ a tenth', holds: ({ ratio }) => ratio.median >= 10 }

/**
 * By how much work on all cores must be faster than on one: the first core counts in
 * full, each further one by `share`, which leaves room for cores that share a clock or a cache.
 */
function fasterByCores(share = 0.6) {
  const cores = os.availableParallelism()
  return cores === 1 ? [] : [faster(Number((1 + share * (cores - 1)).toFixed(2)))]
}

module.exports = { atMostATenth, fasterByCores, noSlower }
