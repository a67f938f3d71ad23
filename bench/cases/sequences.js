'use strict'
// Steps that follow each other, ten to ten thousand: what a step costs.

const { sequential, testing } = require('../lib/heddle.js')
const { log, seriesOf } = require('../lib/curves.js')
const { functions, list } = require('../lib/functions.js')
const { noop } = require('../lib/rival.js')
const { atMostTimes, measure, row, scaled } = require('../lib/kit.js')

const ways = {
  'heddle, native tasks': (count) => sequential(list(count, () => testing.noop())),
  'heddle, functions': (count) => sequential(functions(count)),
  async 'await, one AsyncWorker each'(count) {
    for (let i = 0; i < count; i++) await noop()
  },
  async 'a for loop with await'(count) {
    const results = []
    for (const fn of functions(count)) results.push(await fn())
    return results
  },
  'async.series': (count) => require('async').series(functions(count)),
  'bluebird.mapSeries': (count) => require('bluebird').mapSeries(functions(count), (fn) => fn()),
}

/** Whom each of ours is compared with. */
const rivals = {
  'heddle, native tasks': ['await, one AsyncWorker each'],
  'heddle, functions': ['a for loop with await', 'async.series', 'bluebird.mapSeries'],
}

const LEAST_STEPS = 1_000 // of a sample

/** ns a step, by way. */
async function atCount(count, rounds) {
  const times = Math.ceil(LEAST_STEPS / count)
  const lanes = Object.entries(ways).map(([name, way]) => [
    name,
    async () => {
      for (let i = 0; i < times; i++) await way(count)
    },
  ])
  const samples = await measure(Object.fromEntries(lanes), { rounds })
  return Object.fromEntries(
    Object.entries(samples).map(([name, ms]) => [name, scaled(ms, 1e6 / (times * count))]),
  )
}

async function run({ quick }) {
  const counts = quick ? [10, 1_000] : [10, 100, 1_000, 10_000]
  const found = new Map()
  for (const count of counts) found.set(count, await atCount(count, quick ? 1 : 15))
  const [few, many] = counts.slice(-2)
  const against = (name, samples, rival, claims) =>
    row({
      what: `${name}: a step of ${many.toLocaleString('en')}`,
      unit: 'ns/step',
      ours: found.get(many)[name],
      theirs: samples,
      rival,
      claims,
    })
  const linear = [{ ...atMostTimes(1.5), text: 'linear: ≤ 1.5× that' }]
  const rows = Object.entries(rivals).flatMap(([name, others]) => [
    ...others.map((rival) => against(name, found.get(many)[rival], rival)),
    against(name, found.get(few)[name], `a step of ${few.toLocaleString('en')}`, linear),
  ])
  const series = Object.keys(ways).map((name) =>
    seriesOf(
      name,
      counts.map((count) => [count, found.get(count)[name]]),
    ),
  )
  const curves = [{ title: 'Time a step', x: log('steps'), y: log('ns a step'), series }]
  return { rows, curves }
}

const sides = ({ quick }) =>
  Object.fromEntries(
    Object.entries(ways).map(([name, way]) => [name, () => way(quick ? 1_000 : 10_000)]),
  )

module.exports = { group: 'Sequences and races', title: 'Sequences of 10 to 10,000 steps', run, sides }
