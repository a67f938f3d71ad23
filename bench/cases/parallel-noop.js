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
  ]
}

module.exports = { run }
