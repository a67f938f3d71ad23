'use strict'

const assert = require('node:assert/strict')
const { addAbortListener, getEventListeners } = require('node:events')
const { inspect } = require('node:util')
const {
  allSettled,
  any,
  delay,
  map,
  parallel,
  race,
  retry,
  run,
  sequential,
  stats,
  stream,
  timeout,
} = require('../../lib/index.js')
const { gunzip, hash, pbkdf2 } = require('../../lib/tasks.js')
const { noop, sleep } = require('../../lib/testing.js')
const { FOREVER, combinators, hold, idle, range, rejection, sent, until } = require('../support.js')

const listeners = (signal) => getEventListeners(signal, 'abort').length

describe('option signal', () => {
  for (const [name, call] of Object.entries(combinators)) {
    it(`${name}: aborted before, nothing starts`, async () => {
      const before = await sent()
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      const task = noop()
      assert.equal(await rejection(call([task], { signal })), reason)
      assert.equal(await sent(), before)
      assert.match(inspect(task), /<not started>/)
      assert.equal(listeners(signal), 0)
    })

    it(`${name}: aborted later, rejects with the reason itself`, async () => {
      for (const reason of [new Error('enough'), 'text', null, 5, { then() {} }]) {
        const controller = new AbortController()
        const { signal } = controller
        const promise = call([sleep(FOREVER)], { signal })
        await until(() => stats().running === 1)
        controller.abort(reason)
        await promise.then(assert.fail, (error) => assert.equal(error, reason))
        assert.equal(listeners(signal), 0)
        await idle()
      }
    })

    it(`${name}: its listener goes, however it ends`, async () => {
      const { signal } = new AbortController()
      await call([noop()], { signal })
      await rejection(call([gunzip('x')], { signal }))
      await rejection(call([sleep(FOREVER)], { signal, timeout: 1 }))
      await rejection(call([sleep(FOREVER)], { signal, itemTimeout: 1 }))
      await rejection(call([noop()], { signal, unknown: 1 }))
      assert.equal(listeners(signal), 0)
    })
  }

  it('rejects with an AbortError when no reason was given', async () => {
    const controller = new AbortController()
    const promise = parallel([sleep(FOREVER)], { signal: controller.signal })
    controller.abort()
    const error = await rejection(promise)
    assert.equal(error, controller.signal.reason)
    assert.equal(error.name, 'AbortError')
  })

  it('may be that of AbortSignal.timeout and AbortSignal.any', async () => {
    const late = await rejection(parallel([sleep(FOREVER)], { signal: AbortSignal.timeout(5) }))
    assert.equal(late.name, 'TimeoutError')
    const controller = new AbortController()
    const signal = AbortSignal.any([controller.signal])
    const promise = parallel([sleep(FOREVER)], { signal })
    controller.abort('why')
    assert.equal(await promise.catch((reason) => reason), 'why')
  })

  it('serves 10,000 calls with one listener', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const release = await hold()
    const tasks = range(10000).map(() => noop())
    const settled = Promise.allSettled(tasks.map((task) => parallel([task], { signal })))
    assert.ok(listeners(signal) <= 1, `${listeners(signal)} listeners`)
    controller.abort('why')
    assert.equal(listeners(signal), 0)
    const results = await settled
    assert.ok(results.every(({ status, reason }) => status === 'rejected' && reason === 'why'))
    await release()
    await until(() => tasks.every((task) => /not started/.test(inspect(task))))
  })

  it('aborted in the same turn, lets nothing run', async () => {
    const release = await hold()
    const before = stats().completed
    const controller = new AbortController()
    const work = range(20000).map(() => noop())
    const promise = parallel(work, { signal: controller.signal })
    controller.abort('why')
    assert.equal(await promise.catch((reason) => reason), 'why')
    await release()
    await idle()
    assert.equal(stats().completed, before)
  })

  it('aborted by a getter or an iterator of the call itself, starts nothing', async () => {
    const before = await sent()
    const controller = new AbortController()
    function* work() {
      yield noop()
      controller.abort('why')
    }
    const promise = parallel(work(), { signal: controller.signal })
    assert.equal(await promise.catch((reason) => reason), 'why')
    assert.equal(await sent(), before)
  })

  it('aborted once it has settled, does nothing', async () => {
    const controller = new AbortController()
    const task = hash('md5', 'a')
    await parallel([task], { signal: controller.signal })
    controller.abort()
    assert.equal((await task).length, 32)
  })

  it('rejects at once though pbkdf2 cannot be stopped', async () => {
    const controller = new AbortController()
    const task = pbkdf2('a', 'b', 1e6, 8, 'sha1')
    const promise = parallel([task], { signal: controller.signal })
    await until(() => stats().running === 1)
    controller.abort('why')
    assert.equal(await promise.catch((reason) => reason), 'why')
    assert.equal(stats().running, 1)
    await idle()
    assert.equal(await task.catch((reason) => reason), 'why')
  })
})

const never = () => new Promise(() => {})

/** All that take a signal, at work that never ends. */
const calls = {
  parallel: (signal) => parallel([never], { signal }),
  'parallel, in lanes': (signal) => parallel([never, never], { signal, concurrency: 1 }),
  sequential: (signal) => sequential([never], { signal }),
  race: (signal) => race([never, never], { signal }),
  any: (signal) => any([never], { signal }),
  allSettled: (signal) => allSettled([never], { signal }).then(([{ reason }]) => Promise.reject(reason)),
  map: (signal) => map([1], never, { signal }),
  stream: (signal) => stream([1], never, { signal }).next(),
  run: (signal) => run(sleep(FOREVER), { signal }),
  retry: (signal) => retry(never, { signal }),
  timeout: (signal) => timeout(never, { milliseconds: FOREVER, signal }),
  delay: (signal) => delay(FOREVER, 0, { signal }),
}

/** Ways to wrap the signal of a controller. */
const wrappers = {
  'a Proxy': (signal) => new Proxy(signal, {}),
  'a Proxy of a Proxy': (signal) => new Proxy(new Proxy(signal, {}), {}),
  'an object that inherits from it': (signal) => Object.create(signal),
  'an object that delegates to it': (signal) => ({
    get aborted() {
      return signal.aborted
    },
    get reason() {
      return signal.reason
    },
    addEventListener: (...args) => signal.addEventListener(...args),
    removeEventListener: (...args) => signal.removeEventListener(...args),
  }),
}

/** A signal as of old polyfills: without a reason, and any option of addEventListener. */
function oldSignal() {
  const listeners = new Set()
  return {
    aborted: false,
    listeners,
    addEventListener: (_type, listener) => listeners.add(listener),
    removeEventListener: (_type, listener) => listeners.delete(listener),
    abort() {
      this.aborted = true
      for (const listener of listeners) listener()
    },
  }
}

describe('option signal: whatever the signal', () => {
  for (const [name, call] of Object.entries(calls)) {
    it(`${name}: other listeners do not hide the abort`, async function () {
      if (addAbortListener === undefined) this.skip() // Node.js 20.0 to 20.4
      for (const capture of [false, true]) {
        for (const derive of [(signal) => signal, (signal) => AbortSignal.any([signal])]) {
          const controller = new AbortController()
          const signal = derive(controller.signal)
          signal.addEventListener('abort', (event) => event.stopImmediatePropagation(), { capture })
          const promise = call(signal)
          controller.abort('why')
          assert.equal(await promise.catch((reason) => reason), 'why')
          assert.equal(listeners(signal), 1)
        }
      }
    })

    it(`${name}: hears of it through what wraps it`, async () => {
      for (const [kind, wrap] of Object.entries(wrappers)) {
        const controller = new AbortController()
        const promises = [call(wrap(controller.signal)), call(wrap(controller.signal))]
        controller.abort('why')
        for (const promise of promises) {
          assert.equal(await promise.catch((reason) => reason), 'why', kind)
        }
        assert.equal(listeners(controller.signal), 0, kind)
      }
    })

    it(`${name}: rejects with an AbortError where there is no reason`, async () => {
      const signal = oldSignal()
      const promise = call(signal)
      assert.equal(signal.listeners.size, 1)
      signal.abort()
      assert.equal((await rejection(promise)).name, 'AbortError')
      assert.equal(signal.listeners.size, 0)
      assert.equal((await rejection(call(signal))).name, 'AbortError')
      const silent = Object.defineProperty(oldSignal(), 'reason', { get: () => assert.fail('read') })
      silent.aborted = true
      assert.equal((await rejection(call(silent))).name, 'AbortError')
    })

    it(`${name}: refuses what cannot be listened to`, async () => {
      const thrown = new Error('mine')
      const fail = () => {
        throw thrown
      }
      const whole = { aborted: false, addEventListener() {}, removeEventListener() {} }
      const throwing = [
        { ...whole, addEventListener: fail },
        Object.defineProperty({ ...whole }, 'aborted', { get: fail }),
        new Proxy(whole, { get: fail }),
      ]
      const half = [
        { ...whole, removeEventListener: undefined },
        { ...whole, addEventListener: undefined },
        { ...whole, aborted: undefined },
        new EventTarget(),
      ]
      for (const signal of [...throwing, ...half]) {
        const error = await rejection(call(signal))
        assert.equal(error.code, 'ERR_HEDDLE_INVALID_ARG_TYPE')
        assert.match(error.message, /option "signal" must be an AbortSignal, got an (object|instance of)/)
        assert.equal(error.cause, throwing.includes(signal) ? thrown : undefined)
      }
    })

    it(`${name}: settles when the listener cannot be removed, or is called at once`, async () => {
      const fail = () => assert.fail('mine')
      const kept = Object.assign(oldSignal(), { removeEventListener: fail, reason: 'why' })
      const promise = call(kept)
      kept.abort()
      assert.equal(await promise.catch((reason) => reason), 'why')
      const hasty = Object.assign(oldSignal(), { addEventListener: (_, abort) => abort(), reason: 'why' })
      assert.equal(await call(hasty).catch((reason) => reason), 'why')
    })
  }
})
