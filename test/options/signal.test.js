'use strict'

const assert = require('node:assert/strict')
const { getEventListeners } = require('node:events')
const { inspect } = require('node:util')
const { parallel, stats } = require('../../lib/index.js')
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
