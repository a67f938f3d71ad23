'use strict'
// heddle.hpp: results from what functions return, errors from what they throw.

const assert = require('node:assert/strict')
const path = require('node:path')
const { HeddleError, load, run } = require('heddle')
const { compileFile } = require('../helpers/plugin.js')
const { idle, rejection, until } = require('../support.js')
const { stats } = require('heddle')

describe('plugins in C++', function () {
  this.timeout(30_000)
  let cxx

  before(() => {
    cxx = load(compileFile(path.join(__dirname, 'fixtures', 'cxx.cc')))
  })

  it('return numbers, strings, booleans, bigints and null', async () => {
    assert.equal(await cxx.sum(Float64Array.of(1, 2.5)), 3.5)
    assert.equal(await cxx.text('hällo'), 'hällo?')
    assert.equal(await cxx.text('a', false), 'a!')
    assert.equal(await cxx.literal(), 'litéral')
    assert.deepEqual([await cxx.isEven(4), await cxx.isEven(-3)], [true, false])
    assert.equal(await cxx.increment(4294967294), 4294967295)
    assert.equal(await cxx.negate(5n), -5n)
    assert.deepEqual([await cxx.maybe(true), await cxx.maybe(false)], [1.5, null])
  })

  it('return vectors and arrays', async () => {
    assert.deepEqual(await cxx.twice(Float64Array.of(1, 2)), Float64Array.of(2, 4))
    assert.deepEqual(await cxx.floats(), Float32Array.of(0.5, 1.5))
    assert.deepEqual(await cxx.empty(), new Int8Array(0))
    assert.deepEqual(await cxx.longs(), BigUint64Array.of(1n, 2n ** 64n - 1n))
    assert.deepEqual(await cxx.bytes(Buffer.from([1, 2])), Buffer.from([0, 3]))
    const large = new Float32Array(50_000).fill(2)
    assert.deepEqual(await cxx.inPlace(large), new Float32Array(50_000).fill(-2))
  })

  it('return records', async () => {
    const record = { count: 3, name: 'record', big: 7n, list: Float64Array.of(1, 2), none: null }
    assert.deepEqual(await cxx.record(), record)
  })

  const thrown = [
    ['ERR_MINE', '100 % mine'],
    ['ERR_RANGE', 'far out'],
    ['ERR_HEDDLE_EXCEPTION', 'a %s of the standard library'],
    ['ERR_HEDDLE_NO_MEMORY', 'out of memory'],
    ['ERR_HEDDLE_EXCEPTION', 'an exception that is no std::exception'],
    ['ERR_HEDDLE_ARGUMENT', 'the argument is of another type, or was left out'],
    ['ERR_HEDDLE_ARGUMENT', 'there is no argument 3'],
    ['ERR_HEDDLE_EXCEPTION', /range/],
    ['ERR_HEDDLE_NO_MEMORY', 'out of memory'],
  ]
  thrown.forEach(([code, message], how) => {
    it(`throw: ${code}, ${message}`, async () => {
      const error = await rejection(cxx.throws(how))
      assert.equal(error.code, code)
      assert.ok(code === 'ERR_RANGE' ? error instanceof RangeError : error instanceof HeddleError)
      if (typeof message === 'string') assert.equal(error.message, message)
      else assert.match(error.message, message)
    })
  })

  for (const name of ['poll', 'pollingLoop']) {
    it(`are stopped by an exception: ${name}`, async () => {
      const controller = new AbortController()
      const promise = run(cxx[name](), { signal: controller.signal, join: true })
      await until(() => stats().running > 0)
      controller.abort()
      await assert.rejects(promise, { name: 'AbortError' })
      await idle()
    })
  }

  it('share loops, and throw out of them', async () => {
    const values = Float64Array.from({ length: 123_456 }, (_, i) => i)
    assert.equal(await cxx.loop(values), (123_455 * 123_456) / 2)
    assert.equal(await cxx.loop(new Float64Array(0)), 0)
    const error = await rejection(cxx.throwingLoop())
    assert.deepEqual([error.code, error.message], ['ERR_IN_LOOP', 'thrown on some thread'])
  })
})
