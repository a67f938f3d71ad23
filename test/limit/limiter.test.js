'use strict'

const assert = require('node:assert/strict')
const { limiter } = require('../../lib/index.js')
const { child, range, rejection, turns } = require('../support.js')
const { withTimers } = require('../helpers/clock.js')

/** Asks for tokens, and notes in `order` who got one, and when it was released. */
function asker(limit, order) {
  const tokens = []
  const ask = (name, options) =>
    limit.acquire(options).then((token) => {
      order.push(name)
      tokens.push(token)
    })
  /** Gives tokens back one by one until nobody waits. */
  const drain = async () => {
    for (let token; (token = tokens.shift()) !== undefined; await turns()) token.release()
  }
  return { ask, drain, tokens }
}

describe('limiter', () => {
  it('gives as many tokens as it has capacity, and others when they come back', async () => {
    const limit = limiter({ capacity: 2 })
    const [a, b] = await Promise.all([limit.acquire(), limit.acquire()])
    const third = limit.acquire()
    assert.deepEqual([limit.stats().active, limit.stats().waiting], [2, 1])
    a.release()
    const c = await third
    assert.deepEqual([a.released, b.released, c.released], [true, false, false])
    b.release()
    c.release()
    assert.deepEqual([limit.stats().active, limit.stats().acquired], [0, 3])
  })

  it('takes a token back once', async () => {
    const limit = limiter({ capacity: 2 })
    const [a, b] = [await limit.acquire(), await limit.acquire()]
    a.release()
    a.release()
    a[Symbol.dispose]()
    assert.equal(limit.stats().active, 1)
    b[Symbol.dispose]()
    assert.equal(b.released, true)
    assert.equal(limit.stats().active, 0)
  })

  it('goes by priority, and then as they came', async () => {
    const limit = limiter({ capacity: 1 })
    const order = []
    const { ask, drain } = asker(limit, order)
    for (const [name, priority] of [['a', 0], ['b', 0], ['c', 5], ['d', -1], ['e', 5], ['f', undefined]]) {
      ask(name, { priority })
    }
    await turns()
    await drain()
    assert.equal(order.join(''), 'acebfd')
  })

  it('lets keys take turns', async () => {
    const limit = limiter({ capacity: 1 })
    const order = []
    const { ask, drain } = asker(limit, order)
    for (const i of range(4)) ask(`a${i}`, { key: 'a' })
    for (const i of range(2)) ask(`b${i}`, { key: 'b' })
    ask('c0', { key: {} })
    await turns()
    await drain()
    assert.equal(order.join(' '), 'a0 b0 c0 a1 b1 a2 a3')
  })

  it('lets a new key go first, past one for which many wait', async () => {
    const limit = limiter({ capacity: 2 })
    const order = []
    const { ask, tokens } = asker(limit, order)
    for (const i of range(1000)) ask(i, { key: 'many' })
    await turns()
    tokens[0].release()
    await turns()
    ask('other', { key: 'few' })
    tokens[1].release()
    await turns()
    assert.deepEqual(order, [0, 1, 2, 'other'])
  })

  it('does not let new keys shut out the old ones', async () => {
    const limit = limiter({ capacity: 1 })
    const order = []
    const { ask, tokens } = asker(limit, order)
    for (const i of range(10)) ask(`old${i}`, { key: 'old' })
    for (const i of range(100)) {
      ask(`new${i}`, { key: i })
      await turns()
      tokens[i].release()
      await turns()
    }
    assert(order.filter((name) => name.startsWith('old')).length > 4, order.join(' '))
  })

  it('forgets keys', async () => {
    const limit = limiter({ capacity: 2, capacityPerKey: 1 })
    const a = await limit.acquire({ key: 'a' })
    const again = limit.acquire({ key: 'a' })
    const b = await limit.acquire({ key: 'b' })
    assert.equal(limit.stats().keys, 2)
    a.release()
    const next = await again
    next.release()
    b.release()
    assert.equal(limit.stats().keys, 0)
  })

  it('bounds keys, and lets others pass those that have to wait for their own', async () => {
    const limit = limiter({ capacity: 3, capacityPerKey: 1 })
    const order = []
    const { ask, drain } = asker(limit, order)
    ask('a0', { key: 'a' })
    ask('a1', { key: 'a' })
    ask('b0', { key: 'b' })
    await turns()
    assert.deepEqual(order, ['a0', 'b0'])
    await drain()
    assert.deepEqual(order, ['a0', 'b0', 'a1'])
  })

  it('counts weights; a heavy one is not overtaken', async () => {
    const limit = limiter({ capacity: 4 })
    const order = []
    const { ask, tokens } = asker(limit, order)
    for (const [name, weight] of [['a', 3], ['heavy', 4], ['light', 1]]) ask(name, { weight })
    await turns()
    assert.deepEqual(order, ['a'])
    tokens[0].release()
    await turns()
    assert.deepEqual(order, ['a', 'heavy'])
    assert.equal(limit.stats().active, 4)
    tokens[1].release()
    await turns()
    assert.deepEqual(order, ['a', 'heavy', 'light'])
  })

  it('refuses what can never run, at once', async () => {
    for (const [options, weight] of [
      [{ capacity: 4 }, 5],
      [{ capacity: 4, capacityPerKey: 2 }, 3],
      [{ interval: 10, intervalCapacity: 6 }, 7],
    ]) {
      const error = await rejection(limiter(options).acquire({ weight }))
      assert.equal(error.code, 'ERR_HEDDLE_OUT_OF_RANGE')
      assert.match(error.message, /^acquire: option "weight" must be at most \d, /)
    }
  })

  it('refuses whoever comes when its queue is full', async () => {
    const limit = limiter({ capacity: 1, maxQueue: 1 })
    const token = await limit.acquire()
    const waits = limit.acquire()
    const error = await rejection(limit.acquire())
    assert.deepEqual([error.name, error.code], ['HeddleError', 'ERR_HEDDLE_QUEUE_FULL'])
    assert.equal(limit.stats().rejected, 1)
    token.release()
    const next = await waits
    next.release()
    const none = limiter({ capacity: 1, maxQueue: 0 })
    const only = await none.acquire()
    assert.equal((await rejection(none.with(() => 1))).code, 'ERR_HEDDLE_QUEUE_FULL')
    only.release()
    assert.equal(await none.with(() => 1), 1)
  })

  it('takes a new capacity at any time', async () => {
    const limit = limiter({ capacity: 1 })
    const order = []
    const { ask, drain, tokens } = asker(limit, order)
    for (const i of range(5)) ask(i)
    await turns()
    limit.capacity = 3
    await turns()
    assert.deepEqual(order, [0, 1, 2])
    limit.capacity = 1
    tokens.shift().release()
    await turns()
    assert.equal(limit.stats().active, 2)
    await drain()
    assert.deepEqual(order, [0, 1, 2, 3, 4])
    const token = await limit.acquire()
    limit.capacity = 2
    const heavy = limit.acquire({ weight: 2 })
    limit.capacity = 1
    assert.equal((await rejection(heavy)).code, 'ERR_HEDDLE_OUT_OF_RANGE')
    token.release()
  })

  it('pauses and goes on', async () => {
    const limit = limiter({ capacity: 2 })
    const running = await limit.acquire()
    limit.pause()
    limit.pause()
    const order = []
    const { ask, drain } = asker(limit, order)
    ask('a')
    await turns()
    running.release()
    await turns()
    assert.deepEqual([order, limit.stats().paused, limit.stats().waiting], [[], true, 1])
    limit.resume()
    await turns()
    assert.deepEqual([order, limit.stats().paused], [['a'], false])
    await drain()
  })

  it('tells when nothing runs and nobody waits', async () => {
    const limit = limiter({ capacity: 1 })
    await limit.idle()
    const token = await limit.acquire()
    const next = limit.acquire()
    let idle = false
    void limit.idle().then(() => (idle = true))
    token.release()
    await turns()
    assert.equal(idle, false)
    ;(await next).release()
    await turns()
    assert.equal(idle, true)
  })

  it('says how long tokens were waited for', async () => {
    const limit = limiter({ capacity: 1 })
    assert.deepEqual(limit.stats().waitTime, { mean: 0, max: 0 })
    const token = await limit.acquire()
    const next = limit.acquire()
    await turns()
    token.release()
    ;(await next).release()
    const { mean, max } = limit.stats().waitTime
    assert(max > 0)
    assert.equal(mean, max / 2)
  })
})

describe('acquire', () => {
  it('is left by its signal, and makes way for those behind', async () => {
    const limit = limiter({ capacity: 2 })
    const token = await limit.acquire()
    const controller = new AbortController()
    const { signal } = controller
    const heavy = limit.acquire({ weight: 2, signal })
    const light = limit.acquire()
    controller.abort(new Error('enough'))
    assert.equal(await rejection(heavy), signal.reason)
    ;(await light).release()
    token.release()
    assert.equal(await rejection(limit.acquire({ signal })), signal.reason)
    assert.deepEqual([limit.stats().active, limit.stats().waiting], [0, 0])
  })

  it('keeps the token when the signal aborts after the grant', async () => {
    const limit = limiter({ capacity: 1 })
    const held = await limit.acquire()
    const controller = new AbortController()
    const next = limit.acquire({ signal: controller.signal })
    held.release()
    controller.abort()
    const token = await next
    assert.equal(limit.stats().active, 1)
    token.release()
  })

  it('tells a signal that cannot be listened to, and holds nothing', async () => {
    const limit = limiter({ capacity: 1 })
    const token = await limit.acquire()
    const signal = { aborted: false, addEventListener: () => assert.fail('no'), removeEventListener() {} }
    assert.equal((await rejection(limit.acquire({ signal }))).code, 'ERR_HEDDLE_INVALID_ARG_TYPE')
    assert.equal(limit.stats().waiting, 0)
    token.release()
  })

  describe('under a time limit', () => {
    const clock = withTimers()

    it('gives up then, with a TimeoutError that leads to the caller', async () => {
      const limit = limiter({ capacity: 1 })
      const token = await limit.acquire({ timeout: 500 })
      assert.deepEqual(clock.timers.waiting, [])
      const late = limit.acquire({ timeout: 500 })
      assert.deepEqual(clock.timers.waiting, [500])
      clock.timers.fire()
      const error = await rejection(late)
      assert.deepEqual([error.name, error.code], ['TimeoutError', 'ERR_HEDDLE_TIMEOUT'])
      assert.match(error.message, /^acquire: timed out after 500 ms/)
      assert.match(error.stack.split('\n')[1], /limiter\.test\.js/)
      const inTime = limit.acquire({ timeout: 500 })
      token.release()
      ;(await inTime).release()
      assert.deepEqual(clock.timers.waiting, [])
    })

    it('of nothing waits for nothing', async () => {
      const limit = limiter({ capacity: 1 })
      const token = await limit.acquire({ timeout: 0 })
      assert.equal((await rejection(limit.acquire({ timeout: 0 }))).code, 'ERR_HEDDLE_TIMEOUT')
      assert.deepEqual(clock.timers.asked, [])
      token.release()
    })
  })
})

describe('a rate', () => {
  it('keeps the process alive while somebody waits, and no longer', () => {
    const script = `
      const { limiter } = require('./lib/index.js')
      const limit = limiter({ interval: 50, intervalCapacity: 1 })
      limit.with(() => console.log(1))
      limit.with(() => console.log(2))
      limiter({ interval: 2 ** 30, intervalCapacity: 1 }).acquire()
    `
    const { status, stdout } = child(script)
    assert.deepEqual([status, stdout.trim().split('\n')], [0, ['1', '2']])
  })

  it('leaves no timer when those who waited have left', () => {
    const script = `
      const { limiter } = require('./lib/index.js')
      const limit = limiter({ interval: 2 ** 30, intervalCapacity: 1, maxQueue: 1 })
      const controller = new AbortController()
      limit.acquire()
      limit.acquire({ signal: controller.signal }).catch(({ name }) => console.log(name))
      limit.acquire().catch(({ code }) => console.log(code))
      controller.abort()
    `
    const { status, stdout } = child(script)
    assert.deepEqual([status, stdout.trim().split('\n').sort()], [0, ['AbortError', 'ERR_HEDDLE_QUEUE_FULL']])
  })
})

describe('bad input of limiters', () => {
  const cases = [
    [undefined, /^limiter: option "capacity" must be a number, got undefined/],
    [{}, /^limiter: option "capacity" must be a number, got undefined/],
    [8, /^limiter: options must be an object, got number 8/],
    [{ capacity: 0 }, /^limiter: option "capacity" must be an integer of at least 1, or Infinity, got number 0/],
    [{ capacity: NaN }, /^limiter: option "capacity" must be .*, got number NaN/],
    [{ capacity: -1 }, /^limiter: option "capacity" must be .*, got number -1/],
    [{ capacity: 1.5 }, /^limiter: option "capacity" must be .*, got number 1.5/],
    [{ capacity: '8' }, /^limiter: option "capacity" must be a number, got string '8'/],
    [{ capacity: 1, capacityPerKey: 0 }, /^limiter: option "capacityPerKey" must be/],
    [{ capacity: 1, maxQueue: -1 }, /^limiter: option "maxQueue" must be an integer of at least 0, or Infinity/],
    [{ capacity: 1, interval: 10 }, /^limiter: option "intervalCapacity", with an interval, must be a number/],
    [{ capacity: 1, intervalCapacity: 10 }, /^limiter: option "interval", with an intervalCapacity, must be/],
    [{ interval: 0, intervalCapacity: 1 }, /^limiter: option "interval" must be more than 0 ms/],
    [{ interval: Infinity, intervalCapacity: 1 }, /^limiter: option "interval" must be from 0 to/],
    [{ interval: 1, intervalCapacity: Infinity }, /^limiter: option "intervalCapacity" must be an integer/],
    [{ concurrency: 1 }, /^limiter: option 'concurrency' does not apply; it takes capacity, /],
  ]
  for (const [options, message] of cases) {
    it(`limiter(${JSON.stringify(options, (_key, value) => (Number.isNaN(value) ? 'NaN' : value))})`, () => {
      assert.throws(() => limiter(options), { message })
    })
  }

  it('of its methods', async () => {
    const limit = limiter({ capacity: 1 })
    for (const [promise, message] of [
      [limit.acquire({ weight: 0 }), /^acquire: option "weight" must be an integer of at least 1, got number 0/],
      [limit.acquire({ weight: '1' }), /^acquire: option "weight" must be a number/],
      [limit.acquire({ priority: NaN }), /^acquire: option "priority" must be finite/],
      [limit.acquire({ timeout: -1 }), /^acquire: option "timeout" must be from 0/],
      [limit.acquire({ retry: 1 }), /^acquire: option 'retry' does not apply/],
      [limit.with('x'), /^with: argument "fn" must be a function/],
      [limit.close({ timeout: 'x' }), /^close: option "timeout" must be a number/],
    ]) {
      assert.match((await rejection(promise)).message, message)
    }
    assert.throws(() => limit.wrap(1), /^TypeError: wrap: argument "fn" must be a function/)
    assert.throws(() => (limit.capacity = '8'), /^TypeError: limiter: property "capacity" must be a number/)
    assert.throws(() => new limit.constructor(), { code: 'ERR_HEDDLE_MISUSE' })
    assert.deepEqual([limit.capacity, limit.stats().closed], [1, false])
  })
})
