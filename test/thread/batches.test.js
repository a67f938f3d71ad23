'use strict'
// How many groups the Tasks of pulled items go down in: each costs a message.

const assert = require('node:assert/strict')
const { map, stream, thread } = require('../../lib/index.js')
const { ThreadGroup } = require('../../lib/thread/group.js')
const { range } = require('../support.js')

const COUNT = 1000
const items = range(COUNT)

async function* asynchronous() {
  yield* items
}

/** One that awaits something between its items. */
async function* awaiting() {
  for (const item of items) {
    await null
    yield item
  }
}

async function read(iterator) {
  const values = []
  for await (const { value } of iterator) values.push(value)
  return values
}

describe('thread Tasks of pulled items', () => {
  const { start } = ThreadGroup.prototype
  const double = thread((n) => n * 2)
  let groups

  before(() => {
    ThreadGroup.prototype.start = function () {
      groups++
      return start.call(this)
    }
  })
  beforeEach(() => (groups = 0))
  after(() => (ThreadGroup.prototype.start = start))

  const calls = {
    'map of an async source': () => map(asynchronous(), double),
    'map of one that awaits': () => map(awaiting(), double),
    'map of an async source, a few at a time': () => map(asynchronous(), double, { concurrency: 100 }),
    'stream of an array': () => read(stream(items, double, { concurrency: 100, ordered: true })),
    'stream of an async source': () => read(stream(asynchronous(), double, { concurrency: 100, ordered: true })),
  }
  for (const [name, call] of Object.entries(calls)) {
    it(`go down together: ${name}`, async () => {
      assert.deepEqual(await call(), items.map((n) => n * 2))
      assert.ok(groups < COUNT / 5, `${groups} groups`)
    })
  }
})
