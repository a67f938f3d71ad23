'use strict'
// Calls under a limiter.

const assert = require('node:assert/strict')
const { AsyncLocalStorage } = require('node:async_hooks')
const heddle = require('../../lib/index.js')
const { hash } = require('../../lib/tasks.js')
const { sleep } = require('../../lib/testing.js')
const { FOREVER, idle, range, rejection, turns, until } = require('../support.js')

const { limiter, allSettled, any, map, parallel, race, retry, run, sequential, stats, stream, timeout } = heddle

/** Functions that note how many run at once. */
function counted(limit) {
  const seen = { now: 0, most: 0, active: 0 }
  const work = async (value) => {
    seen.now++
    seen.most = Math.max(seen.most, seen.now)
    seen.active = Math.max(seen.active, limit.stats().active)
    await turns()
    seen.now--
    return value
  }
  return { seen, work }
}

async function drained(limit) {
  await limit.idle()
  assert.deepEqual([limit.stats().active, limit.stats().waiting], [0, 0])
}

describe('calls under a limiter', () => {
  it('share it, whatever the combinator', async () => {
    const limit = limiter({ capacity: 3 })
    const options = { concurrency: limit }
    const { seen, work } = counted(limit)
    const fns = range(10).map((i) => () => work(i))
    const collect = async (iterable) => {
      const values = []
      for await (const { value } of iterable) values.push(value)
      return values.sort((a, b) => a - b)
    }
    const all = await Promise.all([
      parallel(fns, options),
      allSettled(fns, options),
      map(range(10), work, options),
      collect(stream(range(10), work, options)),
      sequential(fns, options),
      race(fns, options),
      any(fns, options),
      retry(() => work('r'), options),
      timeout(() => work('t'), { milliseconds: 60_000, ...options }),
    ])
    assert.deepEqual(all[0], range(10))
    assert.deepEqual(all[1], range(10).map((value) => ({ status: 'fulfilled', value })))
    assert.deepEqual([all[2], all[3], all[4]], [range(10), range(10), range(10)])
    assert.deepEqual([all[7], all[8]], ['r', 't'])
    assert.deepEqual(seen, { now: seen.now, most: 3, active: 3 })
    await drained(limit)
  })

  it('have Tasks, values and promises under it, too', async () => {
    const limit = limiter({ capacity: 2 })
    const digest = await hash('md5', 'a')
    const work = () => [hash('md5', 'a'), 1, Promise.resolve(2), () => hash('md5', 'a'), () => 3]
    const expected = [digest, 1, 2, digest, 3]
    assert.deepEqual(await parallel(work(), { concurrency: limit }), expected)
    assert.deepEqual(await sequential(work(), { concurrency: limit }), expected)
    assert.deepEqual(await map(['a', 'a', 'a'], (text) => hash('md5', text), { concurrency: limit }), [digest, digest, digest])
    assert.deepEqual(await map(range(5).map((i) => Promise.resolve(i)), (i) => i, { concurrency: limit }), range(5))
    assert.equal(await run(hash('md5', 'a'), { concurrency: limit }), digest)
    await drained(limit)
  })

  it('hold tokens until functions have really ended', async () => {
    const limit = limiter({ capacity: 2 })
    let end
    const slow = new Promise((resolve) => (end = resolve))
    const error = new Error('its own')
    const failing = parallel([() => slow, () => Promise.reject(error), () => assert.fail('called')], { concurrency: limit })
    assert.equal(await rejection(failing), error)
    await turns()
    assert.deepEqual([limit.stats().active, limit.stats().waiting], [1, 0])
    const late = map([1], () => slow, { concurrency: limit, itemTimeout: 1 })
    assert.equal((await rejection(late)).code, 'ERR_HEDDLE_TIMEOUT')
    assert.equal(limit.stats().active, 2)
    end()
    await drained(limit)
  })

  it('hold tokens until Tasks are off their threads', async () => {
    const limit = limiter({ capacity: 4 })
    const controller = new AbortController()
    const options = { concurrency: limit, signal: controller.signal }
    const calls = [parallel([sleep(FOREVER)], options), map([1], () => sleep(FOREVER), options), sequential([sleep(FOREVER)], options)]
    calls.forEach((call) => call.catch(() => {}))
    await until(() => stats().running > 0)
    assert.equal(limit.stats().active, 3)
    controller.abort()
    for (const call of calls) await rejection(call)
    await idle()
    await drained(limit)
  })

  it('give the token back while a retry waits', async () => {
    const limit = limiter({ capacity: 1 })
    const seen = []
    const work = () => {
      seen.push(limit.stats().active)
      throw new Error('again')
    }
    const shouldRetry = () => seen.push(limit.stats().active)
    const options = { concurrency: limit, retry: { retries: 2, minTimeout: 0, shouldRetry } }
    assert.equal((await rejection(parallel([work], options))).message, 'again')
    assert.deepEqual(seen, [1, 0, 1, 0, 1])
    await drained(limit)
  })

  it('are refused whole, before anything starts, when the queue is too short', async () => {
    const limit = limiter({ capacity: 2, maxQueue: 3 })
    const called = []
    const fns = range(6).map((i) => async () => called.push(i))
    const error = await rejection(parallel(fns, { concurrency: limit }))
    assert.equal(error.code, 'ERR_HEDDLE_QUEUE_FULL')
    assert.deepEqual(called, [])
    assert.equal((await parallel(fns.slice(1), { concurrency: limit })).length, 5)
    assert.equal((await map(range(100), (i) => i, { concurrency: limit })).length, 100)
    await drained(limit)
  })

  it('take one place each that pull, and keep it', async () => {
    const limit = limiter({ capacity: 1, maxQueue: 1 })
    const token = await limit.acquire()
    const { work } = counted(limit)
    const mapping = map(range(20), work, { concurrency: limit })
    assert.equal(limit.stats().waiting, 1)
    assert.equal((await rejection(map([1], work, { concurrency: limit }))).code, 'ERR_HEDDLE_QUEUE_FULL')
    token.release()
    assert.equal((await mapping).length, 20)
    await drained(limit)
  })

  it('keep functions in their own context', async () => {
    const limit = limiter({ capacity: 1 })
    const storage = new AsyncLocalStorage()
    const token = await limit.acquire()
    const get = async () => storage.getStore()
    const options = { concurrency: limit }
    const calls = storage.run('mine', () => [parallel([get, get], options), map([1, 2], get, options), sequential([get], options)])
    storage.run('of another', () => token.release())
    assert.deepEqual((await Promise.all(calls)).flat(), Array(5).fill('mine'))
  })

  it('lose no token to an abort, at whatever moment', async () => {
    for (const call of [parallel, sequential, race, allSettled, (fns, options) => map(fns, (fn) => fn(), options)]) {
      for (const moment of range(12)) {
        const limit = limiter({ capacity: 1 })
        const controller = new AbortController()
        const options = { concurrency: limit, signal: controller.signal, key: 'k' }
        const promise = call(range(3).map(() => async () => {}), options)
        promise.catch(() => {})
        for (let i = 0; i < moment; i++) await undefined
        controller.abort()
        await promise.catch(() => {})
        await turns()
        await drained(limit)
      }
    }
  })

  it('go by key, weight and priority', async () => {
    const limit = limiter({ capacity: 2, capacityPerKey: 1 })
    const token = await limit.acquire({ weight: 1, key: 'other' })
    const order = []
    const noting = (name) => async () => order.push(name)
    const calls = [
      parallel([noting('a'), noting('b')], { concurrency: limit, key: 'x' }),
      map([1], noting('first'), { concurrency: limit, key: 'x', priority: 1 }),
    ]
    token.release()
    await Promise.all(calls)
    assert.deepEqual(order, ['a', 'first', 'b'])
    const error = await rejection(parallel([noting('c')], { concurrency: limit, weight: 3 }))
    assert.match(error.message, /^parallel: option "weight" must be at most 1,/)
    await drained(limit)
  })

  it('end by close(), when its time is over', async () => {
    const limit = limiter({ capacity: 1 })
    const runs = map(range(3), () => turns(), { concurrency: limit })
    assert.equal(await limit.close(), true)
    assert.equal((await runs).length, 3)
    assert.equal((await rejection(parallel([() => 1], { concurrency: limit }))).code, 'ERR_HEDDLE_CLOSED')
    const other = limiter({ capacity: 1 })
    let signal
    const stuck = parallel([(context) => new Promise(() => void ({ signal } = context))], { concurrency: other })
    stuck.catch(() => {})
    assert.equal(await other.close({ timeout: 1 }), false)
    assert.equal((await rejection(stuck)).code, 'ERR_HEDDLE_CLOSED')
    assert.equal(signal.aborted, true)
  })

  it('take an async source and a list that grows', async () => {
    const limit = limiter({ capacity: 2 })
    async function* source() {
      for (const i of range(20)) yield i
    }
    const { seen, work } = counted(limit)
    assert.deepEqual(await map(source(), work, { concurrency: limit }), range(20))
    assert.equal(seen.most, 2)
    const list = [3]
    const results = await map(list, (i) => (i > 0 && list.push(i - 1), work(i)), { concurrency: limit })
    assert.deepEqual(results, [3, 2, 1, 0])
    await drained(limit)
  })

  it('take any object with acquire()', async () => {
    let free = 2
    let most = 0
    const waiting = []
    const grant = () => {
      most = Math.max(most, 2 - --free)
      return { release: () => (free++, waiting.shift()?.()) }
    }
    const acquire = async () => (free > 0 ? grant() : new Promise((resolve) => waiting.push(() => resolve(grant()))))
    const concurrency = { acquire }
    const { work } = counted(limiter({ capacity: 1 }))
    assert.deepEqual(await parallel(range(7).map((i) => () => work(i)), { concurrency }), range(7))
    assert.deepEqual(await map(range(7), work, { concurrency }), range(7))
    assert.deepEqual(await sequential([() => 1, () => 2], { concurrency }), [1, 2])
    await turns()
    assert.deepEqual([free, most], [2, 2])
    const bad = await rejection(parallel([() => 1], { concurrency: { acquire: () => 1 } }))
    assert.match(bad.message, /^parallel: what acquire\(\) of option "concurrency" gives must be a token/)
  })

  it('refuse what is no limiter, and options that need one', async () => {
    for (const [options, message] of [
      [{ concurrency: '8' }, /^parallel: option "concurrency" must be a number or a limiter, got string '8'/],
      [{ concurrency: null }, /^parallel: option "concurrency" must be a number or a limiter, got null/],
      [{ concurrency: {} }, /^parallel: option "concurrency" must be a number or a limiter, got an instance of Object/],
      [{ key: 1 }, /^parallel: option 'key' is for a limiter as 'concurrency'/],
      [{ weight: 1, concurrency: 2 }, /^parallel: option 'weight' is for a limiter as 'concurrency'/],
    ]) {
      assert.match((await rejection(parallel([() => 1], options))).message, message)
    }
  })
})
