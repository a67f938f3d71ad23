'use strict'
// What limiters go through: nested calls, ends at odd moments, other copies, threads.

const assert = require('node:assert/strict')
const path = require('node:path')
const { Worker } = require('node:worker_threads')
const heddle = require('../../lib/index.js')
const { Permits } = require('../../lib/call/permits.js')
const { hash } = require('../../lib/tasks.js')
const { noop, sleep } = require('../../lib/testing.js')
const { copyOf } = require('../helpers/copy.js')
const { child, FOREVER, idle, range, rejection, root, turns, until } = require('../support.js')

const { allSettled, any, delay, limiter, map, parallel, race, retry, run, sequential, stats, stream, thread } = heddle

async function drained(limit) {
  await limit.idle()
  const { active, waiting, waitingBytes, keys } = limit.stats()
  assert.deepEqual([active, waiting, waitingBytes, keys], [0, 0, 0, 0])
}

describe('Tasks under a limiter', () => {
  it('go down in groups, whatever its capacity', async () => {
    for (const capacity of [1, 3, 1000, 100_000, Infinity]) {
      const limit = limiter({ capacity })
      const count = capacity < 1000 ? 200 : 10_000
      assert.equal((await parallel(range(count).map(() => noop()), { concurrency: limit })).length, count)
      assert.equal(limit.stats().acquired, count)
      await drained(limit)
    }
  })

  it('are as many at once as it lets, in all calls together', async () => {
    const limit = limiter({ capacity: 2 })
    const controller = new AbortController()
    const options = { concurrency: limit, signal: controller.signal }
    const calls = range(4).map(() => parallel(range(3).map(() => sleep(FOREVER)), options))
    const errors = calls.map(rejection)
    await until(() => stats().running === 2)
    assert.deepEqual([limit.stats().active, limit.stats().waiting, stats().queued], [2, 10, 0])
    controller.abort()
    await Promise.all(errors)
    await idle()
    await drained(limit)
  })

  it('give back at once what was not started, when a call ends', async () => {
    const limit = limiter({ capacity: 100 })
    const threads = stats().threads
    const controller = new AbortController()
    const { signal } = controller
    // It does not look whether it is wanted.
    const call = parallel(range(100).map((i) => hash('md5', `${i}`)), { concurrency: limit, signal })
    controller.abort()
    await rejection(call)
    assert.ok(limit.stats().active <= threads, `${limit.stats().active}`)
    await drained(limit)
  })

  it('are held while they run on after their time', async () => {
    const limit = limiter({ capacity: 2 })
    const block = thread(() => {
      const until = Date.now() + 300
      while (Date.now() < until);
    }, { killAfter: Infinity })
    const error = await rejection(parallel([block(), () => 'fn'], { concurrency: limit, itemTimeout: 20, stopOnError: false }))
    assert.equal(error.errors[0].code, 'ERR_HEDDLE_TIMEOUT')
    assert.equal(limit.stats().active, 1)
    await drained(limit)
    await block.close()
  })

  it('of a list are none too many when each takes too long', async () => {
    const limit = limiter({ capacity: 1 })
    const tasks = range(5).map(() => sleep(FOREVER))
    const results = await allSettled(tasks, { concurrency: limit, itemTimeout: 5 })
    assert.deepEqual(results.map(({ reason }) => reason.code), range(5).fill('ERR_HEDDLE_TIMEOUT'))
    await drained(limit)
  })

  it('that are asked for twice go by the first', async () => {
    const [one, other] = [limiter({ capacity: 1 }), limiter({ capacity: 1 })]
    const controller = new AbortController()
    const task = sleep(FOREVER)
    const first = run(task, { concurrency: one, signal: controller.signal })
    const second = run(task, { concurrency: other, signal: controller.signal })
    const errors = [first, second].map(rejection)
    assert.deepEqual([one.stats().active, other.stats().active], [1, 0])
    assert.deepEqual(await parallel([hash('md5', 'a')].flatMap((t) => [t, t]), { concurrency: other }), range(2).fill('0cc175b9c0f1b6a831c399e269772661'))
    controller.abort()
    await Promise.all(errors)
    await drained(one)
    await drained(other)
  })

  it('that wait are bounded by their bytes', async () => {
    const limit = limiter({ capacity: 1, maxQueueBytes: 1000 })
    const token = await limit.acquire()
    const options = { concurrency: limit }
    const waits = parallel([hash('md5', Buffer.alloc(400)), hash('md5', 'x'.repeat(100))], options)
    assert.equal(limit.stats().waitingBytes, 400 + 100 + 2 * 'md5hex'.length)
    const error = await rejection(run(hash('md5', new Float64Array(100)), options))
    assert.deepEqual([error.code, limit.stats().rejected], ['ERR_HEDDLE_QUEUE_FULL', 1])
    assert.match(error.message, /^run: the limiter's queue is full, of 1000 bytes$/)
    const many = await rejection(parallel(range(3).map(() => hash('md5', Buffer.alloc(200))), options))
    assert.equal(many.code, 'ERR_HEDDLE_QUEUE_FULL')
    token.release()
    await waits
    await run(hash('md5', Buffer.alloc(5000)), options) // it need not wait
    await drained(limit)
  })

  it('hold one each in sequential, so that rates count', async () => {
    const limit = limiter({ capacity: 1 })
    const digests = await sequential([hash('md5', 'a'), hash('md5', heddle.previous), () => 1], { concurrency: limit })
    assert.equal(digests.length, 3)
    assert.equal(limit.stats().acquired, 3)
    await drained(limit)
  })

  it('may fail, in all calls, and nothing more starts', async () => {
    const limit = limiter({ capacity: 1 })
    const detached = new Uint8Array(8)
    const lost = hash('md5', detached)
    structuredClone(detached, { transfer: [detached.buffer] })
    const error = await rejection(parallel([lost, () => assert.fail('called')], { concurrency: limit }))
    assert.equal(error.code, 'ERR_HEDDLE_DETACHED')
    await drained(limit)
    const settled = await allSettled([hash('no such', ''), noop(), () => 1], { concurrency: limit })
    assert.deepEqual(settled.map(({ status }) => status), ['rejected', 'fulfilled', 'fulfilled'])
    await drained(limit)
  })
})

describe('a limiter that is shared', () => {
  it('by nested calls waits for itself: a time limit tells', async () => {
    const limit = limiter({ capacity: 1 })
    const inner = () => limit.with(() => 1, { timeout: 5 })
    assert.equal((await rejection(parallel([inner], { concurrency: limit }))).code, 'ERR_HEDDLE_TIMEOUT')
    const nested = () => parallel([() => 1], { concurrency: limit, timeout: 5 })
    assert.equal((await rejection(map([1], nested, { concurrency: limit }))).code, 'ERR_HEDDLE_TIMEOUT')
    await drained(limit)
  })

  it('by tenants lets the second one go next, past 100,000 that wait', async () => {
    const limit = limiter({ capacity: 2 })
    const order = []
    const large = parallel(range(100_000).map(() => async () => order.push('large')), { concurrency: limit, key: 'large' })
    const small = parallel([async () => order.push('small')], { concurrency: limit, key: 'small' })
    await Promise.all([large, small])
    assert.ok(order.indexOf('small') <= 4, `${order.indexOf('small')}`)
    await drained(limit)
  })

  it('lets others in between the members of a map', async () => {
    const limit = limiter({ capacity: 1 })
    const order = []
    const mapping = map(range(4), async () => order.push('map'), { concurrency: limit })
    const other = limit.with(() => order.push('other'))
    await Promise.all([mapping, other])
    assert.ok(order.indexOf('other') < 3, order.join())
    await drained(limit)
  })

  it('by copies of the package serves them as any limiter does', async () => {
    const limit = copyOf('index.js').limiter({ capacity: 2 })
    const controller = new AbortController()
    const options = { concurrency: limit, signal: controller.signal }
    assert.deepEqual(await parallel(range(7).map((i) => async () => i), options), range(7))
    assert.equal((await map(range(7), () => noop(), options)).length, 7)
    const tokens = [await limit.acquire(), await limit.acquire()]
    const waiting = rejection(parallel([() => assert.fail('called')], options))
    controller.abort()
    await waiting
    for (const token of tokens) token.release()
    await turns()
    await drained(limit)
  })
})

describe('odd moments of a limiter', () => {
  const calls = {
    parallel: (fn, options) => parallel([fn, fn], options),
    map: (fn, options) => map([1, 2], () => fn(), options),
    sequential: (fn, options) => sequential([fn, fn], options),
    race: (fn, options) => race([fn, fn], options),
    any: (fn, options) => any([fn, fn], options),
    retry: (fn, options) => retry(fn, { ...options, retries: 1, minTimeout: 0 }),
    'parallel, join': (fn, options) => parallel([fn, fn], { ...options, join: true }),
    'parallel, itemTimeout': (fn, options) => parallel([fn, fn], { ...options, itemTimeout: 60_000 }),
  }
  const functions = {
    'throw at once': () => {
      throw new Error('at once')
    },
    reject: async () => {
      throw new Error('later')
    },
    'give what throws': () => ({
      get then() {
        throw new Error('then')
      },
    }),
    'give a thenable': () => ({ then: (resolve) => resolve(1) }),
    'give a Task': () => hash('md5', 'a'),
    'give a Task that fails': () => hash('no such', 'a'),
  }
  for (const [call, start] of Object.entries(calls)) {
    for (const [what, fn] of Object.entries(functions)) {
      it(`${call}: functions that ${what} lose nothing`, async () => {
        const limit = limiter({ capacity: 1 })
        await start(fn, { concurrency: limit }).catch(() => {})
        await drained(limit)
        assert.equal(await limit.with(() => 'free'), 'free')
      })
    }
    it(`${call}: a function that aborts its call loses nothing`, async () => {
      for (const rest of [() => 1, async () => 1, () => noop(), () => new Promise(setImmediate)]) {
        const limit = limiter({ capacity: 1 })
        const controller = new AbortController()
        const fn = () => {
          controller.abort()
          return rest()
        }
        await start(fn, { concurrency: limit, signal: controller.signal }).catch(() => {})
        await drained(limit)
      }
    })
  }

  it('a call ends while the thread of its last Task is on its way out of the group', async () => {
    const limit = limiter({ capacity: 2 })
    const groups = { left: 0 }
    const call = { name: 'parallel', groups, ended: false, plain: true, link: { call: null }, stop: () => {}, end: () => {} }
    const permits = new Permits(call, limit, {})
    const request = permits.request(() => {})
    permits.ask(request, 1)
    request.ready--
    permits.mark(0)
    permits.settled(0) // the Task is told before its thread has come for the lock once more
    groups.left = 1
    call.ended = true
    permits.end()
    groups.left = 0
    permits.trim() // as for each group that has finished
    await drained(limit)
  })

  it('its capacity is lowered below what runs', async () => {
    const limit = limiter({ capacity: 4 })
    let most = 0
    const work = async (i) => {
      if (i === 3) limit.capacity = 1
      if (i > 8) most = Math.max(most, limit.stats().active)
      await turns(1)
      return i
    }
    assert.deepEqual(await map(range(20), work, { concurrency: limit }), range(20))
    assert.equal(most, 1)
    limit.capacity = 3
    assert.deepEqual(await parallel(range(20).map((i) => () => work(i)), { concurrency: limit }), range(20))
    await drained(limit)
  })

  it('pauses calls between members', async () => {
    const limit = limiter({ capacity: 1 })
    const seen = []
    const mapping = map(range(4), async (i) => {
      seen.push(i)
      if (i === 1) limit.pause()
    }, { concurrency: limit })
    await turns(10)
    assert.deepEqual([seen.length, limit.stats().active], [2, 0])
    limit.resume()
    await mapping
    await drained(limit)
  })

  it('closes while calls wait: they go on', async () => {
    const limit = limiter({ capacity: 1 })
    const both = [map(range(3), async (i) => i, { concurrency: limit }), parallel(range(3).map((i) => async () => i), { concurrency: limit })]
    const closed = limit.close()
    assert.deepEqual(await Promise.all(both), [range(3), range(3)])
    assert.equal(await closed, true)
  })

  it('has rates hold for all members', async () => {
    const limit = limiter({ interval: 40, intervalCapacity: 3 })
    const before = performance.now()
    const results = await Promise.all([
      map(range(5), async (i) => i, { concurrency: limit }),
      parallel(range(4).map((i) => async () => i), { concurrency: limit }),
    ])
    // The seventh starts two intervals after the first, at least.
    assert.ok(performance.now() - before >= 80 - 2)
    assert.deepEqual(results, [range(5), range(4)])
    await drained(limit)
  })

  it('a stream that is left early, or not read, holds nothing', async () => {
    const limit = limiter({ capacity: 3 })
    for await (const { value } of stream(range(100), async (i) => i, { concurrency: limit })) if (value > 5) break
    await drained(limit)
    async function* source() {
      yield* range(100)
    }
    for (const items of [range(100), source()]) {
      const results = stream(items, async (i) => i, { concurrency: limit, backpressure: 2 })
      await results.next()
      await turns(20)
      assert.equal(limit.stats().active, 0)
      await results.return()
      await drained(limit)
    }
  })

  it('a source that is slow holds one at most', async () => {
    const limit = limiter({ capacity: 8 })
    let go
    async function* source() {
      yield* range(8)
      await new Promise((resolve) => (go = resolve))
    }
    const mapping = map(source(), async (i) => i, { concurrency: limit })
    await until(() => go !== undefined)
    await turns(10)
    assert.ok(limit.stats().active <= 1, `${limit.stats().active}`)
    go()
    await mapping
    await drained(limit)
  })

  it('join waits for functions that hold what others wait for', async () => {
    const limit = limiter({ capacity: 1 })
    const controller = new AbortController()
    let end
    const joined = parallel([() => new Promise((resolve) => (end = resolve))], { concurrency: limit, signal: controller.signal, join: true })
    const over = rejection(joined)
    controller.abort(new Error('left'))
    const next = limit.with(() => 'next')
    await turns()
    assert.equal(limit.stats().active, 1)
    end()
    assert.equal((await over).message, 'left')
    assert.equal(await next, 'next')
  })
})

describe('the end of a limiter\'s environment', () => {
  const load = `const { delay, limiter, parallel, map } = require(${JSON.stringify(root)})\n`

  it('ends the process while somebody waits for what is never released', () => {
    const script = `${load}const limit = limiter({ capacity: 1 })
      limit.acquire(); limit.acquire(); parallel([() => 1], { concurrency: limit }); limit.close()
      process.on('exit', (code) => console.log(code))`
    const { stdout, stderr } = child(script)
    assert.deepEqual([stdout, stderr], ['0\n', ''])
    assert.equal(child(`${script}; process.exit(3)`).status, 3)
  })

  it('keeps the process until all that wait for time to pass have run', () => {
    const script = `${load}const limit = limiter({ interval: 30, intervalCapacity: 1 })
      map([1, 2, 3], (n) => console.log(n), { concurrency: limit })`
    assert.deepEqual([child(script).status, child(script).stdout], [0, '1\n2\n3\n'])
  })

  it('a thread may end while its limiter has work', async () => {
    const code = `${load}const limit = limiter({ capacity: 2 })
      const { sleep } = require(${JSON.stringify(path.join(root, 'lib', 'testing.js'))})
      parallel(Array.from({ length: 9 }, () => sleep(1e6)), { concurrency: limit })
      require('node:worker_threads').parentPort.postMessage(limit.stats().active)`
    const worker = new Worker(code, { eval: true })
    const active = await new Promise((resolve) => worker.once('message', resolve))
    assert.equal(active, 2)
    assert.equal(await worker.terminate(), 1)
    await delay(0)
  })
})
