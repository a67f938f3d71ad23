'use strict'

const assert = require('node:assert/strict')
const {
  any,
  chain,
  delay,
  map,
  parallel,
  previous,
  race,
  retry,
  run,
  sequential,
  stream,
  thread,
  timeout,
} = require('../../lib/index.js')
const { hash } = require('../../lib/tasks.js')
const { noop, sleep } = require('../../lib/testing.js')
const { STOPPED, Timers, replace, withTimers } = require('../helpers/clock.js')
const { FOREVER, range, rejection, turns } = require('../support.js')

async function* source() {
  yield 1
  yield 2
}

async function all(iterable) {
  const values = []
  for await (const { value } of iterable) values.push(value)
  return values
}

const never = () => new Promise(() => {})
const length = ({ length }) => length

describe('clocks that are faked: what is not timed settles', () => {
  const double = thread((n) => n * 2)
  const busy = thread(() => {
    for (;;);
  })
  const md5 = '0cc175b9c0f1b6a831c399e269772661'
  const thenable = { then: (resolve) => resolve(1) }
  const late = (promise) => rejection(promise).then(({ code }) => code)
  const forms = {
    'a Task': [() => hash('md5', 'a'), md5],
    parallel: [() => parallel([hash('md5', 'a'), () => 1, thenable, 2]), [md5, 1, 1, 2]],
    'parallel, of very many': [() => parallel(range(200_001).map(noop)).then(length), 200_001],
    'parallel, in lanes': [() => parallel([() => hash('md5', 'a'), () => 1], { concurrency: 1 }), [md5, 1]],
    sequential: [() => sequential([hash('md5', 'a'), (text) => text.length]), [md5, 32]],
    'sequential, of many': [() => sequential(range(30_000).map(noop)).then(length), 30_000],
    race: [() => race([sleep(FOREVER), hash('md5', 'a')]), md5],
    any: [() => any([() => Promise.reject(1), hash('md5', 'a')]), md5],
    run: [() => run(hash('md5', 'a')), md5],
    retry: [() => retry(() => hash('md5', 'a')), md5],
    timeout: [() => timeout(hash('md5', 'a'), FOREVER), md5],
    chain: [() => chain(hash('md5', 'a'), double(previous)), NaN],
    'map, of an async source': [() => map(source(), (n) => n), [1, 2]],
    'map, of thenables': [() => map([thenable], (n) => n), [1]],
    'map, of many': [() => map(range(30_000), () => noop()).then(length), 30_000],
    stream: [() => all(stream(source(), async (n) => n)), [1, 2]],
    'stream, of Tasks': [() => all(stream(['a'], (text) => hash('md5', text))), [md5]],
    'thread functions': [() => map(range(1000), double).then((list) => list[999]), 1998],
    onProgress: [() => parallel([hash('md5', 'a')], { onProgress() {} }), [md5]],
    'itemTimeout of a Task': [() => late(run(sleep(FOREVER), { itemTimeout: 1 })), 'ERR_HEDDLE_TIMEOUT'],
    'itemTimeout of a thread function': [() => late(run(busy(), { itemTimeout: 1 })), 'ERR_HEDDLE_TIMEOUT'],
    'itemTimeout of a mixed chain': [
      () => late(run(chain(hash('md5', 'a'), busy(previous)), { itemTimeout: 1 })),
      'ERR_HEDDLE_TIMEOUT',
    ],
  }

  after(() => Promise.all([double.terminate(), busy.terminate()]))

  for (const [name, [form, expected]] of Object.entries(forms)) {
    it(name, async () => {
      const undo = replace(STOPPED)
      try {
        assert.deepEqual(await form(), expected)
      } finally {
        undo()
      }
    })
  }
})

describe('clocks that are faked: what is timed goes by them', () => {
  const current = withTimers()

  it('delay', async () => {
    const promise = delay(FOREVER, 'value', { unref: true })
    assert.deepEqual(current.timers.waiting, [FOREVER])
    current.timers.fire()
    assert.equal(await promise, 'value')
  })

  it('the options timeout and itemTimeout', async () => {
    for (const option of ['timeout', 'itemTimeout']) {
      const promise = parallel([never], { [option]: FOREVER })
      assert.deepEqual(current.timers.waiting, [FOREVER])
      current.timers.fire()
      assert.equal((await rejection(promise)).name, 'TimeoutError')
    }
  })

  it('timeout', async () => {
    const promise = timeout(never, FOREVER)
    current.timers.fire()
    assert.equal((await rejection(promise)).name, 'TimeoutError')
  })

  it('the waits of retry, and the time for them all', async () => {
    let attempts = 0
    const fail = () => {
      attempts++
      throw new Error('no')
    }
    const options = { minTimeout: 1000, factor: 1, maxRetryTime: 2500, unref: true }
    for (const start of [() => retry(fail, options), () => parallel([fail], { retry: options })]) {
      attempts = 0
      current.timers.asked = []
      const promise = rejection(start())
      for (let i = 0; i < 4; i++) {
        await turns(1)
        current.timers.fire()
      }
      assert.equal((await promise).message, 'no')
      assert.equal(attempts, 4)
      assert.deepEqual(current.timers.asked.map(Math.round).slice(0, 2), [1000, 1000])
      assert.ok(current.timers.asked[2] <= 500)
    }
  })

  it('a timer that fires at once', async () => {
    globalThis.setTimeout = (callback) => void callback()
    const { signal } = new AbortController()
    assert.equal(await delay(FOREVER, 'value', { signal }), 'value')
    assert.equal((await rejection(parallel([never], { signal, timeout: 5 }))).name, 'TimeoutError')
    assert.equal((await rejection(parallel([never], { signal, itemTimeout: 5 }))).name, 'TimeoutError')
  })

  it('a timer is cleared by the functions that made it', async () => {
    const controllers = [new AbortController(), new AbortController()]
    const [first, second] = controllers.map(({ signal }) => rejection(delay(FOREVER, 0, { signal })))
    const made = current.timers
    const others = new Timers()
    globalThis.clearTimeout = others.clearTimeout
    for (const controller of controllers) controller.abort()
    await Promise.all([first, second])
    assert.equal(made.pending.size, 0)
  })
})

describe('no timer is left when the call has settled', () => {
  const current = withTimers()

  /** Ways in which a member ends its own call. */
  const ends = {
    'aborts it': (controller) => void controller.abort('why'),
    'aborts it later': (controller) => Promise.resolve().then(() => controller.abort('why')),
    fails: () => Promise.reject(new Error('why')),
    throws: () => {
      throw new Error('why')
    },
  }
  const combinators = { parallel, sequential, race, any }
  const options = [
    { itemTimeout: FOREVER },
    { timeout: FOREVER },
    { itemTimeout: FOREVER, timeout: FOREVER, concurrency: 1 },
    { itemTimeout: FOREVER, join: true },
    { itemTimeout: FOREVER, retry: { retries: 0 } },
    { itemTimeout: FOREVER, retry: { retries: 5, shouldRetry: () => false, maxRetryTime: 1e6 } },
  ]

  for (const [how, end] of Object.entries(ends)) {
    for (const [name, call] of Object.entries(combinators)) {
      it(`${name}: a member ${how}`, async () => {
        for (const given of options) {
          const controller = new AbortController()
          const { concurrency, ...rest } = given
          const limits = name === 'sequential' ? rest : { ...rest, concurrency }
          const member = () => {
            const value = end(controller)
            return value === undefined && !given.join ? never() : value
          }
          await rejection(call([member], { ...limits, signal: controller.signal }))
          assert.deepEqual(current.timers.waiting, [], JSON.stringify(given))
        }
      })
    }

    it(`map, stream, retry: a member ${how}`, async () => {
      const calls = [
        (fn, settings) => map([1], fn, settings),
        (fn, settings) => map(source(), fn, settings),
        (fn, settings) => stream([1], fn, settings).next(),
        (fn, settings) => retry(fn, { ...settings, retries: 0 }),
      ]
      for (const call of calls) {
        const controller = new AbortController()
        const member = () => end(controller) ?? never()
        await rejection(call(member, { itemTimeout: FOREVER, signal: controller.signal }))
        assert.deepEqual(current.timers.waiting, [])
      }
    })
  }

  it('a member returns a Task', async () => {
    const controller = new AbortController()
    const member = () => {
      controller.abort('why')
      return sleep(FOREVER)
    }
    const settings = { itemTimeout: FOREVER, signal: controller.signal }
    await rejection(parallel([member], settings))
    assert.deepEqual(current.timers.waiting, [])
  })

  it('a member waits for its next attempt', async () => {
    const fail = () => Promise.reject(new Error('no'))
    const settings = { minTimeout: FOREVER, maxRetryTime: 2 * FOREVER }
    const promise = race([fail, () => turns().then(() => 'won')], { retry: settings })
    assert.equal(await promise, 'won')
    assert.deepEqual(current.timers.waiting, [])
    assert.deepEqual(current.timers.asked.map(Math.round), [FOREVER])
  })

  it('a callback ends the call', async () => {
    const controller = new AbortController()
    const abort = () => controller.abort('why')
    for (const name of ['shouldRetry', 'onFailedAttempt']) {
      const settings = { [name]: abort, minTimeout: FOREVER }
      await rejection(retry(() => Promise.reject(new Error('no')), { ...settings, signal: controller.signal }))
      assert.deepEqual(current.timers.waiting, [])
    }
  })
})
