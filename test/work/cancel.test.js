'use strict'
// What a call that ends early does to what it has started.

const assert = require('node:assert/strict')
const { getEventListeners } = require('node:events')
const { inspect } = require('node:util')
const { allSettled, any, map, parallel, race, sequential, timeout } = require('../../lib/index.js')
const { noop, sleep } = require('../../lib/testing.js')
const { FOREVER, idle, rejection, until } = require('../support.js')

/** A function that ends when its signal aborts, and what became of it. */
function waiter() {
  const seen = { calls: 0, signal: undefined, reason: undefined, over: false }
  const work = async (...args) => {
    const { signal } = args.at(-1)
    seen.calls++
    seen.signal = signal
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    seen.reason = signal.reason
    await new Promise(setImmediate)
    seen.over = true
    throw signal.reason
  }
  return { seen, work }
}

const fail = (error) => async () => {
  throw error
}

describe('a call that ends early', () => {
  for (const [name, combinator] of Object.entries({ parallel, sequential, race, any, allSettled })) {
    it(`${name}: aborts its functions with the reason of its signal`, async () => {
      const { seen, work } = waiter()
      const controller = new AbortController()
      const call = combinator([work], { signal: controller.signal })
      await until(() => seen.calls === 1)
      const reason = new Error('enough')
      controller.abort(reason)
      const outcome = await call.catch((error) => error)
      assert.equal(name === 'allSettled' ? outcome[0].reason : outcome, reason)
      assert.equal(seen.reason, reason)
    })

    it(`${name}: aborts its functions when its time is up`, async () => {
      const { seen, work } = waiter()
      const outcome = await combinator([work], { timeout: 1 }).catch((error) => error)
      const error = name === 'allSettled' ? outcome[0].reason : outcome
      assert.equal(error.name, 'TimeoutError')
      assert.equal(seen.reason, error)
    })

    it(`${name}: calls no more functions`, async () => {
      const controller = new AbortController()
      let calls = 0
      const stopper = () => {
        controller.abort()
        return new Promise(() => {})
      }
      const options = name === 'sequential' ? {} : { concurrency: 1 }
      const call = combinator([stopper, () => calls++], { signal: controller.signal, ...options })
      await call.catch(() => {})
      await new Promise(setImmediate)
      assert.equal(calls, 0)
    })
  }

  it('by a failure: the rest is stopped with it', async () => {
    const { seen, work } = waiter()
    const task = sleep(FOREVER)
    const error = new Error('one fails')
    assert.equal(await rejection(parallel([work, task, fail(error)])), error)
    assert.equal(seen.reason, error)
    await until(() => /not started|one fails/.test(inspect(task)))
  })

  it('by a race that is won, or any: losers are stopped, the winner is not', async () => {
    for (const combinator of [race, any]) {
      const { seen, work } = waiter()
      const task = sleep(FOREVER)
      let winner
      const win = async ({ signal }) => {
        winner = signal
        return 'won'
      }
      assert.equal(await combinator([work, task, win]), 'won')
      assert.equal(seen.reason.name, 'AbortError')
      assert.equal(seen.reason.code, 'ERR_HEDDLE_ABORTED')
      assert.equal(winner.aborted, false)
      await idle()
    }
  })

  it('gives an aborted signal to who looks later', async () => {
    let context
    const late = async (given) => {
      context = given
      await new Promise(() => {})
    }
    const error = new Error('over')
    await rejection(parallel([late, fail(error)]))
    assert.equal(context.signal.aborted, true)
    assert.equal(context.signal.reason, error)
  })

  it('gives one signal to the call, which does not abort when all went well', async () => {
    const signals = []
    const look = ({ signal }) => void signals.push(signal)
    await parallel([look, look])
    assert.equal(signals[0], signals[1])
    await new Promise(setImmediate)
    assert.equal(signals[0].aborted, false)
    await race([look, new Promise(() => {})])
    await race([look])
    assert.notEqual(signals[2], signals[3])
  })

  it('when a function itself aborts it', async () => {
    for (const options of [{}, { concurrency: 1 }, { join: true }]) {
      const controller = new AbortController()
      const work = () => {
        controller.abort('by itself')
        return sleep(FOREVER) // never starts
      }
      const { signal } = controller
      const calls = [
        parallel([noop(), work, noop(), 1], { signal, ...options }),
        sequential([noop(), work, noop(), 1], { signal, join: options.join }),
        map([1, 2], work, { signal, ...options }),
      ]
      for (const call of calls) assert.equal(await call.catch((reason) => reason), 'by itself')
    }
    await idle()
  })

  it('leaves promises and Tasks of others alone', async () => {
    const task = sleep(30)
    const mine = task.then(() => 'slept')
    const promise = new Promise((resolve) => setTimeout(resolve, 30, 'promised'))
    await race([task, promise, 1])
    assert.deepEqual(await Promise.all([mine, promise]), ['slept', 'promised'])
  })
})

describe('join with functions', () => {
  const settles = { parallel, race, any, allSettled }
  for (const [name, combinator] of Object.entries(settles)) {
    it(`${name}: waits until all that it started has stopped`, async () => {
      const { seen, work } = waiter()
      const end = name === 'parallel' ? fail(new Error('over')) : async () => 'won'
      const options = { join: true, ...(name === 'allSettled' && { timeout: 1 }) }
      await combinator([work, end], options).catch(() => {})
      assert.equal(seen.over, true)
    })
  }

  it('map: also for pulls and for closing the source', async () => {
    const { seen, work } = waiter()
    let closed = false
    async function* source() {
      try {
        yield 1
        yield 2
        yield 3
      } finally {
        await new Promise(setImmediate)
        closed = true
      }
    }
    const mapper = (item, index, context) => (item === 2 ? fail(new Error('two'))() : work(context))
    const error = await rejection(map(source(), mapper, { concurrency: 2, join: true }))
    assert.equal(error.message, 'two')
    assert.deepEqual([seen.over, closed], [true, true])
  })

  it('but not for promises in the list', async () => {
    const never = new Promise(() => {})
    assert.equal(await race([never, 1], { join: true }), 1)
  })

  it('sequential: waits for the step that runs', async () => {
    const { seen, work } = waiter()
    const error = await rejection(sequential([work], { timeout: 1, join: true }))
    assert.equal(error.name, 'TimeoutError')
    assert.equal(seen.over, true)
  })
})

describe('itemTimeout with functions', () => {
  it('fails the one that takes too long, and aborts its signal alone', async () => {
    const { seen, work } = waiter()
    let other
    const quick = ({ signal }) => {
      other = signal
      return new Promise((resolve) => setTimeout(resolve, 30))
    }
    const [first, second] = await allSettled([work, quick], { itemTimeout: 2000 / 100 })
    void second
    assert.equal(first.reason.name, 'TimeoutError')
    assert.equal(first.reason.index, 0)
    assert.match(first.reason.message, /^work: timed out after 20 ms$/)
    assert.equal(seen.reason, first.reason)
    assert.notEqual(other, seen.signal)
  })

  it('is measured from the start of each, not from the call', async () => {
    const order = []
    const hold = new Promise((resolve) => setTimeout(resolve, 60))
    const first = () => order.push('first')
    await parallel([hold, first], { concurrency: 1, itemTimeout: 50 })
    assert.deepEqual(order, ['first']) // the promise is not timed; the function began late
  })

  it('does not time promises and values', async () => {
    const slow = new Promise((resolve) => setTimeout(resolve, 30, 'slow'))
    assert.deepEqual(await parallel([slow, 5], { itemTimeout: 1 }), ['slow', 5])
  })

  it('times Tasks that functions return', async () => {
    const error = await rejection(parallel([() => sleep(FOREVER)], { itemTimeout: 5 }))
    assert.equal(error.message, 'sleep: timed out after 5 ms')
  })
})

describe('what is left behind', () => {
  it('no unhandled rejection of promises that wait, lose or come too late', async () => {
    const unhandled = []
    const listener = (reason) => unhandled.push(reason)
    process.on('unhandledRejection', listener)
    const rejected = () => Promise.reject(new Error('nobody waits'))
    const work = () => [sleep(1), rejected(), rejected, rejected(), async () => rejected()]
    await allSettled([
      parallel(work()),
      parallel(work(), { concurrency: 1 }),
      parallel(work(), { signal: AbortSignal.abort() }),
      parallel(work(), { unknown: 1 }),
      sequential(work()),
      race([1, ...work()]),
      any(work()),
      allSettled(work(), { timeout: 0 }),
      timeout(rejected(), 0),
      map([1, 2, 3], rejected, { concurrency: 2 }),
      map([rejected(), rejected()], () => 1),
    ])
    for (let i = 0; i < 5; i++) await new Promise(setImmediate)
    process.off('unhandledRejection', listener)
    assert.deepEqual(unhandled, [])
  })

  it('no listener on a signal that lives on, after 10,000 calls', async () => {
    const { signal } = new AbortController()
    const most = []
    for (let i = 0; i < 1000; i++) {
      const look = (context) => context.signal.aborted
      const calls = [
        parallel([look, 1], { signal }),
        parallel([look, 1], { signal, concurrency: 1 }),
        sequential([look, 1], { signal }),
        race([look, 1], { signal }),
        any([look], { signal }),
        allSettled([fail(new Error('no'))], { signal }),
        map([1, 2], (item, index, context) => look(context), { signal }),
        timeout(look, { milliseconds: 1000, signal }),
        parallel([fail(new Error('no'))], { signal }),
        map([1], fail(new Error('no')), { signal, stopOnError: false }),
      ]
      most.push(getEventListeners(signal, 'abort').length)
      await Promise.allSettled(calls)
    }
    assert.ok(Math.max(...most) <= 1)
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  })
})
