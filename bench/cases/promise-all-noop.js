'use strict'
// The same Tasks under plain Promise.all: a promise each, but no work each.

const { testing } = require('../lib/heddle.js')
const rival = require('../lib/rival.js')
const { measure, scaled } = require('../lib/rounds.js')
const { faster, row } = require('../lib/row.js')

const all = (count, make) => Promise.all(Array.from({ length: count }, make))

async function run({ quick }) {
  const count = quick ? 50_000 : 100_000
  const { heddle, theirs } = await measure(
    { heddle: () => all(count, () => testing.noop()), theirs: () => all(count, () => rival.noop()) },
    { rounds: quick ? 7 : 21 },
  )
  return [
    row({
      what: 'no-op Tasks under Promise.all',
      unit: 'ns/task',
      ours: scaled(heddle, 1e6 / count),
      theirs: scaled(theirs, 1e6 / count),
      rival: 'Promise.all, AsyncWorkers',
      claims: [faster(3)],
    }),
  ]
}

module.exports = { run }
