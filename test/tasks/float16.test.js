'use strict'
// Float16Arrays, where Node.js has them.

const assert = require('node:assert/strict')
const { createHash } = require('node:crypto')
const { chain, parallel, previous, sequential } = require('../../lib/index.js')
const { hash, matmul, sort, sum } = require('../../lib/tasks.js')
const { rejection } = require('../support.js')

const { Float16Array } = globalThis
const suite = Float16Array === undefined ? describe.skip : describe

suite('heddle/tasks: a Float16Array', () => {
  /** Each of its values, NaNs with all payloads, in an order of no order. */
  function everyValue() {
    const bits = new Uint16Array(65536)
    for (let i = 0; i < bits.length; i++) bits[i] = i * 40503
    return new Float16Array(bits.buffer)
  }

  function equal(given, expected) {
    assert.equal(given.constructor, Float16Array)
    assert.equal(given.length, expected.length)
    for (let i = 0; i < given.length; i++) {
      if (!Object.is(given[i], expected[i])) assert.fail(`element ${i}: ${given[i]} and ${expected[i]}`)
    }
  }

  it('is sorted', async () => {
    for (const array of [everyValue(), everyValue().subarray(7, 60), everyValue().subarray(3, 4), new Float16Array()]) {
      const before = array.slice()
      equal(await sort(array), array.toSorted())
      equal(array, before)
    }
    const bits = Uint16Array.from({ length: 300_000 }, (_, i) => (i * 40_503) % 65_536) // every value, NaNs too
    const many = new Float16Array(bits.buffer)
    equal(await sort(many), many.toSorted())
    equal(await sort(new Float16Array(40_000).fill(1.5)), new Float16Array(40_000).fill(1.5)) // more than 64 KiB
  })

  it('is summed', async () => {
    const finite = everyValue().filter((value) => Number.isFinite(value))
    assert.equal(await sum(finite), 0)
    const positive = finite.filter((value) => value > 0)
    // Multiples of 2^-24 that fit 53 bits: exact.
    assert.equal(await sum(positive), positive.reduce((total, value) => total + value, 0))
    assert.equal(await sum(positive.map((value) => -value)), -positive.reduce((total, value) => total + value, 0))
    for (const value of finite) assert.equal(await sum(Float16Array.of(value, 0)), value + 0)
    assert.equal(await sum(new Float16Array()), 0)
    assert.equal(await sum(Float16Array.of(Infinity, 1)), Infinity)
    assert.equal(await sum(Float16Array.of(-Infinity, 1)), -Infinity)
    assert.ok(Number.isNaN(await sum(Float16Array.of(Infinity, -Infinity))))
    assert.ok(Number.isNaN(await sum(Float16Array.of(NaN, 1))))
    assert.equal(await sum(new Float16Array(100_003).fill(65504)), 65504 * 100_003)
  })

  it('may have memory of any kind', async () => {
    const values = [3, -0, 0, NaN, -1]
    const sorted = Float16Array.of(...values).sort()
    for (const buffer of [new SharedArrayBuffer(16), new ArrayBuffer(16, { maxByteLength: 32 })]) {
      const array = new Float16Array(buffer, 2, 5)
      array.set(values)
      equal(await sort(array), sorted)
    }
    equal((await parallel([sort(Float16Array.of(...values))], { copy: true }))[0], sorted)
    const gone = Float16Array.of(1)
    const task = sort(gone)
    structuredClone(gone, { transfer: [gone.buffer] })
    assert.equal((await rejection(task)).code, 'ERR_HEDDLE_DETACHED')
  })

  it('is handed on', async () => {
    const array = Float16Array.of(2, 1, 0.5)
    assert.equal(await chain(sort(array), sum(previous)), 3.5)
    assert.deepEqual(await sequential([() => array, sort(previous), sum(previous)]), [array, array.toSorted(), 3.5])
  })

  it('is bytes, too', async () => {
    const array = everyValue().subarray(1)
    const expected = createHash('sha256').update(new Uint8Array(array.buffer, 2)).digest('hex')
    assert.equal(await hash('sha256', array), expected)
    const few = Float16Array.of(2, 1)
    assert.equal(await chain(sort(few), hash('sha256', previous)), await hash('sha256', few.toSorted()))
  })

  it('is refused where there is no work for it', () => {
    assert.throws(() => matmul(new Float16Array(1), new Float16Array(1), 1, 1, 1), {
      name: 'TypeError',
      code: 'ERR_HEDDLE_INVALID_ARG_TYPE',
      message: /matmul: argument "a" must be a TypedArray other than a Float16Array, got an instance of Float16Array/,
    })
  })
})
