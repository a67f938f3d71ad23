'use strict'
// What heddle itself costs a member, and what one asynchronous work costs.

const { parallel, testing } = require('../lib/heddle.js')
const rival = require('../lib/rival.js')
const { atMost, comparison, faster, measure, row, scaled } = require('../lib/kit.js')

const RIVAL = 'Promise.all, AsyncWorkers'
const UNIT = 'ns/task'

const list = (count, make) => Array.from({ length: count }, make)
const ours = (count) => parallel(list(count, () => testing.noop()))
const theirs = (count) => Promise.all(list(count, () => rival.noop()))
const countOf = ({ quick }) => (quick ? 50_000 : 100_000)

const usual = comparison({
  group: 'Overhead',
  title: 'No-op tasks',
  unit: UNIT,
  setup: countOf,
  count: (count) => count,
  what: () => 'making the Task included',
  sides: () => ({ heddle: ours, [RIVAL]: theirs }),
  rounds: ({ quick }) => (quick ? 3 : 21),
  claims: { [RIVAL]: [atMost(350, UNIT), faster(8)] },
})

async function variant(what, lanes, count, rounds) {
  const samples = await measure(lanes, { rounds })
  const ns = (lane) => scaled(samples[lane], 1e6 / count)
  return row({ what, unit: UNIT, ours: ns('heddle'), theirs: ns('theirs'), rival: RIVAL })
}

async function run(mode) {
  const { rows } = await usual.run(mode)
  const count = countOf(mode)
  const made = {
    heddle: { prepare: () => list(count, () => testing.noop()), run: (tasks) => parallel(tasks) },
    theirs: () => theirs(count),
  }
  rows.push(await variant('Tasks made before', made, count, mode.quick ? 3 : 21))
  // Last, since all lanes run cold after it.
  const cold = {
    heddle: { prepare: () => global.gc(), run: () => ours(count) },
    theirs: { prepare: () => global.gc(), run: () => theirs(count) },
  }
  const words = 'right after a full garbage collection'
  rows.push(await variant(words, cold, count, mode.quick ? 2 : 11))
  return { rows }
}

module.exports = { ...usual, run }
