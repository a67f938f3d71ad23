'use strict'

const assert = require('node:assert/strict')
const { AsyncLocalStorage } = require('node:async_hooks')
const { getEventListeners } = require('node:events')
const {
  allSettled,
  any,
  delay,
  map,
  parallel,
  race,
  run,
  sequential,
  stats,
  stream,
} = require('../../lib/index.js')
const { gunzip } = require('../../lib/tasks.js')
const { noop, sleep } = require('../../lib/testing.js')
const { withTimers } = require('../helpers/clock.js')
const { FOREVER, combinators, range, rejection, turns } = require('../support.js')

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

const never = () => new Promise(() => {})

describe('option onProgress: promises that it returns', () => {
  const thrown = new Error('cannot draw')
  const failing = {
    'rejects at once': async () => {
      throw thrown
    },
    'rejects later': () => turns().then(() => Promise.reject(thrown)),
    'is a thenable that rejects': () => ({ then: (_resolve, reject) => reject(thrown) }),
    'is a thenable that throws': () => ({
      then() {
        throw thrown
      },
    }),
    'has a getter that throws': () => ({
      get then() {
        throw thrown
      },
    }),
    'is a Task that fails': () => gunzip('x'),
  }
  const calls = {
    parallel: (fn, options) => parallel([fn], options),
    'parallel, in lanes': (fn, options) => parallel([fn, fn], { ...options, concurrency: 1 }),
    sequential: (fn, options) => sequential([fn], options),
    race: (fn, options) => race([fn], options),
    any: (fn, options) => any([fn], options),
    allSettled: (fn, options) => allSettled([fn], options),
    map: (fn, options) => map([1], fn, options),
    run: (fn, options) => run(fn === never ? sleep(FOREVER) : noop(), options),
    async stream(fn, options) {
      for await (const { index } of stream([1], fn, options)) assert.equal(index, 0)
    },
  }

  for (const [name, call] of Object.entries(calls)) {
    for (const [how, onProgress] of Object.entries(failing)) {
      it(`${name}: one that ${how}, in the middle and at the end`, async () => {
        for (const fn of [never, () => 1, async () => 1]) {
          const error = await rejection(call(fn, { onProgress }))
          if (how === 'is a Task that fails') assert.equal(error.code, 'Z_BUF_ERROR')
          else assert.equal(error, thrown)
        }
      })
    }

    it(`${name}: waits for them before it settles`, async () => {
      const order = []
      const onProgress = async () => {
        await turns()
        order.push('told')
      }
      await call(() => 1, { onProgress }).then(() => order.push('settled'))
      assert.deepEqual(order.slice(-2), ['told', 'settled'])
    })
  }

  it('the first that fails is what the call rejects with', async () => {
    let reports = 0
    const onProgress = () => Promise.reject(new Error(`report ${++reports}`))
    assert.equal((await rejection(parallel([never], { onProgress }))).message, 'report 1')
    assert.equal(reports, 1)
  })

  it('one that fails takes the place of what the call failed with', async () => {
    const onProgress = () => Promise.reject(thrown)
    const fail = () => Promise.reject(new Error('other'))
    assert.equal(await rejection(parallel([fail], { onProgress })), thrown)
  })

  it('none is waited for once the signal or the time limit has ended the call', async () => {
    const reasons = [new Error('why')]
    for (const onProgress of [never, () => Promise.reject(thrown)]) {
      const controller = new AbortController()
      const options = { onProgress, signal: controller.signal }
      const promise = parallel([never], options)
      controller.abort(reasons[0])
      assert.equal(await rejection(promise), reasons[0])
    }
    const late = await rejection(parallel([never], { onProgress: never, timeout: 1 }))
    assert.equal(late.name, 'TimeoutError')
  })

  it('the signal or the time limit ends the wait for them, too', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const promise = parallel([() => 1], { onProgress: never, signal })
    await turns()
    assert.equal(getEventListeners(signal, 'abort').length, 1)
    controller.abort()
    assert.deepEqual(await promise, [1])
    assert.equal(getEventListeners(signal, 'abort').length, 0)
    assert.deepEqual(await parallel([() => 1], { onProgress: never, timeout: 1 }), [1])
  })

  describe('when they have settled', () => {
    const current = withTimers()

    it('no listener is left, and no timer', async () => {
      const { signal } = new AbortController()
      for (const onProgress of [() => turns(), () => Promise.reject(thrown)]) {
        await parallel([() => 1], { onProgress, signal, timeout: FOREVER }).catch(() => {})
        assert.equal(getEventListeners(signal, 'abort').length, 0)
        assert.deepEqual(current.timers.waiting, [])
      }
      assert.deepEqual(current.timers.asked, [FOREVER, FOREVER])
    })
  })
})
