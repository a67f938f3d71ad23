'use strict'
// One large sort, on one thread on both sides.

const assert = require('node:assert')
const { tasks, run: runTask } = require('../lib/heddle.js')
const { measure } = require('../lib/rounds.js')
const { faster, row } = require('../lib/row.js')

async function run({ quick }) {
  const count = quick ? 500_000 : 5_000_000
  const numbers = Float64Array.from({ length: count }, () => Math.random() - 0.5)
  const { heddle, theirs } = await measure(
    {
      heddle: () => runTask(tasks.sort(numbers)),
      // heddle's task makes new data; the copy for the other side is not timed.
      theirs: { prepare: () => numbers.slice(), run: (copy) => copy.sort() },
    },
    {
      rounds: quick ? 3 : 11,
      check: (results) => assert.deepStrictEqual(results.heddle, results.theirs),
    },
  )
  return [
    row({
      what: `${count.toLocaleString('en')} doubles`,
      unit: 'ms',
      ours: heddle,
      theirs,
      rival: 'Float64Array.prototype.sort',
      claims: [faster(2)],
    }),
  ]
}

module.exports = { run }
