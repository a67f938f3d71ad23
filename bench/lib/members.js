'use strict'
// Every way to wait for a number of members that do nothing, for the cases that
// let the number grow. A way is {open?(), run(count, tool), close?(tool)}.

const { map, parallel, testing } = require('./heddle.js')
const { log, seriesOf } = require('./curves.js')
const { list } = require('./functions.js')
const { row } = require('./kit.js')
const { onThread, pools } = require('./pools.js')

const nothing = async (i) => i
const functions = (count) => list(count, (i) => () => nothing(i))
const items = (count) => list(count, (i) => i)
const MANY = 8 // at a time, where a way wants to be told

const esm = (name) => async () => (await import(name)).default

/** What heddle takes: Tasks, functions, promises, functions on threads. */
const ours = {
  'heddle, native tasks': { run: (count) => parallel(list(count, () => testing.noop())) },
  'heddle, functions': { run: (count) => parallel(functions(count)) },
  'heddle, promises': { run: (count) => parallel(list(count, nothing)) },
  'heddle, map with a function': {
    run: (count) => map(items(count), nothing, { concurrency: MANY }),
  },
  'heddle, functions on threads': {
    open: () => onThread('noop'),
    run: (count, noop) => map(items(count), noop),
    close: (noop) => noop.close(),
  },
}

const theirs = {
  'Promise.all, AsyncWorkers': {
    open: () => require('./rival.js'),
    run: (count, { noop }) => Promise.all(list(count, () => noop())),
  },
  'Promise.all, functions': { run: (count) => Promise.all(functions(count).map((fn) => fn())) },
  'Promise.all, promises': { run: (count) => Promise.all(list(count, nothing)) },
  'p-map': {
    open: esm('p-map'),
    run: (count, pMap) => pMap(items(count), nothing, { concurrency: MANY }),
  },
  'p-limit': {
    open: esm('p-limit'),
    run(count, pLimit) {
      const limit = pLimit(MANY)
      return Promise.all(list(count, (i) => limit(nothing, i)))
    },
  },
  'p-queue': {
    open: esm('p-queue'),
    run(count, PQueue) {
      const queue = new PQueue({ concurrency: MANY })
      return Promise.all(list(count, (i) => queue.add(() => nothing(i))))
    },
  },
  async: {
    open: () => require('async'),
    run: (count, async) => async.mapLimit(items(count), MANY, nothing),
  },
  bluebird: {
    open: () => require('bluebird'),
    run: (count, bluebird) => bluebird.map(items(count), nothing, { concurrency: MANY }),
  },
  piscina: {
    open: () => pools.piscina(require('node:os').availableParallelism()),
    run: (count, pool) => Promise.all(list(count, (i) => pool.run('noop', i))),
    close: (pool) => pool.close(),
  },
}

/** Whom each of ours is compared with. */
const rivals = {
  'heddle, native tasks': ['Promise.all, AsyncWorkers'],
  'heddle, functions': ['Promise.all, functions'],
  'heddle, promises': ['Promise.all, promises'],
  'heddle, map with a function': ['p-map', 'p-limit', 'p-queue', 'async', 'bluebird'],
  'heddle, functions on threads': ['piscina'],
}

const ways = { ...ours, ...theirs }

/**
 * Rows of each of ours with its rivals.
 * @param {Record<string, number[]>} samples by way; of some there may be none
 */
function rowsOf(samples, what, unit) {
  return Object.entries(rivals).flatMap(([name, others]) =>
    others
      .filter((rival) => samples[rival] !== undefined && samples[name] !== undefined)
      .map((rival) =>
        row({ what: `${name}: ${what}`, unit, ours: samples[name], theirs: samples[rival], rival }),
      ),
  )
}

/** @param {Map<number, Record<string, number[]>>} found samples by count and way */
function curveOf(title, label, found) {
  const series = Object.keys(ways).map((name) => {
    const measured = [...found].filter(([, samples]) => samples[name] !== undefined)
    return seriesOf(
      name,
      measured.map(([count, samples]) => [count, samples[name]]),
    )
  })
  const x = log('members')
  return { title, x, y: log(label), series: series.filter(({ points }) => points.length > 0) }
}

module.exports = { curveOf, ours, rowsOf, ways }
