'use strict'
// What heddle itself costs a member, and what one asynchronous work costs.

const { parallel, testing } = require('../lib/heddle.js')
const rival = require('../lib/rival.js')
const { measure, scaled } = require('../lib/rounds.js')
const { atMost, faster, row } = require('../lib/row.js')

const list = (count, make) => Array.from({ length: count }, make)

async function run({ quick }) {
  const count = quick ? 50_000 : 100_000
  const samples = await measure(
    {
      heddle: () => parallel(list(count, () => testing.noop())),
      made: { prepare: () => list(count, () => testing.noop()), run: (tasks) => parallel(tasks) },
      theirs: () => Promise.all(list(count, () => rival.noop())),
    },
    { rounds: quick ? 7 : 21 },
  )
  // Not in the rounds above, whose lanes would all run cold after it.
  const cold = await measure(
    {
      heddle: { prepare: () => global.gc(), run: () => parallel(list(count, () => testing.noop())) },
      theirs: { prepare: () => global.gc(), run: () => Promise.all(list(count, () => rival.noop())) },
    },
    { rounds: quick ? 5 : 11 },
  )
  const ns = (lane) => scaled(samples[lane], 1e6 / count)
  const theirs = { theirs: ns('theirs'), rival: 'Promise.all, AsyncWorkers' }
  return [
    row({
      what: 'no-op, making the Task included',
      unit: 'ns/task',
      ours: ns('heddle'),
      ...theirs,
      claims: [atMost(350, 'ns/task'), faster(8)],
    }),
    row({ what: 'no-op, Tasks made before', unit: 'ns/task', ours: ns('made'), ...theirs }),
    row({
      what: 'no-op, right after a full garbage collection',
      unit: 'ns/task',
      ours: scaled(cold.heddle, 1e6 / count),
      theirs: scaled(cold.theirs, 1e6 / count),
      rival: theirs.rival,
    }),
  ]
}

module.exports = { run }
