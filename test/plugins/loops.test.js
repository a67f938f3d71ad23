'use strict'
// heddle_for, from JavaScript.

const assert = require('node:assert/strict')
const path = require('node:path')
const { chain, load, parallel, previous } = require('heddle')
const { sort } = require('heddle/tasks')
const { compileFile } = require('../helpers/plugin.js')
const { idle, rejection, withThreads } = require('../support.js')

describe('plugins: heddle_for', function () {
  this.timeout(60_000)
  withThreads(2)
  let loops

  before(() => {
    loops = load(compileFile(path.join(__dirname, 'fixtures', 'loops.c')))
  })

  for (const how of ['alone', 'in a chain']) {
    it(`has its helpers from the submission on, while the event loop stands still: ${how}`, async () => {
      await idle()
      const state = new Int32Array(new SharedArrayBuffer(4))
      const task =
        how === 'alone' ? loops.meet(state) : chain(sort(new Int8Array(1)), loops.meet(state))
      const done = parallel([task])
      while (Atomics.load(state, 0) === 0); // no turn of the event loop
      assert.equal(Atomics.load(state, 0), 1)
      await done
    })
  }

  it('works on each index once', async () => {
    for (const name of ['visits', 'quietVisits']) {
      for (const [count, grain] of [
        [0, 1],
        [1, 0],
        [1000, 0],
        [1000, 7],
        [5000, 5000],
        [100_000, 1],
      ]) {
        assert.deepEqual(await loops[name](count, grain), new Uint8Array(count).fill(1))
      }
    }
  })

  it('ends when every thread is in a loop, and more tasks wait', async () => {
    const results = await parallel(Array.from({ length: 200 }, (_, i) => loops.visits(i, 1)))
    results.forEach((visits, i) => assert.deepEqual(visits, new Uint8Array(i).fill(1)))
    const chained = chain(loops.visits(100), sort(previous))
    assert.deepEqual(await chained, new Uint8Array(100).fill(1))
  })

  it('gives what its body returned, for the task to say why', async () => {
    const error = await rejection(loops.fails())
    assert.deepEqual([error.code, error.message], ['ERR_BODY', 'failed at 100'])
  })
})

describe('plugins: heddle_for on one thread', () => {
  withThreads(1)

  it('works on each index once', async () => {
    const { visits } = load(compileFile(path.join(__dirname, 'fixtures', 'loops.c')))
    await idle()
    assert.deepEqual(await visits(10_000, 3), new Uint8Array(10_000).fill(1))
  })
})
