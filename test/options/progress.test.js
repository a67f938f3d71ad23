'use strict'

const assert = require('node:assert/strict')
const { AsyncLocalStorage } = require('node:async_hooks')
const { delay, parallel, race, sequential, stats } = require('../../lib/index.js')
const { gunzip } = require('../../lib/tasks.js')
const { noop, sleep } = require('../../lib/testing.js')
const { FOREVER, combinators, range, rejection } = require('../support.js')

describe('option onProgress', () => {
  it('rises, and ends with all', async () => {
    const seen = []
    const work = range(400).map(() => sleep(1))
    await parallel(work, { onProgress: (progress) => seen.push(progress) })
    assert.ok(seen.length >= 2, `${seen.length} reports`)
    for (let i = 1; i < seen.length; i++) {
      assert.ok(seen[i].done >= seen[i - 1].done)
      assert.ok(seen[i].fraction >= seen[i - 1].fraction)
    }
    for (const { total, failed, done } of seen) {
      assert.equal(total, 400)
      assert.equal(failed, 0)
      assert.ok(done >= 0 && done <= 400)
    }
    assert.deepEqual(seen.at(-1), { done: 400, total: 400, failed: 0, fraction: 1 })
  })

  it('is called once more at the end, before the call settles', async () => {
    for (const [name, call] of Object.entries(combinators)) {
      const order = []
      await call([noop()], { onProgress: ({ done }) => order.push(done) }).then(() => order.push('settled'))
      assert.deepEqual(order, [1, 'settled'], name)
    }
  })

  it('counts failures, and what had settled before', async () => {
    let last
    const done = noop()
    await done
    const work = [done, gunzip('x'), noop(), gunzip('x'), done]
    const onProgress = (progress) => (last = progress)
    await rejection(parallel(work, { stopOnError: false, onProgress }))
    assert.deepEqual(last, { done: 5, total: 5, failed: 2, fraction: 1 })
  })

  it('is not called when nothing starts', async () => {
    const onProgress = () => assert.fail('called')
    await parallel([], { onProgress })
    await sequential({}, { onProgress })
    await rejection(race([], { onProgress }))
    await rejection(parallel([noop()], { onProgress, signal: AbortSignal.abort() }))
  })

  it('rejects the call with what it throws, and stops it', async () => {
    const thrown = new Error('mine')
    const onProgress = () => {
      throw thrown
    }
    const work = [sleep(FOREVER), sleep(FOREVER)]
    assert.equal(await rejection(parallel(work, { onProgress, join: true })), thrown)
    assert.equal(stats().running, 0)
    assert.equal(await rejection(parallel([noop()], { onProgress })), thrown)
  })

  it('is called no more once the call has ended', async () => {
    let ended = false
    const controller = new AbortController()
    const onProgress = () => assert.equal(ended, false)
    const promise = parallel([sleep(FOREVER)], { onProgress, signal: controller.signal, join: true })
    await delay(60)
    controller.abort('why')
    ended = true
    assert.equal(await promise.catch((reason) => reason), 'why')
    await delay(60)
  })

  it('keeps the AsyncLocalStorage of the call', async () => {
    const storage = new AsyncLocalStorage()
    const seen = new Set()
    const onProgress = () => seen.add(storage.getStore())
    const inside = () => parallel([sleep(120), noop()], { onProgress }).then(() => storage.getStore())
    assert.equal(await storage.run('store', inside), 'store')
    assert.deepEqual([...seen], ['store'])
  })
})
