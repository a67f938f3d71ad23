'use strict'
// Steps that wait for each other: on one thread, or with a trip through the
// event loop each.

const { sequential, testing } = require('../lib/heddle.js')
const rival = require('../lib/rival.js')
const { measure, scaled } = require('../lib/rounds.js')
const { faster, row } = require('../lib/row.js')

async function run({ quick }) {
  const count = quick ? 5_000 : 10_000
  const { heddle, theirs } = await measure(
    {
      heddle: () => sequential(Array.from({ length: count }, () => testing.noop())),
      async theirs() {
        for (let i = 0; i < count; i++) await rival.noop()
      },
    },
    { rounds: quick ? 5 : 21 },
  )
  return [
    row({
      what: 'no-op steps',
      unit: 'ns/step',
      ours: scaled(heddle, 1e6 / count),
      theirs: scaled(theirs, 1e6 / count),
      rival: 'await, one AsyncWorker each',
      claims: [faster(50)],
    }),
  ]
}

module.exports = { run }
