'use strict'
// The caller's code runs where a value is looked at, and may do anything there.

const assert = require('node:assert/strict')
const { map, parallel, run, sequential, chain, previous, stream, thread, allSettled } = require('../lib/index.js')
const { crc32, hash, sort } = require('../lib/tasks.js')
const { noop } = require('../lib/testing.js')

const MD5 = '5289df737df57326fcdd22597afb1fac' // of 1, 2, 3

/** Bytes of which every look at their prototypes is counted, and does something. */
function watched(look, bytes = new Uint8Array([1, 2, 3])) {
  const seen = { looks: 0 }
  const trap = (name) => (...args) => {
    seen.looks++
    look()
    return Reflect[name](...args)
  }
  const handler = { getPrototypeOf: trap('getPrototypeOf'), get: trap('get'), has: trap('has') }
  Object.setPrototypeOf(bytes, new Proxy(Object.getPrototypeOf(bytes), handler))
  return { bytes, seen }
}

const others = () => void parallel([hash('md5', 'x'), noop(), hash('md5', 'y')])

describe('an argument that is looked at', () => {
  it('runs none of its own code, when the Task is made, and when it is sent', async () => {
    const { bytes, seen } = watched(others)
    const uses = [
      () => parallel([hash('md5', 'A'), hash('md5', bytes), hash('md5', 'B')]),
      () => run(hash('md5', bytes)),
      () => hash('md5', bytes),
      () => run(chain(hash('md5', bytes), hash('md5', previous))),
      () => sequential([hash('md5', bytes), () => 1]),
      () => map([1, 2], () => hash('md5', bytes)),
      () => map([1, 2], () => hash('md5', bytes), { concurrency: 1 }),
      () => allSettled([crc32(bytes), sort(bytes)], { concurrency: 1 }),
      async () => {
        for await (const { value } of stream([1], () => hash('md5', bytes))) assert.equal(value, MD5)
      },
    ]
    for (const use of uses) await use()
    assert.equal(seen.looks, 0)
    assert.equal(await hash('md5', bytes), MD5)
  })

  it('as the result of the step before, may start other Tasks: all settle', async () => {
    const results = []
    const odd = {
      get constructor() {
        results.push(parallel([hash('md5', 'x'), hash('md5', 'y')]), hash('md5', 'z').then((text) => [text]))
        return Object
      },
    }
    // What waits in the plan when the step is looked at, and what comes behind it.
    const before = parallel([hash('md5', 'A'), () => noop(), hash('md5', 'B')])
    const steps = sequential([() => odd, hash('md5', previous), hash('md5', 'C')])
    const asked = hash('md5', 'D').then((text) => text.length)
    await assert.rejects(steps, { code: 'ERR_HEDDLE_INVALID_ARG_TYPE', index: 1 })
    assert.equal((await before).length, 3)
    assert.equal(await asked, 32)
    assert.ok(results.length > 0)
    for (const list of await Promise.all(results)) for (const text of list) assert.equal(text.length, 32)
  })

  it('as the result of the step before, may take the step away: it is in one place', async () => {
    const step = hash('md5', previous)
    let taken
    const source = {
      get [Symbol.for('heddle.file')]() {
        taken ??= run(chain(hash('md5', 'x'), step))
        return __filename
      },
    }
    await assert.rejects(sequential([() => source, step]), { code: 'ERR_HEDDLE_MISUSE', index: 1 })
    assert.equal((await taken).length, 32)
  })

  it('by a thread function, may start others: all settle', async () => {
    const double = thread((given) => given.n * 2)
    const started = []
    const given = (n) => ({
      get n() {
        if (started.length < 9) started.push(double({ n: 5 }).then((value) => value), hash('md5', 'x').then(() => 10))
        return n
      },
    })
    try {
      const list = await parallel([double(given(1)), noop(), double(given(2)), () => double(given(3))])
      assert.deepEqual(list, [2, undefined, 4, 6])
      assert.deepEqual(await map([1, 2], (n) => double(given(n))), [2, 4])
      assert.equal(await run(chain(double(given(4)))), 8)
      for (const value of await Promise.all(started)) assert.equal(value, 10)
    } finally {
      await double.terminate()
    }
  })
})
