'use strict'
// A mapper over a list, eight at a time: what bounding it costs an item.

const { map } = require('../lib/heddle.js')
const { sameResults } = require('../lib/functions.js')
const { measure, scaled } = require('../lib/rounds.js')
const { faster, row } = require('../lib/row.js')

const CONCURRENCY = 8
const mapper = async (n) => n + 1

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
  await Promise.all(Array.from({ length: CONCURRENCY }, lane))
  return results
}

/** The rivals: functions of the items. Some are ES modules only. */
async function rivals() {
  const { default: pMap } = await import('p-map')
  const { default: pLimit } = await import('p-limit')
  const { default: PQueue } = await import('p-queue')
  const bluebird = require('bluebird')
  const async = require('async')
  return {
    'p-map': (items) => pMap(items, mapper, { concurrency: CONCURRENCY }),
    'p-limit'(items) {
      const limit = pLimit(CONCURRENCY)
      return Promise.all(items.map((item) => limit(mapper, item)))
    },
    'p-queue'(items) {
      const queue = new PQueue({ concurrency: CONCURRENCY })
      return Promise.all(items.map((item) => queue.add(() => mapper(item))))
    },
    bluebird: (items) => bluebird.map(items, mapper, { concurrency: CONCURRENCY }),
    'async.mapLimit': (items) => async.mapLimit(items, CONCURRENCY, mapper),
  }
}

async function run({ quick }) {
  const count = quick ? 10_000 : 100_000
  const items = Array.from({ length: count }, (_, i) => i)
  const others = await rivals()
  const lanes = {
    heddle: (list) => map(list, mapper, { concurrency: CONCURRENCY }),
    ...others,
    'a bare loop': bareLoop,
  }
  const samples = await measure(
    Object.fromEntries(Object.entries(lanes).map(([name, lane]) => [name, () => lane(items)])),
    { rounds: quick ? 5 : 21, check: sameResults },
  )
  const { heddle, ...theirs } = samples
  return Object.keys(theirs).map((rival) =>
    row({
      what: 'an async mapper, 8 at a time',
      unit: 'ns/item',
      ours: scaled(heddle, 1e6 / count),
      theirs: scaled(theirs[rival], 1e6 / count),
      rival,
      claims: rival in others ? [faster(1)] : [],
    }),
  )
}

module.exports = { run }
