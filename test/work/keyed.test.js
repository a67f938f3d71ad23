'use strict'

const assert = require('node:assert/strict')
const { allKeyed, allSettledKeyed } = require('../../lib/index.js')
const { crc32 } = require('../../lib/tasks.js')
const { rejection } = require('../support.js')

const symbol = Symbol('key')

/** An object without prototype, as results are. */
const bare = (properties) => Object.assign(Object.create(null), properties)

for (const options of [undefined, {}, { concurrency: 1 }]) {
  describe(`allKeyed and allSettledKeyed, ${JSON.stringify(options)}`, () => {
    it('take strings and symbols, in the order of the language, and give no prototype', async () => {
      const order = []
      const log = (value) => () => (order.push(value), value)
      const work = { b: log(3), [symbol]: log(4), 1: log(1), a: Promise.resolve(5), 0: log(0) }
      const results = await allKeyed(work, options)
      assert.deepEqual(results, bare({ 0: 0, 1: 1, b: 3, a: 5, [symbol]: 4 }))
      assert.deepEqual(Reflect.ownKeys(results), ['0', '1', 'b', 'a', symbol])
      assert.deepEqual(order, [0, 1, 3, 4])
      const settled = await allSettledKeyed({ [symbol]: () => 1, bad: () => Promise.reject(2) }, options)
      assert.deepEqual(settled, bare({
        bad: { status: 'rejected', reason: 2 },
        [symbol]: { status: 'fulfilled', value: 1 },
      }))
    })

    it('run Tasks, and functions that make them', async () => {
      const results = await allKeyed({ a: crc32('a'), [symbol]: () => crc32('b'), c: 1 }, options)
      assert.deepEqual(results, bare({ a: 3904355907, c: 1, [symbol]: 1908338681 }))
    })

    it('take what is own and enumerable, of any object', async () => {
      class Work {
        own = () => 1;
        ['__proto__'] = 2
        get inherited() {
          return 3
        }
      }
      const work = Object.defineProperty(new Work(), 'hidden', { value: () => assert.fail() })
      const results = await allKeyed(work, options)
      assert.deepEqual(Reflect.ownKeys(results), ['own', '__proto__'])
      assert.equal(results.__proto__, 2)
      assert.deepEqual(await allKeyed(['x', 'y'], options), bare({ 0: 'x', 1: 'y' }))
      assert.deepEqual(await allKeyed(Object.assign(() => 1, { a: 2 }), options), bare({ a: 2 }))
      assert.deepEqual(await allKeyed({}, options), bare({}))
    })

    it('give functions their key, and errors of Tasks theirs', async () => {
      const keys = await allKeyed({ a: ({ index }) => index, [symbol]: ({ index }) => index }, options)
      assert.deepEqual(keys, bare({ a: 'a', [symbol]: symbol }))
      const { gunzip } = require('../../lib/tasks.js')
      assert.equal((await rejection(allKeyed({ [symbol]: gunzip('x') }, options))).index, symbol)
    })

    it('reject what is no object of work, and what a getter throws', async () => {
      for (const call of [allKeyed, allSettledKeyed]) {
        for (const work of [undefined, null, 5, 'ab', crc32('a')]) {
          const error = await rejection(call(work, options))
          assert.equal(error.code, 'ERR_HEDDLE_INVALID_ARG_TYPE')
          assert.match(error.message, new RegExp(`^${call.name}: the work must be an object of work, got `))
        }
        assert.equal((await rejection(call({ then: 1 }, options))).code, 'ERR_HEDDLE_MISUSE')
        const error = new Error('mine')
        const getter = Object.defineProperty({ a: Promise.reject(1) }, 'b', {
          enumerable: true,
          get() {
            throw error
          },
        })
        assert.equal(await rejection(call(getter, options)), error)
      }
    })

    it('look at each property once, through a Proxy too', async () => {
      const seen = []
      const work = new Proxy({ a: 1, b: 2 }, {
        get: (target, key) => (seen.push(key), target[key]),
        getOwnPropertyDescriptor: (target, key) => (key === 'b' ? undefined : Reflect.getOwnPropertyDescriptor(target, key)),
      })
      assert.deepEqual(await allKeyed(work, options), bare({ a: 1 }))
      assert.deepEqual(seen, ['a'])
    })
  })
}

describe('allKeyed', () => {
  it('has the options of parallel', async () => {
    const bad = () => Promise.reject(new Error('bad'))
    const error = await rejection(allKeyed({ a: bad, b: bad, c: 1 }, { stopOnError: false }))
    assert.equal(error.message, 'allKeyed: 2 of 3 failed')
    assert.equal((await rejection(allKeyed({ [symbol]: crc32('a') }, { retry: 1 }))).code, 'ERR_HEDDLE_MISUSE')
    assert.match((await rejection(allSettledKeyed({}, { stopOnError: false }))).message, /^allSettledKeyed: .*stopOnError/)
  })
})
