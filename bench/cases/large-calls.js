'use strict'
// Calls of many functions, made before, the same on both sides.

const { any, map, parallel, race } = require('../lib/heddle.js')
const { list } = require('../lib/functions.js')
const { goalTimes, paired } = require('../lib/kit.js')

const CONCURRENCY = 8

const made = async (i) => i
const plain = (i) => () => made(i)
const declaring = (i) => (_context) => made(i)
const call = (fn) => fn()
const mapper = async (n) => n + 1
const smaller = (size, { quick }) => (quick ? Math.ceil(size / 100) : size)

const LEAST_MEMBERS = 20_000 // of a run, or V8 has not seen enough of it
const timesOf = (size, { quick }) => (quick ? 1 : Math.ceil(LEAST_MEMBERS / size))

/** What one would write without a library. */
async function bareLoop(items) {
  const results = new Array(items.length)
  let next = 0
  async function lane() {
    while (next < items.length) {
      const index = next++
      results[index] = await mapper(items[index])
    }
  }
  await Promise.all(list(CONCURRENCY, lane))
  return results
}

/** @returns {import('../harness/paired.js').Subject} */
function subjectOf(what, { make = plain, sizes, unit = 'ns/function', rival, ours, theirs, most }) {
  const run = (way) => (size, mode) => {
    const members = list(smaller(size, mode), make)
    return async () => {
      for (let i = timesOf(size, mode); i > 0; i--) await way(members)
    }
  }
  return {
    sizes,
    what: (size) => `${what}, ${size.toLocaleString('en')}`,
    unit,
    scale: (size, mode) => 1e6 / (smaller(size, mode) * timesOf(size, mode)),
    rival,
    ours: run(ours),
    theirs: run(theirs),
    claims: most === undefined ? undefined : () => [goalTimes(most)],
    large: most !== undefined,
  }
}

const all = {
  sizes: [1_000, 10_000, 100_000],
  rival: 'Promise.all over their calls',
  ours: (fns) => parallel(fns),
  theirs: (fns) => Promise.all(fns.map(call)),
}

const first = (combinator, name) => ({
  sizes: [100_000],
  rival: `${name} over their calls`,
  ours: (fns) => combinator(fns),
  theirs: (fns) => (name === 'Promise.race' ? Promise.race(fns.map(call)) : Promise.any(fns.map(call))),
  most: 3,
})

const bounded = {
  sizes: [100_000],
  unit: 'ns/item',
  rival: 'a bare loop',
  make: (i) => i,
  ours: (items) => map(items, mapper, { concurrency: CONCURRENCY }),
  theirs: bareLoop,
  most: 1.25,
}

/** For the use of the machine. */
function sides(mode) {
  const size = smaller(100_000, mode)
  const fns = { prepare: () => list(size, plain) }
  return {
    'heddle, parallel': { ...fns, run: all.ours },
    'Promise.all over their calls': { ...fns, run: all.theirs },
    'heddle, race': { ...fns, run: (members) => race(members) },
    'Promise.race over their calls': { ...fns, run: (members) => Promise.race(members.map(call)) },
  }
}

module.exports = paired({
  file: __filename,
  group: 'Overhead',
  title: 'Large calls: parallel, race, any, map',
  subjects: {
    functions: subjectOf('parallel, functions', { ...all, most: 1.05 }),
    declaring: subjectOf('parallel, functions with a parameter', { ...all, make: declaring }),
    race: subjectOf('race, functions', first(race, 'Promise.race')),
    any: subjectOf('any, functions', first(any, 'Promise.any')),
    map: subjectOf('map, 8 at a time', bounded),
  },
  sides,
})
