'use strict'

const assert = require('node:assert/strict')
const { allSettled, any, map, parallel, race, run, sequential } = require('../../lib/index.js')
const { noop } = require('../../lib/testing.js')
const { rejection, sent } = require('../support.js')

const combinators = {
  parallel,
  sequential,
  race,
  any,
  allSettled,
  map: (work, options) => map(work, (item) => item, options),
  run: ([task], options) => run(task, options),
}

describe('options are checked', () => {
  const bad = {
    concurrency: [0, -1, 1.5, NaN, '2', 2n, null, true],
    signal: [null, {}, 'signal', new AbortController(), 5],
    timeout: [-1, NaN, 2 ** 31, -Infinity, '5', 5n, null],
    itemTimeout: [0, -1, NaN, 2 ** 31, '5', 5n, null],
    priority: [NaN, Infinity, -Infinity, '1', 1n, null],
    join: [0, 1, 'true', null],
    stopOnError: [0, 1, 'true', null],
    onProgress: [5, {}, null, 'text'],
  }
  const good = { concurrency: 1, timeout: 1, itemTimeout: 1, priority: 1, join: true, stopOnError: true }
  for (const [option, values] of Object.entries(bad)) {
    it(option, async () => {
      const before = await sent()
      for (const value of values) {
        const error = await rejection(parallel([noop()], { [option]: value }))
        const Class = typeof value === typeof good[option] ? RangeError : TypeError
        assert.ok(error instanceof Class, `${option}: ${String(value)}`)
        assert.match(error.code, /^ERR_HEDDLE_(INVALID_ARG_TYPE|OUT_OF_RANGE)$/)
        assert.ok(error.message.startsWith(`parallel: option "${option}" must be `), error.message)
      }
      assert.equal(await sent(), before)
    })
  }

  it('undefined counts as left out', async () => {
    const options = Object.fromEntries(Object.keys(bad).map((key) => [key, undefined]))
    assert.deepEqual(await parallel([noop()], options), [undefined])
    assert.deepEqual(await parallel([noop()], undefined), [undefined])
  })

  it('unknown ones, and ones that do not apply, are refused', async () => {
    const before = await sent()
    const refused = {
      parallel: ['concurency', 'ordered', 'toString', '__proto__x'],
      sequential: ['backpressure', 'stopOnError'],
      race: ['stopOnError', 'backpressure'],
      any: ['stopOnError'],
      allSettled: ['stopOnError', 'milliseconds'],
      map: ['ordered', 'backpressure'],
      run: ['key', 'weight', 'stopOnError', 'retry'],
    }
    for (const [name, keys] of Object.entries(refused)) {
      for (const key of keys) {
        const error = await rejection(combinators[name]([noop()], { [key]: 1 }))
        assert.ok(error instanceof TypeError)
        assert.equal(error.code, 'ERR_HEDDLE_MISUSE')
        assert.ok(error.message.startsWith(`${name}: option '${key}' `), error.message)
      }
    }
    assert.equal(await sent(), before)
  })

  it('options themselves must be an object', async () => {
    for (const options of [null, 5, 'text', [], () => {}]) {
      const error = await rejection(parallel([noop()], options))
      assert.ok(error instanceof TypeError, String(options))
      assert.match(error.message, /^parallel: options must be an object, got /)
    }
  })

  it('each is read once, and what a getter throws comes through', async () => {
    const reads = []
    const options = new Proxy({ concurrency: 1, priority: 2 }, {
      get(target, key) {
        reads.push(key)
        return target[key]
      },
    })
    await parallel([noop()], options)
    assert.deepEqual(reads, ['concurrency', 'priority'])
    const thrown = new Error('mine')
    const broken = { get timeout() { throw thrown } } // prettier-ignore
    assert.equal(await rejection(parallel([noop()], broken)), thrown)
  })

  for (const [name, call] of Object.entries(combinators)) {
    if (name === 'run' || name === 'map') continue
    it(`${name}: what is no list or object of work is refused, and nothing starts`, async () => {
      let started = false
      const spy = () => (started = true)
      class Own {
        a = spy
      }
      const asyncOnly = { async *[Symbol.asyncIterator]() {} }
      const refused = [undefined, null, 5, 'text', spy, noop(), Promise.resolve([spy]), new Own(), asyncOnly]
      for (const work of [...refused, { then: spy }, { a: spy, then: 5 }]) {
        const error = await rejection(call(work))
        assert.ok(error instanceof TypeError)
        assert.ok(error.message.startsWith(`${name}: `), error.message)
        assert.match(error.code, /^ERR_HEDDLE_(INVALID_ARG_TYPE|MISUSE)$/)
      }
      for (const concurrency of [0, -1, 1.5, NaN, '2']) {
        const error = await rejection(call([spy, noop()], { concurrency }))
        assert.ok(error instanceof TypeError || error instanceof RangeError)
        assert.match(error.message, new RegExp(`^${name}: option .concurrency.`))
      }
      assert.equal(started, false)
    })
  }
})
