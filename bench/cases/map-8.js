'use strict'
// A mapper over a list, eight at a time: what bounding it costs an item.

const { map } = require('../lib/heddle.js')
const { sameResults } = require('../lib/functions.js')
const { comparison, faster } = require('../lib/kit.js')

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

// Some rivals are ES modules only.
const rivals = {
  'p-map': {
    open: async () => (await import('p-map')).default,
    run: (items, pMap) => pMap(items, mapper, { concurrency: CONCURRENCY }),
  },
  'p-limit': {
    open: async () => (await import('p-limit')).default,
    run(items, pLimit) {
      const limit = pLimit(CONCURRENCY)
      return Promise.all(items.map((item) => limit(mapper, item)))
    },
  },
  'p-queue': {
    open: async () => (await import('p-queue')).default,
    run(items, PQueue) {
      const queue = new PQueue({ concurrency: CONCURRENCY })
      return Promise.all(items.map((item) => queue.add(() => mapper(item))))
    },
  },
  bluebird: {
    open: () => require('bluebird'),
    run: (items, bluebird) => bluebird.map(items, mapper, { concurrency: CONCURRENCY }),
  },
  'async.mapLimit': {
    open: () => require('async'),
    run: (items, async) => async.mapLimit(items, CONCURRENCY, mapper),
  },
}

module.exports = comparison({
  group: 'Overhead',
  title: 'An async mapper, 8 at a time',
  unit: 'ns/item',
  setup: ({ quick }) => Array.from({ length: quick ? 10_000 : 100_000 }, (_, i) => i),
  count: (items) => items.length,
  sides: () => ({
    heddle: (items) => map(items, mapper, { concurrency: CONCURRENCY }),
    ...rivals,
    'a bare loop': bareLoop,
  }),
  rounds: ({ quick }) => (quick ? 2 : 21),
  check: sameResults,
  claims: Object.fromEntries(Object.keys(rivals).map((name) => [name, [faster(1)]])),
})
