'use strict'
// What holds a token: functions, and what close() waits for.

const assert = require('node:assert/strict')
const { AsyncLocalStorage } = require('node:async_hooks')
const { limiter } = require('../../lib/index.js')
const { rejection, turns } = require('../support.js')
const { withTimers } = require('../helpers/clock.js')

/** What can be settled from outside. */
function deferred() {
  const made = {}
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }))
  return made
}

describe('with and wrap', () => {
  it('hold a token until what the function returns has settled', async () => {
    const limit = limiter({ capacity: 1 })
    const { promise, resolve } = deferred()
    const first = limit.with((token) => {
      assert.equal(token.released, false)
      return promise
    })
    const second = limit.with(() => 'second')
    await turns()
    assert.deepEqual([limit.stats().active, limit.stats().waiting], [1, 1])
    resolve('first')
    assert.deepEqual(await Promise.all([first, second]), ['first', 'second'])
    assert.equal(limit.stats().active, 0)
  })

  it('give it back when the function throws or rejects', async () => {
    const limit = limiter({ capacity: 1 })
    const error = new Error('its own')
    const thrower = () => {
      throw error
    }
    assert.equal(await rejection(limit.with(thrower)), error)
    assert.equal(await rejection(limit.with(() => Promise.reject(error))), error)
    assert.equal(await rejection(limit.wrap(thrower)()), error)
    assert.equal(limit.stats().active, 0)
  })

  it('let the function release it early', async () => {
    const limit = limiter({ capacity: 1 })
    await limit.with(async (token) => {
      token.release()
      await limit.with(() => assert.equal(limit.stats().active, 1))
    })
    assert.equal(limit.stats().active, 0)
  })

  it('reject at once when the signal aborts, and hold the token until the function has ended', async () => {
    const limit = limiter({ capacity: 1 })
    const controller = new AbortController()
    const { promise, resolve } = deferred()
    let heard
    const work = limit.with(
      (token) => {
        token.signal.addEventListener('abort', () => (heard = token.signal.reason))
        return promise
      },
      { signal: controller.signal },
    )
    await turns()
    controller.abort('enough')
    assert.equal(await rejection(work), 'enough')
    assert.equal(heard, 'enough')
    assert.equal(limit.stats().active, 1)
    resolve()
    await turns()
    assert.equal(limit.stats().active, 0)
  })

  it('call nothing when the signal aborts between grant and start', async () => {
    const limit = limiter({ capacity: 1 })
    const token = await limit.acquire()
    const controller = new AbortController()
    const work = limit.with(() => assert.fail('called'), { signal: controller.signal })
    token.release()
    controller.abort('enough')
    assert.equal(await rejection(work), 'enough')
    assert.equal(limit.stats().active, 0)
  })

  it('keep this, arguments, name and context', async () => {
    const limit = limiter({ capacity: 1 })
    const storage = new AsyncLocalStorage()
    const object = {
      save: limit.wrap(function save(...args) {
        return [this === object, args, storage.getStore()]
      }),
    }
    assert.equal(object.save.name, 'save')
    const held = await limit.acquire()
    const saved = storage.run('mine', () => object.save(1, 2))
    storage.run('of another', () => held.release())
    assert.deepEqual(await saved, [true, [1, 2], 'mine'])
  })

  it('lead the stacks of errors to the caller', async () => {
    const limit = limiter({ capacity: 1 })
    async function fails() {
      await undefined
      throw new Error('its own')
    }
    async function outermost() {
      await limit.with(fails)
    }
    assert.match((await rejection(outermost())).stack, /outermost/)
  })
})

describe('close', () => {
  it('refuses those who come, and waits for those who are there', async () => {
    const limit = limiter({ capacity: 1 })
    const token = await limit.acquire()
    const waits = limit.acquire()
    const closed = limit.close()
    for (const late of [limit.acquire(), limit.with(() => 1), limit.acquire({ weight: 1 })]) {
      const error = await rejection(late)
      assert.deepEqual([error.name, error.code], ['HeddleError', 'ERR_HEDDLE_CLOSED'])
    }
    token.release()
    ;(await waits).release()
    assert.equal(await closed, true)
    assert.equal(await limit.close({ timeout: 5 }), true)
    assert.equal(limit.stats().closed, true)
  })

  describe('within a time', () => {
    const clock = withTimers()

    it('stops what is left then', async () => {
      const limit = limiter({ capacity: 2 })
      const token = await limit.acquire()
      const { signal } = token
      const runs = limit.with(() => new Promise(() => {}))
      const waits = limit.acquire()
      await turns()
      const closed = limit.close({ timeout: 100 })
      assert.deepEqual(clock.timers.waiting, [100])
      clock.timers.fire()
      assert.equal(await closed, false)
      const reason = await rejection(waits)
      assert.equal(reason.code, 'ERR_HEDDLE_CLOSED')
      assert.equal(await rejection(runs), reason)
      assert.equal(signal.reason, reason)
      assert.deepEqual([limit.stats().active, limit.stats().waiting], [2, 0])
      token.release()
    })

    it('leaves no timer when all have ended', async () => {
      const limit = limiter({ capacity: 1 })
      const token = await limit.acquire()
      const closed = limit.close({ timeout: 100 })
      token.release()
      assert.equal(await closed, true)
      assert.deepEqual(clock.timers.waiting, [])
    })
  })
})
