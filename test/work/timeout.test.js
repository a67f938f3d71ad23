'use strict'

const assert = require('node:assert/strict')
const { getEventListeners } = require('node:events')
const { delay, timeout } = require('../../lib/index.js')
const { crc32, hash } = require('../../lib/tasks.js')
const { noop, sleep } = require('../../lib/testing.js')
const { FOREVER, child, idle, rejection } = require('../support.js')

const never = () => new Promise(() => {})

describe('timeout', () => {
  it('settles as the work does, of every kind', async () => {
    for (const ms of [10000, Infinity]) {
      assert.equal(await timeout(crc32('a'), ms), 3904355907)
      assert.equal(await timeout(() => crc32('a'), { milliseconds: ms }), 3904355907)
      assert.equal(await timeout(async () => 'later', ms), 'later')
      assert.equal(await timeout(Promise.resolve('promise'), ms), 'promise')
      assert.equal(await timeout({ then: (resolve) => resolve('thenable') }, ms), 'thenable')
      assert.equal(await timeout(5, ms), 5)
      assert.equal((await rejection(timeout(hash('md6', ''), ms))).code, 'ERR_CRYPTO_INVALID_DIGEST')
      const reason = new Error('mine')
      assert.equal(await rejection(timeout(() => Promise.reject(reason), ms)), reason)
    }
  })

  it('rejects with a TimeoutError when it takes too long', async () => {
    const error = await rejection(timeout(never(), 5))
    assert.equal(error.name, 'TimeoutError')
    assert.equal(error.code, 'ERR_HEDDLE_TIMEOUT')
    assert.equal(error.message, 'timeout: timed out after 5 ms')
    assert.match(error.stack, /timeout\.test\.js/)
  })

  it('stops the work: a signal, a Task', async () => {
    let seen
    const error = await rejection(timeout(({ signal }) => ((seen = signal), never()), 5))
    assert.equal(seen.reason, error)
    const task = sleep(FOREVER)
    await rejection(timeout(task, 5))
    await idle()
  })

  it('does not abort the signal of what was in time', async () => {
    let seen
    await timeout(({ signal }) => void (seen = signal), 10000)
    assert.equal(seen.aborted, false)
  })

  it('takes a message, another error, or false', async () => {
    const milliseconds = 1
    const named = await rejection(timeout(never(), { milliseconds, message: 'too slow' }))
    assert.deepEqual([named.name, named.message], ['TimeoutError', 'too slow'])
    const message = new RangeError('mine')
    assert.equal(await rejection(timeout(never(), { milliseconds, message })), message)
    assert.equal(await timeout(never(), { milliseconds, message: false }), undefined)
  })

  it('takes a fallback, whose result it has', async () => {
    const milliseconds = 1
    for (const [fallback, value] of [[() => 5, 5], [async () => 6, 6]]) {
      assert.equal(await timeout(never(), { milliseconds, fallback }), value)
    }
    const reason = new Error('mine')
    const fallback = () => {
      throw reason
    }
    assert.equal(await rejection(timeout(never(), { milliseconds, fallback })), reason)
    assert.equal(await timeout(7, { milliseconds: 1000, fallback }), 7)
  })

  it('rejects with the reason of its signal', async () => {
    const controller = new AbortController()
    const call = timeout(never, { milliseconds: Infinity, signal: controller.signal })
    controller.abort('why')
    assert.equal(await call.catch((reason) => reason), 'why')
  })

  it('refuses bad arguments', async () => {
    for (const ms of [-1, NaN, 2 ** 31]) {
      assert.match((await rejection(timeout(1, ms))).message, /^timeout: option "milliseconds" must be from 0/)
    }
    for (const options of [undefined, {}, { milliseconds: '5' }]) {
      const error = await rejection(timeout(1, options))
      assert.match(error.message, /^timeout: option "milliseconds" must be a number of ms/)
    }
    const milliseconds = 1
    const bad = [{ message: 5 }, { message: null }, { fallback: 5 }, { retry: 1 }, { concurrency: 'x' }]
    for (const options of bad) {
      const error = await rejection(timeout(noop(), { milliseconds, ...options }))
      assert.ok(error instanceof TypeError)
      assert.match(error.message, /^timeout: option ["']/)
    }
  })
})

describe('delay', () => {
  it('fulfils with its value', async () => {
    assert.equal(await delay(1), undefined)
    assert.equal(await delay(0, 'value'), 'value')
    assert.equal(await delay(1, Promise.resolve('adopted')), 'adopted')
  })

  it('rejects with the reason of its signal, and leaves no listener', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const waits = Array.from({ length: 50 }, () => delay(FOREVER, 1, { signal }))
    await delay(1, 1, { signal })
    assert.equal(getEventListeners(signal, 'abort').length, 1)
    controller.abort('why')
    for (const wait of waits) assert.equal(await wait.catch((reason) => reason), 'why')
    assert.equal(await delay(1, 1, { signal }).catch((reason) => reason), 'why')
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  })

  it('keeps the process alive, but not with unref', () => {
    const script = (options) =>
      `require('./lib/index.js').delay(20, 'x', ${options}).then(console.log)`
    assert.equal(child(script('{}')).stdout, 'x\n')
    assert.equal(child(script('{ unref: true }')).stdout, '')
  })

  it('refuses bad arguments', async () => {
    for (const ms of [undefined, '5', null, {}]) {
      assert.match((await rejection(delay(ms))).message, /^delay: argument "ms" must be a number of ms/)
    }
    for (const ms of [-1, NaN, Infinity, 2 ** 31]) {
      assert.match((await rejection(delay(ms))).message, /^delay: argument "ms" must be from 0 to/)
    }
    for (const options of [{ signal: 5 }, { unref: 1 }, { ref: false }, 5]) {
      assert.ok((await rejection(delay(1, 1, options))) instanceof TypeError)
    }
  })
})
