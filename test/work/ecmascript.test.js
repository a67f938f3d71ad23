'use strict'
// Where ECMAScript says what Promise.all and its kin do, heddle does the same.

const assert = require('node:assert/strict')
const { allSettled, any, map, parallel, race, sequential } = require('../../lib/index.js')
const { noop } = require('../../lib/testing.js')
const { rejection } = require('../support.js')

const lists = { parallel, sequential, race, any, allSettled }

/** The ticks of the microtask queue until a promise's reaction runs. */
async function ticks(promise) {
  let over = false
  promise.then(
    () => (over = true),
    () => (over = true),
  )
  let count = 0
  for (; !over; count++) await undefined
  return count
}

describe('as ECMAScript', () => {
  it('a thenable: then is read once and called once, with itself as this', async () => {
    for (const [name, combinator] of Object.entries(lists)) {
      for (const options of name === 'sequential' ? [{}] : [{}, { concurrency: 1 }]) {
        const log = []
        const thenable = {
          get then() {
            log.push('read')
            return function (resolve, reject) {
              log.push(this === thenable, typeof resolve, typeof reject)
              resolve('value')
            }
          },
        }
        await combinator([thenable, thenable === null], options)
        assert.deepEqual(log, ['read', true, 'function', 'function'], name)
      }
    }
  })

  it('a thenable: not within the call, but in a microtask', async () => {
    let called = false
    const thenable = {
      then(resolve) {
        called = true
        resolve()
      },
    }
    const call = parallel([thenable])
    assert.equal(called, false)
    await call
    assert.equal(called, true)
  })

  it('a thenable that throws: only before it has resolved', async () => {
    const early = { then() { throw 'early' } } // prettier-ignore
    const late = {
      then(resolve) {
        resolve('kept')
        throw new Error('too late')
      },
    }
    assert.equal(await parallel([early]).catch((reason) => reason), 'early')
    assert.deepEqual(await parallel([late]), ['kept'])
    assert.deepEqual(await allSettled([early, late]), [
      { status: 'rejected', reason: 'early' },
      { status: 'fulfilled', value: 'kept' },
    ])
  })

  it('a thenable that settles again is not heard again', async () => {
    const twice = {
      then(resolve, reject) {
        resolve(1)
        resolve(2)
        reject(3)
      },
    }
    assert.deepEqual(await parallel([twice, twice]), [1, 1])
    assert.equal(await race([twice]), 1)
  })

  it('a thenable that never settles can be aborted', async () => {
    const never = { then() {} }
    for (const combinator of [parallel, sequential, race, any]) {
      const signal = AbortSignal.timeout(1)
      assert.equal(await rejection(combinator([never], { signal })), signal.reason)
    }
  })

  it('a thenable that gives a thenable is followed', async () => {
    const inner = { then: (resolve) => resolve('inner') }
    const outer = { then: (resolve) => resolve(inner) }
    assert.deepEqual(await parallel([outer, () => outer]), ['inner', 'inner'])
    assert.deepEqual(await map([1], () => outer), ['inner'])
  })

  it('poisoned getters fail their member', async () => {
    const poisoned = { get then() { throw 'poison' } } // prettier-ignore
    const promise = Promise.resolve(1)
    Object.defineProperty(promise, 'constructor', {
      get() {
        throw 'poison'
      },
    })
    for (const member of [poisoned, promise, () => poisoned, () => promise]) {
      for (const combinator of [parallel, sequential, race]) {
        assert.equal(await combinator([member]).catch((reason) => reason), 'poison')
      }
      for (const options of [{}, { concurrency: 1 }]) {
        const settled = await allSettled([member, 2], options)
        assert.deepEqual(settled[0], { status: 'rejected', reason: 'poison' })
      }
    }
  })

  it('a promise of a subclass is taken by its own then', async () => {
    let calls = 0
    class Counting extends Promise {
      then(...args) {
        calls++
        return super.then(...args)
      }
    }
    const promise = Counting.resolve('sub')
    assert.deepEqual(await parallel([promise]), ['sub'])
    assert.equal(calls, 1)
    const result = parallel([promise])
    assert.equal(result.constructor, Promise)
    await result
  })

  it('a proxy of a promise is refused as Promise.all refuses it', async () => {
    const proxy = new Proxy(Promise.resolve(1), {})
    const theirs = await Promise.all([proxy]).catch((error) => error)
    const ours = await parallel([proxy]).catch((error) => error)
    assert.ok(ours instanceof TypeError)
    assert.equal(ours.message, theirs.message)
  })

  it('an iterable is read in order, to its end, before anything starts', async () => {
    const log = []
    function* work() {
      for (let i = 0; i < 3; i++) {
        log.push(`yield ${i}`)
        yield () => log.push(`call ${i}`)
      }
    }
    await parallel(work())
    const expected = ['yield 0', 'yield 1', 'yield 2', 'call 0', 'call 1', 'call 2']
    assert.deepEqual(log, expected)
  })

  it('an iterator that throws is not closed, and nothing starts', async () => {
    let closed = false
    let started = false
    const broken = {
      [Symbol.iterator]() {
        let i = 0
        return {
          next() {
            if (i++ > 1) throw new RangeError('broken')
            return { done: false, value: () => (started = true) }
          },
          return: () => ((closed = true), {}),
        }
      },
    }
    for (const combinator of Object.values(lists)) {
      assert.equal((await rejection(combinator(broken))).message, 'broken')
    }
    assert.deepEqual([closed, started], [false, false])
  })

  it('results are ordinary arrays without holes, also of undefined', async () => {
    const sparse = [, () => undefined, , noop()] // eslint-disable-line no-sparse-arrays
    const results = await parallel(sparse)
    assert.deepEqual(Object.keys(results), ['0', '1', '2', '3'])
    assert.deepEqual(await parallel(sparse, { concurrency: 2 }), results)
    assert.deepEqual(Object.keys(await map(sparse.slice(0, 3), () => undefined)), ['0', '1', '2'])
  })

  it("all, allSettled, race and any settle at most a tick later than Promise's", async () => {
    const pairs = [
      [parallel, 'all'],
      [allSettled, 'allSettled'],
      [race, 'race'],
      [any, 'any'],
    ]
    const lists = {
      values: () => [1, 2, 3],
      promises: () => [Promise.resolve(1), Promise.resolve(2)],
      rejections: () => [Promise.reject(new Error('no')), Promise.resolve(2)],
      thenables: () => [{ then: (resolve) => resolve(1) }],
    }
    for (const [combinator, theirs] of pairs) {
      for (const [kind, make] of Object.entries(lists)) {
        const most = (await ticks(Promise[theirs](make()))) + 1
        const ours = await ticks(combinator(make()))
        assert.ok(ours <= most, `${theirs} of ${kind}: ${ours} ticks, theirs ${most - 1}`)
      }
      const functions = [async () => 1, () => 2]
      const most = (await ticks(Promise[theirs](functions.map((f) => f())))) + 1
      assert.ok((await ticks(combinator(functions))) <= most, `${theirs} of functions`)
    }
    assert.ok((await ticks(parallel([]))) <= (await ticks(Promise.all([]))) + 1)
  })

  it("any's errors are in input order, whatever the order of the failures", async () => {
    let fail
    const late = new Promise((_, reject) => (fail = reject))
    const call = any([late, () => Promise.reject('second'), { then: (_, reject) => reject('third') }])
    setImmediate(() => fail('first'))
    const error = await rejection(call)
    assert.ok(error instanceof AggregateError)
    assert.deepEqual(error.errors, ['first', 'second', 'third'])
    const empty = await rejection(any([]))
    assert.ok(empty instanceof AggregateError)
    assert.deepEqual(empty.errors, [])
  })
})
