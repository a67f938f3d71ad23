'use strict'
// Functions that take next to no time, so that what calls them is measured.

const assert = require('node:assert/strict')

const list = (count, make) => Array.from({ length: count }, (_, i) => make(i))

/** Async functions of nothing, each with a result of its own. */
const functions = (count) => list(count, (i) => async () => i)

/** For measure(): all lanes have given the same. */
function sameResults(results) {
  const [first, ...others] = Object.values(results)
  for (const other of others) assert.deepEqual(other, first)
}

module.exports = { functions, list, sameResults }
