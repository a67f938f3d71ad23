'use strict'
// heddle_for: one task on all threads, against the same work on one.

const assert = require('node:assert')
const { run: runTask } = require('../lib/heddle.js')
const { loadPlugin } = require('../lib/plugin.js')
const { measure } = require('../lib/rounds.js')
const { faster, row } = require('../lib/row.js')

async function run({ quick }) {
  const count = quick ? 1_000_000 : 10_000_000
  const tasks = loadPlugin()
  const values = Float64Array.from({ length: count }, (_, i) => i % 1000)
  const kinds = {
    waves: { what: 'sine of', claims: [faster(1.85)] }, // bound by the core
    sum: { what: 'sum of', claims: [] }, // bound by memory
  }
  const rows = []
  for (const [name, { what, claims }] of Object.entries(kinds)) {
    const { shared, alone } = await measure(
      {
        shared: () => runTask(tasks[name](values, true)),
        alone: () => runTask(tasks[name](values, false)),
      },
      {
        rounds: quick ? 5 : 21,
        check: (results) => assert.strictEqual(results.shared, results.alone),
      },
    )
    rows.push(
      row({
        what: `heddle_for: ${what} ${count.toLocaleString('en')} doubles`,
        unit: 'ms',
        ours: shared,
        theirs: alone,
        rival: 'one thread',
        claims,
      }),
    )
  }
  return rows
}

module.exports = { run }
