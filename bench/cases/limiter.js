'use strict'
// One limiter for calls made apart from each other, eight at a time: what it costs a call.

const { limiter, map } = require('../lib/heddle.js')
const { sameResults } = require('../lib/functions.js')
const { comparison, faster } = require('../lib/kit.js')

const CAPACITY = 8
const mapper = async (n) => n + 1

// Each is given a limiter that lives as long as the case: p-limit and p-queue are ES modules only.
const rivals = {
  'p-limit': {
    open: async () => (await import('p-limit')).default(CAPACITY),
    run: (items, limit) => Promise.all(items.map((item) => limit(mapper, item))),
  },
  'p-queue': {
    open: async () => new (await import('p-queue')).default({ concurrency: CAPACITY }),
    run: (items, queue) => Promise.all(items.map((item) => queue.add(() => mapper(item)))),
  },
  bottleneck: {
    open: () => new (require('bottleneck'))({ maxConcurrent: CAPACITY }),
    run: (items, limit) => Promise.all(items.map((item) => limit.schedule(mapper, item))),
  },
  'async.queue': {
    open: () => require('async').queue(mapper, CAPACITY),
    run: (items, queue) => Promise.all(items.map((item) => queue.push(item))),
  },
}

async function oneByOne(items, limit) {
  const results = []
  for (const item of items) {
    const token = await limit.acquire()
    results.push(item + 1)
    token.release()
  }
  return results
}

const own = (run) => ({ open: () => limiter({ capacity: CAPACITY }), run })

module.exports = comparison({
  group: 'Overhead',
  title: 'Calls under one limiter, 8 at a time',
  unit: 'ns/call',
  // A job of bottleneck takes a timer, of 1 ms.
  setup: ({ quick }) => Array.from({ length: quick ? 100 : 500 }, (_, i) => i),
  count: (items) => items.length,
  sides: () => ({
    heddle: own((items, limit) => Promise.all(items.map((item) => limit.with(() => mapper(item))))),
    ...rivals,
    'heddle, a map under it': own((items, limit) => map(items, mapper, { concurrency: limit })),
    'heddle, a map with a number': (items) => map(items, mapper, { concurrency: CAPACITY }),
    'heddle, a token that is free': own(oneByOne),
  }),
  rounds: ({ quick }) => (quick ? 2 : 21),
  check: sameResults,
  claims: { bottleneck: [faster(1)] },
})
