'use strict'
// The end of a thread's work.

const assert = require('node:assert/strict')
const { copyOf } = require('../helpers/copy.js')
const { child, FOREVER, rejection, root, until } = require('../support.js')

// Limiters of other tests are not of this one.
const heddle = copyOf('index.js', 'tasks.js', 'testing.js')
const { delay, hash, limiter, parallel, run, shutdown, sleep, stats, thread } = heddle

describe('shutdown', () => {
  it('is there at once when nothing is under way', async () => {
    assert.equal(await shutdown(), true)
    assert.equal(await shutdown({ timeout: 60_000 }), true)
  })

  it('closes limiters, and waits for what they have', async () => {
    const limit = limiter({ capacity: 1 })
    let end
    const running = parallel([() => new Promise((resolve) => (end = resolve)), () => 'waited'], { concurrency: limit })
    const down = shutdown()
    assert.equal((await rejection(limit.acquire())).code, 'ERR_HEDDLE_CLOSED')
    end('ran')
    assert.deepEqual(await running, ['ran', 'waited'])
    assert.equal(await down, true)
  })

  it('lets what is under way make its next call, on whatever thread', async () => {
    const limit = limiter({ capacity: 1 })
    const later = thread(async (text) => `${text} on a thread`)
    const request = (async () => {
      await parallel([() => delay(1)], { concurrency: limit })
      const digest = await run(hash('md5', 'a'))
      return [digest, await later('done')]
    })()
    assert.equal(await shutdown(), true)
    assert.deepEqual(await request, ['0cc175b9c0f1b6a831c399e269772661', 'done on a thread'])
    assert.equal(stats().jsThreads, 0)
    assert.equal(await later('again'), 'again on a thread') // others go on
    await later.close()
  })

  it('stops what is left when its time is over', async () => {
    const limit = limiter({ capacity: 2 })
    let signal
    const never = (context) => new Promise(() => ({ signal } = context))
    const calls = [parallel([never], { concurrency: limit }), limit.with(() => new Promise(() => {})), run(sleep(FOREVER))]
    const errors = Promise.all(calls.map(rejection))
    await until(() => stats().running === 1)
    assert.equal(await shutdown({ timeout: 1 }), false)
    for (const { code } of await errors) assert.equal(code, 'ERR_HEDDLE_CLOSED')
    assert.equal(signal.aborted, true)
    await until(() => stats().running === 0)
  })

  it('keeps the process alive until then, and no longer', () => {
    const script = `
      const { delay, limiter, parallel, shutdown } = require(${JSON.stringify(root)})
      const limit = limiter({ capacity: 1, interval: 50, intervalCapacity: 1 })
      parallel([() => console.log(1), () => console.log(2)], { concurrency: limit })
      shutdown({ timeout: 60000 }).then(console.log)`
    const { status, stdout } = child(script)
    assert.deepEqual([status, stdout], [0, '1\n2\ntrue\n'])
  })

  it('refuses bad input', async () => {
    assert.match((await rejection(shutdown({ timeout: -1 }))).message, /^shutdown: option "timeout" must be from 0/)
    assert.match((await rejection(shutdown({ after: 1 }))).message, /^shutdown: option 'after'|^shutdown: there is no option 'after'/)
    assert.match((await rejection(shutdown(5))).message, /^shutdown: options must be an object/)
  })
})
