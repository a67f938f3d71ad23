'use strict'

const assert = require('node:assert/strict')
const { parallel, retry, UnrecoverableError } = require('../../lib/index.js')
const { crc32, hash } = require('../../lib/tasks.js')
const { sleep } = require('../../lib/testing.js')
const { FOREVER, child, idle, rejection, until } = require('../support.js')

const quick = { minTimeout: 0 }

/** A function that fails so often, and what it was called with. */
function failing(times, error = new Error('again')) {
  const contexts = []
  const fn = (context) => {
    contexts.push(context)
    if (contexts.length <= times) throw error
    return contexts.length
  }
  return { fn, contexts, error }
}

describe('retry', () => {
  it('calls again until it fulfils', async () => {
    const { fn, contexts } = failing(3)
    assert.equal(await retry(fn, quick), 4)
    assert.deepEqual(contexts.map(({ attempt }) => attempt), [1, 2, 3, 4])
    for (const { signal } of contexts) assert.equal(signal.aborted, false)
  })

  it('rejects with the last error itself after the last retry', async () => {
    const { fn, contexts, error } = failing(Infinity)
    assert.equal(await rejection(retry(fn, { ...quick, retries: 2 })), error)
    assert.equal(contexts.length, 3)
    assert.equal(await rejection(retry(failing(1, error).fn, { retries: 0 })), error)
  })

  it('retries 10 times by default', async () => {
    const { fn, contexts } = failing(Infinity)
    await rejection(retry(fn, quick))
    assert.equal(contexts.length, 11)
  })

  it('takes any result, and what is no error', async () => {
    assert.equal(await retry(async () => 'later'), 'later')
    assert.equal(await retry(() => crc32('a')), 3904355907)
    assert.equal(await retry(failing(2, undefined).fn, quick), 3)
    let calls = 0
    assert.equal(await retry(() => (calls++ ? crc32('a') : hash('md6', '')), quick), 3904355907)
  })

  it('waits exponentially, as its options say', async () => {
    const { setTimeout: original } = globalThis
    const waits = async (options) => {
      const log = []
      globalThis.setTimeout = (callback, ms, ...more) => {
        log.push(ms)
        return original(callback, 0, ...more)
      }
      try {
        await rejection(retry(failing(Infinity).fn, { retries: 4, ...options }))
      } finally {
        globalThis.setTimeout = original
      }
      return log
    }
    assert.deepEqual(await waits({}), [1000, 2000, 4000, 8000])
    assert.deepEqual(await waits({ minTimeout: 10, factor: 3 }), [10, 30, 90, 270])
    assert.deepEqual(await waits({ minTimeout: 10, maxTimeout: 25 }), [10, 20, 25, 25])
    assert.deepEqual(await waits({ maxTimeout: 25 }), [25, 25, 25, 25])
    assert.deepEqual(await waits({ factor: 1, minTimeout: 7 }), [7, 7, 7, 7])
    const random = await waits({ minTimeout: 1000, factor: 1, randomize: true })
    for (const ms of random) assert.ok(ms >= 1000 && ms <= 2000, String(ms))
    assert.ok(new Set(random).size > 1)
  })

  it('waits for a number of ms, whatever the powers', async () => {
    const { setTimeout: original } = globalThis
    const most = 2 ** 31 - 1
    const waits = async (options, call) => {
      const log = new Set()
      globalThis.setTimeout = (callback, ms) => {
        log.add(ms)
        return setImmediate(callback)
      }
      try {
        await rejection(call(failing(Infinity).fn, { retries: 1100, ...options }))
      } finally {
        globalThis.setTimeout = original
      }
      return [...log]
    }
    const nothing = [
      { minTimeout: 0 },
      { minTimeout: -0 },
      { minTimeout: 0, factor: Number.MAX_VALUE },
      { minTimeout: 0, randomize: true },
      { minTimeout: 0, maxTimeout: 0 },
      { minTimeout: 0, maxTimeout: 1e9, maxRetryTime: 1e9 },
      { minTimeout: 5, maxTimeout: 0 },
      { minTimeout: 1e-9, factor: 0.1 },
    ]
    const inLists = (fn, retryOptions) => parallel([fn], { retry: retryOptions })
    for (const call of [retry, inLists]) {
      for (const options of nothing) assert.deepEqual(await waits(options, call), [0])
      assert.equal((await waits({ minTimeout: 1 }, call)).at(-1), most)
      assert.deepEqual(await waits({ minTimeout: Number.MAX_VALUE, randomize: true }, call), [most])
      assert.equal((await waits({ minTimeout: 1, maxTimeout: 7 }, call)).at(-1), 7)
    }
  })

  it('stops after maxRetryTime', async () => {
    const { fn, contexts } = failing(Infinity)
    await rejection(retry(fn, { retries: Infinity, minTimeout: 5, factor: 1, maxRetryTime: 30 }))
    assert.ok(contexts.length > 1)
    const once = failing(Infinity)
    await rejection(retry(once.fn, { ...quick, maxRetryTime: 0 }))
    assert.equal(once.contexts.length, 1)
  })

  it('tells onFailedAttempt, then asks shouldRetry; both are awaited', async () => {
    const { fn, error } = failing(Infinity)
    const log = []
    const options = {
      ...quick,
      retries: 2,
      onFailedAttempt: async (failure) => {
        await new Promise(setImmediate)
        log.push(['failed', failure])
      },
      shouldRetry: async (failure) => {
        await new Promise(setImmediate)
        log.push(['should', failure.attemptNumber])
        return failure.attemptNumber < 2
      },
    }
    assert.equal(await rejection(retry(fn, options)), error)
    assert.deepEqual(log, [
      ['failed', { error, attemptNumber: 1, retriesLeft: 2, retriesConsumed: 0 }],
      ['should', 1],
      ['failed', { error, attemptNumber: 2, retriesLeft: 1, retriesConsumed: 1 }],
      ['should', 2],
    ])
  })

  it('rejects with what onFailedAttempt or shouldRetry throws', async () => {
    for (const name of ['onFailedAttempt', 'shouldRetry']) {
      const thrown = new Error(name)
      const options = { [name]: () => Promise.reject(thrown) }
      assert.equal(await rejection(retry(failing(9).fn, options)), thrown)
    }
  })

  it('hears of a callback that rejects once the call has ended, and goes on', async () => {
    for (const name of ['onFailedAttempt', 'shouldRetry']) {
      const controller = new AbortController()
      const late = async () => {
        controller.abort('why')
        await new Promise(setImmediate)
        throw new Error('too late')
      }
      const options = { [name]: late, signal: controller.signal }
      const promise = retry(failing(9).fn, options)
      assert.equal(await promise.catch((reason) => reason), 'why')
      await new Promise(setImmediate) // mocha would hear of an unhandled rejection
    }
  })

  it('gives up with an UnrecoverableError', async () => {
    const original = new Error('404')
    assert.equal(await rejection(retry(failing(9, new UnrecoverableError(original)).fn)), original)
    const words = new UnrecoverableError('gone')
    const { fn, contexts } = failing(9, words)
    assert.equal(await rejection(retry(fn)), words)
    assert.equal(contexts.length, 1)
    assert.equal(words.name, 'UnrecoverableError')
    assert.equal(words.code, 'ERR_HEDDLE_UNRECOVERABLE')
    assert.equal(words.message, 'gone')
  })

  it('ends with its signal: while it runs, while it waits, and before', async () => {
    const reason = new Error('enough')
    for (const fn of [() => new Promise(() => {}), () => Promise.reject(1), () => sleep(FOREVER)]) {
      const controller = new AbortController()
      let calls = 0
      const counted = (context) => {
        calls++
        return fn(context)
      }
      const call = retry(counted, { minTimeout: FOREVER, signal: controller.signal })
      await until(() => calls === 1)
      await new Promise(setImmediate)
      controller.abort(reason)
      assert.equal(await rejection(call), reason)
      assert.equal(calls, 1)
      const { signal } = controller
      assert.equal(await rejection(retry(counted, { signal })), reason)
      assert.equal(calls, 1)
    }
    await idle()
  })

  it('makes no attempt after its end, though one fails then', async () => {
    const controller = new AbortController()
    let calls = 0
    let fail
    const told = []
    const fn = () => {
      calls++
      return new Promise((_, reject) => (fail = reject))
    }
    const { signal } = controller
    const call = retry(fn, { ...quick, signal, onFailedAttempt: () => told.push('failed') })
    controller.abort('over')
    assert.equal(await call.catch((e) => e), 'over')
    fail(new Error('too late'))
    for (let i = 0; i < 5; i++) await new Promise(setImmediate)
    assert.deepEqual([calls, told], [1, []])
  })

  it('has a time for each attempt, and for all', async () => {
    const signals = []
    const slow = ({ signal, attempt }) => {
      signals.push(signal)
      return attempt < 3 ? new Promise(() => {}) : 'third'
    }
    assert.equal(await retry(slow, { ...quick, itemTimeout: 5 }), 'third')
    assert.deepEqual(signals.map(({ aborted }) => aborted), [true, true, false])
    assert.equal(signals[0].reason.name, 'TimeoutError')
    const late = await rejection(retry(() => new Promise(() => {}), { timeout: 5 }))
    assert.equal(late.message, 'retry: timed out after 5 ms')
  })

  it('does not keep the process alive with unref', () => {
    const script = (unref) => `
      const { retry } = require('./lib/index.js')
      retry(() => { throw 1 }, { retries: 1, minTimeout: 20, unref: ${unref}, onFailedAttempt() { console.log('failed') } }).catch(() => {})
    `
    assert.equal(child(script(true)).stdout, 'failed\n')
    assert.equal(child(script(false)).stdout, 'failed\nfailed\n')
  })

  it('is an option of combinators, which refuse Tasks then', async () => {
    const { fn, contexts } = failing(2)
    assert.deepEqual(await parallel({ a: fn, b: 1 }, { retry: { retries: 2, ...quick } }), { a: 3, b: 1 })
    assert.deepEqual(contexts.map(({ index, attempt }) => [index, attempt]), [['a', 1], ['a', 2], ['a', 3]])
    let called = false
    for (const retryOption of [1, {}]) {
      const error = await rejection(parallel([() => (called = true), crc32('a')], { retry: retryOption }))
      assert.equal(error.code, 'ERR_HEDDLE_MISUSE')
      assert.match(error.message, /^parallel: option 'retry' is for functions; item 1 is a Task/)
    }
    assert.equal(called, false)
    assert.deepEqual(await parallel([crc32('a')], { retry: 0 }), [3904355907])
  })

  it('refuses bad arguments', async () => {
    for (const fn of [undefined, 5, crc32('a'), Promise.resolve()]) {
      const error = await rejection(retry(fn))
      assert.match(error.message, /^retry: argument "fn" must be a function, got /)
    }
    const bad = {
      retries: [-1, 1.5, NaN, '2', null],
      factor: [0, -1, NaN, Infinity, '2'],
      minTimeout: [-1, NaN, Infinity, '5'],
      maxTimeout: [-1, NaN, '5'],
      maxRetryTime: [-1, NaN, '5'],
      randomize: [1, 'yes', null],
      shouldRetry: [true, null],
      onFailedAttempt: [5, null],
      unref: [1, null],
    }
    for (const [name, values] of Object.entries(bad)) {
      for (const value of values) {
        const error = await rejection(retry(() => 1, { [name]: value }))
        assert.ok(error.message.startsWith(`retry: option "${name}" must be `), error.message)
        const field = await rejection(parallel([() => 1], { retry: { [name]: value } }))
        assert.ok(field.message.startsWith(`parallel: option "retry.${name}" must be `), field.message)
      }
    }
    for (const value of [-1, 1.5, '2', null, true]) {
      const error = await rejection(parallel([], { retry: value }))
      assert.match(error.message, /^parallel: option "retry" must be /)
    }
    const unknown = await rejection(parallel([], { retry: { tries: 2 } }))
    assert.match(unknown.message, /^parallel: option "retry" has no field 'tries'; it takes retries/)
  })
})
