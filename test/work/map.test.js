'use strict'

const assert = require('node:assert/strict')
const { map, mapSkip, run } = require('../../lib/index.js')
const { crc32, gzip, hash } = require('../../lib/tasks.js')
const { noop, sleep } = require('../../lib/testing.js')
const { FOREVER, idle, range, rejection, sent, until } = require('../support.js')

const double = (n) => n * 2

/** An iterable that says how it was used. */
function source(values, { failAt = Infinity, isAsync = false } = {}) {
  const log = { pulled: 0, closed: 0 }
  const iterator = {
    next() {
      if (log.pulled === failAt) throw new Error('the source fails')
      const done = log.pulled >= values.length
      const result = { done, value: values[log.pulled] }
      if (!done) log.pulled++
      return isAsync ? Promise.resolve(result) : result
    },
    return() {
      log.closed++
      return isAsync ? Promise.resolve({}) : {}
    },
  }
  const items = { [isAsync ? Symbol.asyncIterator : Symbol.iterator]: () => iterator }
  return { items, log }
}

describe('map', () => {
  for (const concurrency of [undefined, 1, 3, 100]) {
    describe(`with concurrency: ${concurrency}`, () => {
      const options = { concurrency }

      it('gives the results in the order of the items', async () => {
        const later = async (n) => {
          for (let i = 0; i < 5 - n; i++) await new Promise(setImmediate)
          return double(n)
        }
        assert.deepEqual(await map(range(6), later, options), range(6).map(double))
        assert.deepEqual(await map([], later, options), [])
      })

      it('takes iterables and async iterables', async () => {
        function* sync() {
          yield* range(5)
        }
        async function* asynchronous() {
          yield* range(5)
        }
        const expected = range(5).map(double)
        assert.deepEqual(await map(sync(), double, options), expected)
        assert.deepEqual(await map(asynchronous(), double, options), expected)
        assert.deepEqual(await map(new Set(range(5)), async (n) => n * 2, options), expected)
        assert.deepEqual(await map(new Map([[1, 2]]), ([a, b]) => a + b, options), [3])
        assert.deepEqual(await map(source([]).items, double, options), [])
        assert.deepEqual(await map(source([], { isAsync: true }).items, double, options), [])
      })

      it('calls the mapper with item, index and context', async () => {
        const calls = []
        const mapper = (...args) => void calls.push([args[0], args[1], args[2].index, args.length])
        await map(['a', 'b'], mapper, options)
        assert.deepEqual(calls, [['a', 0, 0, 3], ['b', 1, 1, 3]])
      })

      it('awaits promises and thenables among the items', async () => {
        let reads = 0
        const thenable = {
          get then() {
            reads++
            return (resolve) => resolve(3)
          },
        }
        const items = [1, Promise.resolve(2), thenable, crc32('a'), { not: 'a thenable' }]
        const results = await map(items, (item) => item, options)
        assert.deepEqual(results, [1, 2, 3, 3904355907, { not: 'a thenable' }])
        assert.equal(reads, 1)
      })

      it('takes any work from the mapper', async () => {
        const work = [crc32('a'), () => 1, async () => 2, Promise.resolve(3), { then: (r) => r(4) }, 5, undefined]
        const results = await map(range(7), (i) => work[i], options)
        assert.deepEqual(results, [3904355907, 1, 2, 3, 4, 5, undefined])
      })

      it('rejects with the first failure, and pulls no more', async () => {
        for (const isAsync of [false, true]) {
          const { items, log } = source(range(1000), { isAsync })
          const reason = new Error('mine')
          const mapper = (n) => (n === 2 ? Promise.reject(reason) : n)
          assert.equal(await rejection(map(items, mapper, options)), reason)
          await new Promise(setImmediate)
          if (concurrency === undefined) continue
          assert.ok(log.pulled <= 3 + concurrency, `${log.pulled} pulled`)
          assert.equal(log.closed, 1)
        }
      })

      it('goes on after failures with stopOnError: false', async () => {
        const { items, log } = source(range(6))
        const mapper = (n) => (n % 2 ? Promise.reject(n) : n)
        const error = await rejection(map(items, mapper, { ...options, stopOnError: false }))
        assert.deepEqual(error.errors, [1, 3, 5])
        assert.equal(error.code, 'ERR_HEDDLE_AGGREGATE')
        assert.deepEqual(log, { pulled: 6, closed: 0 })
      })

      it('leaves out what is skipped', async () => {
        const mapper = (n) => (n % 2 ? mapSkip : n)
        assert.deepEqual(await map(range(6), mapper, options), [0, 2, 4])
        assert.deepEqual(await map(range(6), async () => mapSkip, options), [])
      })

      it('rejects when the source fails, which is not closed then', async () => {
        for (const isAsync of [false, true]) {
          const { items, log } = source(range(9), { failAt: 2, isAsync })
          const error = await rejection(map(items, double, options))
          assert.equal(error.message, 'the source fails')
          assert.equal(log.closed, 0)
        }
      })

      it('rejects when an item does', async () => {
        const bad = Promise.reject(new Error('item'))
        assert.equal((await rejection(map([1, bad, 3], double, options))).message, 'item')
      })

      it('rejects with the reason of its signal, and closes the source', async () => {
        const { items, log } = source([1, 2, 3])
        const controller = new AbortController()
        const call = map(items, () => sleep(FOREVER), { ...options, signal: controller.signal })
        await until(() => log.pulled > 0)
        controller.abort('why')
        assert.equal(await call.catch((reason) => reason), 'why')
        await idle()
        assert.equal(log.closed, concurrency === 1 || concurrency === 3 ? 1 : 0) // or all were pulled
      })
    })
  }

  it('closes the iterator of an array that has its own', async () => {
    let closed = 0
    class Own extends Array {
      *[Symbol.iterator]() {
        try {
          yield* [1, 2, 3]
        } finally {
          closed++
        }
      }
    }
    await rejection(map(new Own(), () => Promise.reject(new Error('no')), { concurrency: 1 }))
    assert.equal(closed, 1)
  })

  it('has at most so many under way, and pulls as there is room', async () => {
    const { items, log } = source(range(20))
    let now = 0
    let most = 0
    const mapper = async () => {
      most = Math.max(most, ++now)
      assert.ok(log.pulled <= 20 && now <= 3)
      await new Promise(setImmediate)
      now--
    }
    await map(items, mapper, { concurrency: 3 })
    assert.equal(most, 3)
  })

  it('pulls an async source one at a time', async () => {
    let pulling = 0
    let most = 0
    const items = {
      [Symbol.asyncIterator]: () => ({
        i: 0,
        async next() {
          most = Math.max(most, ++pulling)
          await new Promise(setImmediate)
          pulling--
          return { done: this.i >= 6, value: this.i++ }
        },
      }),
    }
    assert.deepEqual(await map(items, double, { concurrency: 4 }), range(6).map(double))
    assert.equal(most, 1)
  })

  it('keeps the order of calls when objects are among the items', async () => {
    const order = []
    await map([{}, 1, [], 2, null], (_item, index) => void order.push(index))
    assert.deepEqual(order, [0, 1, 2, 3, 4])
  })

  it('gives makers of Tasks the item alone', async () => {
    assert.deepEqual(await map(['a', 'b'], crc32), [3904355907, 1908338681])
    assert.equal((await map(['a', 'b'], gzip, { concurrency: 1 })).length, 2)
  })

  it('runs thousands of Tasks of a generator', async () => {
    const before = await sent()
    function* numbers() {
      for (let i = 0; i < 20000; i++) yield i
    }
    const results = await map(numbers(), () => noop())
    assert.equal(results.length, 20000)
    assert.equal(await sent(), before + 20000)
  })

  it('does not mix with Tasks that others start meanwhile', async () => {
    const items = range(50)
    const calls = [
      map(items, (i) => crc32(`${i}`), { concurrency: 3 }),
      map(items, (i) => crc32(`${i}`)),
      map(items, async (i) => run(crc32(`${i}`)), { concurrency: 7 }),
      map(items, async (i) => await crc32(`${i}`)),
    ]
    const [first, ...others] = await Promise.all(calls)
    for (const other of others) assert.deepEqual(other, first)
  })

  it('retries the mapper', async () => {
    const calls = []
    const flaky = (item, _index, { attempt }) => {
      calls.push([item, attempt])
      if (attempt < 2) throw new Error('again')
      return item
    }
    const options = { retry: { retries: 1, minTimeout: 1 }, concurrency: 1 }
    assert.deepEqual(await map(['a', 'b'], flaky, options), ['a', 'b'])
    assert.deepEqual(calls, [['a', 1], ['a', 2], ['b', 1], ['b', 2]])
  })

  it('retries failing Tasks of the mapper with new ones', async () => {
    let calls = 0
    const mapper = () => (calls++ === 0 ? hash('md6', '') : crc32('a'))
    const results = await map([1, 2], mapper, { retry: { retries: 1, minTimeout: 1 } })
    assert.deepEqual(results, [3904355907, 3904355907])
  })

  it('reports progress, with the total once it is known', async () => {
    const reports = []
    const onProgress = (progress) => reports.push(progress)
    await map([1, 2], double, { onProgress })
    await map(source([1, 2]).items, double, { onProgress })
    assert.deepEqual(reports[0], { done: 2, total: 2, failed: 0, fraction: 1 })
    assert.deepEqual(reports[1], { done: 2, total: 2, failed: 0, fraction: 1 })
    const unknown = []
    const items = source([1, 2, 3])
    const fail = (n) => (n === 2 ? Promise.reject(n) : n)
    await map(items.items, fail, { concurrency: 1, onProgress: (p) => unknown.push(p) }).catch(() => {})
    assert.deepEqual(unknown, [{ done: 2, total: undefined, failed: 1, fraction: undefined }])
  })

  it('refuses what is no list of items, no mapper, no iterator', async () => {
    for (const items of [undefined, null, 5, 'text', () => [], {}, Promise.resolve([]), noop()]) {
      const error = await rejection(map(items, double))
      assert.ok(error instanceof TypeError)
      assert.match(error.message, /^map: the items must be an iterable/)
      assert.equal(error.code, 'ERR_HEDDLE_INVALID_ARG_TYPE')
    }
    for (const mapper of [undefined, null, 5, {}, noop()]) {
      const { items, log } = source([1])
      const error = await rejection(map(items, mapper))
      assert.match(error.message, /^map: argument "mapper" must be a function, got /)
      assert.equal(log.pulled, 0)
    }
    for (const iterator of [undefined, {}, { next: 5 }]) {
      const error = await rejection(map({ [Symbol.iterator]: () => iterator }, double))
      assert.match(error.message, /^map: the iterator of the items must be an object with next\(\)/)
    }
    for (const result of [undefined, 5]) {
      for (const symbol of [Symbol.iterator, Symbol.asyncIterator]) {
        const error = await rejection(map({ [symbol]: () => ({ next: () => result }) }, double))
        assert.match(error.message, /^map: the iterator's result must be an object/)
      }
    }
  })
})
