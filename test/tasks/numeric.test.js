'use strict'
// sort, sum and matmul, against what JavaScript computes.

const assert = require('node:assert/strict')
const { Worker } = require('node:worker_threads')
const { configure, parallel, stats } = require('../../lib/index.js')
const { matmul, sort, sum } = require('../../lib/tasks.js')
const { until } = require('../helpers/load.js')
const { rejection } = require('../support.js')

const bytes = [Int8Array, Uint8Array, Uint8ClampedArray]
const integers = [...bytes, Int16Array, Uint16Array, Int32Array, Uint32Array]
const floats = [Float32Array, Float64Array]
const bigints = [BigInt64Array, BigUint64Array]
const types = [...integers, ...floats, ...bigints]
const range = (length, f = (i) => i) => Array.from({ length }, (_, i) => f(i))

/** Numbers of 32 bits, the same in every run: Marsaglia's xorshift. */
function randoms(seed) {
  let x = seed * 2654435761 || 1
  return () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return x >>> 0
  }
}

/** Any bits: of floats NaNs with all payloads, and subnormal numbers too. */
function ofRandomBits(Type, length) {
  const array = new Type(length)
  const words = new Uint8Array(array.buffer)
  const random = randoms(length + 1)
  for (let i = 0; i < words.length; i++) words[i] = random() >>> 11
  return array
}

function special(Type) {
  if (floats.includes(Type)) {
    const numbers = [NaN, -0, 0, -0, Infinity, -Infinity, 1, -1, 5e-324, -5e-324, 1e-45, -1e-45]
    return [...numbers, Number.MAX_VALUE, -Number.MAX_VALUE, 0.1, -0.1, 1.5, -1.5, NaN, 0]
  }
  const top = 2n ** BigInt(Type.BYTES_PER_ELEMENT * 8 - 1)
  const numbers = [0n, 1n, -1n, 127n, 128n, 255n, 256n, 2n ** 32n, top - 1n, top, 2n * top - 1n]
  return bigints.includes(Type) ? numbers : numbers.map(Number)
}

/** As many of the special values as asked for, mixed. */
function ofSpecial(Type, length) {
  const values = special(Type)
  const random = randoms(length + 7)
  return Type.from(range(length, () => values[random() % values.length]))
}

/**
 * Most are the same in all but their lowest byte, some also differ in the byte above it, and so
 * on: whoever looks at the highest bits that differ tells few of them apart.
 */
function ofNested(Type, length) {
  const array = new Type(length)
  const words = new Uint8Array(array.buffer)
  const size = Type.BYTES_PER_ELEMENT
  const random = randoms(length + 3)
  for (let i = 0; i < length; i++) {
    const r = random()
    const own = 1 + Math.max(0, (r % (size * 25)) - (24 * size)) // bytes
    for (let b = 0; b < size; b++) words[i * size + b] = b < own ? random() >>> 11 : 0x41
  }
  return array
}

function differs(a, b) {
  if (a.length !== b.length) return `length ${a.length} and ${b.length}`
  for (let i = 0; i < a.length; i++) {
    if (!Object.is(a[i], b[i])) return `element ${i}: ${a[i]} and ${b[i]}`
  }
  return ''
}

async function checkSort(arrays) {
  const copies = arrays.map((array) => array.slice())
  const results = await parallel(arrays.map((array) => sort(array)))
  arrays.forEach((array, i) => {
    const name = `${array.constructor.name} of ${array.length}`
    assert.equal(Buffer.compare(Buffer.from(array.buffer), Buffer.from(copies[i].buffer)), 0, name)
    assert.equal(Object.getPrototypeOf(results[i]), Object.getPrototypeOf(array), name)
    assert.notEqual(results[i].buffer, array.buffer)
    assert.equal(differs(results[i], copies[i].sort()), '', name)
  })
}

describe('heddle/tasks: sort', () => {
  for (const Type of types) {
    it(`orders a ${Type.name} as its own sort does`, () => {
      const sizes = [0, 1, ...range(199, (i) => i + 2), 255, 256, 257, 1000, 4096, 70000]
      const sorted = ofRandomBits(Type, 5000).sort()
      return checkSort([
        ...sizes.flatMap((size) => [ofRandomBits(Type, size), ofSpecial(Type, size)]),
        sorted,
        sorted.slice().reverse(),
        sorted.slice(0, 50),
        sorted.slice(0, 50).reverse(),
        new Type(5000).fill(sorted[2500]),
        new Type(30).fill(sorted[2500]),
        Type.from(range(5000, (i) => sorted[(i * i) % 3])),
        Type.from(range(5000, (i) => sorted[i < 2500 ? i : 4999 - i])),
        Type.from(special(Type)),
      ])
    })
  }

  const { threads } = configure()
  afterEach(() => configure({ threads }))

  for (const Type of types) {
    it(`orders a large ${Type.name}, by one thread or more`, async () => {
      const sorted = ofRandomBits(Type, 300_001).sort()
      const arrays = [
        ofRandomBits(Type, 131_072),
        ofRandomBits(Type, 131_073),
        ofRandomBits(Type, 700_000),
        ofSpecial(Type, 300_000),
        ofNested(Type, 400_000),
        sorted,
        sorted.slice().reverse(),
        new Type(300_000).fill(sorted[1000]),
        Type.from(sorted, (value, i) => (i === 150_000 ? sorted[0] : value)),
      ]
      for (const count of [1, 3]) {
        configure({ threads: count })
        await checkSort(arrays)
      }
    })
  }

  it('keeps to its memory when others write to what it sorts', async () => {
    for (const Type of [Uint16Array, Float64Array]) {
      const array = new Type(new SharedArrayBuffer(400_000 * Type.BYTES_PER_ELEMENT))
      const go = new Int32Array(new SharedArrayBuffer(4))
      const source = `
        const { bytes, go } = require('node:worker_threads').workerData
        Atomics.store(go, 0, 1)
        Atomics.notify(go, 0)
        for (let i = 0; Atomics.load(go, 0) === 1; i = (i + 257) % bytes.length) bytes[i] += 97`
      const bytes = new Uint8Array(array.buffer)
      const worker = new Worker(source, { eval: true, workerData: { bytes, go } })
      await Atomics.waitAsync(go, 0, 0).value
      for (let i = 0; i < 20; i++) {
        const result = await sort(array)
        assert.equal(differs(result, result.slice().sort()), '')
      }
      Atomics.store(go, 0, 0)
      await new Promise((resolve) => worker.once('exit', resolve))
    }
  })

  it('stops within a moment when nobody wants it', async () => {
    const array = ofRandomBits(Float64Array, 1_000_000)
    const stop = new AbortController()
    const many = Array.from({ length: 100 }, () => sort(array)) // one might be over before it is seen
    const call = parallel(many, { signal: stop.signal, join: true, concurrency: 1 })
    await until(() => stats().running > 0)
    stop.abort()
    await assert.rejects(call, { name: 'AbortError' })
    assert.equal(stats().running, 0)
  })

  it('takes views, a Buffer and shared memory', async () => {
    const memory = Float64Array.from([9, 8, 7, 6, 5])
    const shared = new Int16Array(new SharedArrayBuffer(8), 2, 3)
    shared.set([3, -1, 2])
    const given = [memory.subarray(1, 4), Buffer.from([3, 1, 2]), shared]
    const results = await parallel(given.map((array) => sort(array)))
    const expected = [Float64Array.of(6, 7, 8), Uint8Array.of(1, 2, 3), Int16Array.of(-1, 2, 3)]
    assert.deepEqual(results, expected)
    assert.ok(results[2].buffer instanceof ArrayBuffer)
    assert.deepEqual([...memory], [9, 8, 7, 6, 5])
    assert.deepEqual([...shared], [3, -1, 2])
  })
})

const MAX = 2n ** 63n - 1n

/** The sum, rounded once. Of numbers that are whole multiples of 2 ** -200. */
function exactSum(array) {
  const scale = 2 ** 200
  let total = 0n
  for (const value of array) total += BigInt(value * scale)
  return Number(total) / scale
}

describe('heddle/tasks: sum', () => {
  const known = [
    [Float64Array.of(1, 1e100, 1, -1e100), 2],
    [Float64Array.of(1e100, 1, -1e100), 1],
    [Float64Array.from({ length: 40 }, (_, i) => [1, 1e100, 1, -1e100][i % 4]), 20],
    [Float64Array.of(1, 1e16, -1e16), 1],
    [Float64Array.of(0.1, 0.2, 0.3, -0.6), exactSum([0.1, 0.2, 0.3, -0.6])],
    [Float64Array.of(Infinity, 1), Infinity],
    [Float64Array.of(1, -Infinity, 1e308), -Infinity],
    [Float64Array.of(Infinity, -Infinity), NaN],
    [Float64Array.of(1, NaN, 1), NaN],
    [Float64Array.of(1e308, 1e308), Infinity],
    [Float64Array.of(5e-324, 5e-324), 1e-323],
    [new Float64Array(40000).fill(Infinity), Infinity],
    [new Float64Array(40000).fill(1, 20000).fill(NaN, 39999), NaN],
    [Float32Array.of(1, 1e30, 1, -1e30), 2],
    [Float32Array.of(16777216, 1, 1), 16777218],
    [Float32Array.of(3e38, 3e38), Math.fround(3e38) * 2],
    [Float32Array.of(Infinity, -Infinity), NaN],
    [new Float32Array(100000).fill(0.1), Math.fround(0.1) * 100000],
    ...[...integers, ...floats].map((Type) => [new Type(0), 0]),
    ...bigints.map((Type) => [new Type(0), 0n]),
    [BigInt64Array.of(MAX, MAX, -MAX, -5n), MAX - 5n],
    [BigInt64Array.of(-MAX - 1n, -1n, 1n), -MAX - 1n],
    [BigUint64Array.of(2n ** 64n - 1n), 2n ** 64n - 1n],
    [BigUint64Array.of(MAX, MAX, 1n), 2n ** 64n - 1n],
    [Float64Array.of(1, 2, 3, 4).subarray(1, 3), 5],
    [Buffer.from([1, 2, 3]), 6],
  ]
  it('of known values', async () => {
    const sums = await parallel(known.map(([array]) => sum(array)))
    known.forEach(([array, expected], i) => {
      assert.ok(Object.is(sums[i], expected), `of ${array}: ${sums[i]}, not ${expected}`)
    })
  })

  for (const Type of floats) {
    it(`of a ${Type.name} is rounded about once`, async () => {
      const random = randoms(3)
      const mixed = (i) => (random() - 2 ** 31) * 2 ** ((i % 40) - 60)
      const arrays = [
        ...[10, 1000, 16384, 100001].map((n) => new Type(n).fill(0.1)),
        ...[8, 100, 50000].map((n) => Type.from(range(n, () => random() / 2 ** 32))),
        ...[9, 1000, 30000].map((n) => Type.from(range(n, mixed))),
      ]
      const sums = await parallel(arrays.map((array) => sum(array)))
      arrays.forEach((array, i) => {
        const expected = exactSum(array)
        const magnitude = array.reduce((total, value) => total + Math.abs(value), 0)
        // Neumaier's bound: once rounded, and terms of second order.
        const bound = 2 ** -52 * Math.abs(expected) + array.length ** 2 * 2 ** -105 * magnitude
        const error = Math.abs(sums[i] - expected)
        assert.ok(error <= bound, `${array.length}: ${sums[i]}, not ${expected}`)
      })
    })
  }

  it('does not depend on the number of threads', async () => {
    const { threads } = configure()
    const random = randoms(9)
    const arrays = floats.map((Type) =>
      Type.from(range(600_001, (i) => (random() - 2 ** 31) * 2 ** ((i % 40) - 60))))
    const all = []
    for (const count of [1, 2, 5]) {
      configure({ threads: count })
      for (let i = 0; i < 5; i++) all.push(await parallel(arrays.map((array) => sum(array))))
    }
    configure({ threads })
    for (const sums of all) assert.deepEqual(sums, all[0])
    all[0].forEach((one, i) => {
      const expected = exactSum(arrays[i])
      assert.ok(Math.abs(one - expected) <= 2 ** -50 * Math.abs(expected), `${one}, not ${expected}`)
    })
  })

  it('of integers is exact', async () => {
    const arrays = integers.flatMap((Type) => [
      ...range(40, (size) => ofRandomBits(Type, size)),
      ofRandomBits(Type, 70000),
      ofRandomBits(Type, 500_000),
      new Type(70000).fill(-1),
      new Type(70000).fill(2 ** (Type.BYTES_PER_ELEMENT * 8 - 1)),
    ])
    const sums = await parallel(arrays.map((array) => sum(array)))
    arrays.forEach((array, i) => {
      const expected = array.reduce((total, value) => total + value, 0)
      assert.equal(sums[i], expected, `${array.constructor.name} of ${array.length}`)
    })
  })

  it('of BigInts is exact', async () => {
    const small = range(70000, (i) => BigInt(i * i) * 12345n)
    const arrays = [
      BigUint64Array.from(small),
      BigInt64Array.from(small.map((value, i) => (i % 2 ? value : -value))),
      BigInt64Array.from(range(70001, (i) => (i % 2 ? MAX : -MAX))),
      BigInt64Array.from(range(400_001, (i) => (i % 2 ? MAX : -MAX))),
      BigInt64Array.from(range(400_000, (i) => (i < 200_000 ? MAX : -MAX))),
    ]
    const sums = await parallel(arrays.map((array) => sum(array)))
    assert.deepEqual(sums, arrays.map((array) => array.reduce((total, value) => total + value, 0n)))
  })

  it('of BigInts that does not fit rejects', async () => {
    const signed = [[MAX, 1n], [-MAX, -2n], [MAX, MAX, MAX]].map((list) => BigInt64Array.from(list))
    const most = BigUint64Array.of(2n ** 64n - 1n, 1n)
    const tooLarge = [...signed, most, new BigUint64Array(40000).fill(2n ** 63n)]
    for (const array of tooLarge) {
      const error = await rejection(parallel([sum(Int8Array.of(1)), sum(array)]))
      assert.ok(error instanceof RangeError)
      assert.equal(error.code, 'ERR_HEDDLE_OUT_OF_RANGE')
      assert.match(error.message, /^sum: .*"array"/)
      assert.equal(error.index, 1)
    }
  })
})

function naive(a, b, m, k, n) {
  const c = new a.constructor(m * n)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0
      for (let l = 0; l < k; l++) total += a[i * k + l] * b[l * n + j]
      c[i * n + j] = total
    }
  }
  return c
}

const shapes = [
  ...[0, 1, 2, 3, 4, 5, 7, 8, 9].flatMap((m) => [1, 2, 5, 9].map((n) => [m, 3, n])),
  ...[[0, 0, 0], [2, 3, 0], [2, 0, 3], [300, 0, 500], [1, 500, 1], [50, 1, 50], [65, 33, 17]],
  ...[[64, 256, 16], [63, 255, 15], [66, 257, 13], [5, 600, 70], [9, 10, 513], [129, 20, 1030]],
  // Shared out: by rows, by columns, by both, in several blocks of each.
  ...[[257, 256, 130], [20, 300, 1100], [130, 257, 260], [600, 70, 40], [3, 2000, 600]],
]

describe('heddle/tasks: matmul', () => {
  for (const Type of floats) {
    it(`of a ${Type.name} as a loop`, async () => {
      const random = randoms(5)
      // Whole numbers, and so small that no order of additions rounds.
      const matrix = (length) => Type.from(range(length, () => (random() % 201) - 100))
      const cases = shapes.map(([m, k, n]) => [matrix(m * k), matrix(k * n), m, k, n])
      const results = await parallel(cases.map((args) => matmul(...args)))
      cases.forEach((args, i) => {
        assert.equal(Object.getPrototypeOf(results[i]), Type.prototype)
        assert.equal(differs(results[i], naive(...args)), '', `${args.slice(2)}`)
      })
    })

    it(`of a ${Type.name} of fractions nearly as a loop`, async () => {
      const random = randoms(6)
      const [m, k, n] = [65, 300, 17]
      const matrix = (length) => Type.from(range(length, () => random() / 2 ** 31 - 1))
      const [a, b] = [matrix(m * k), matrix(k * n)]
      const result = await matmul(a, b, m, k, n)
      const expected = naive(Float64Array.from(a), Float64Array.from(b), m, k, n)
      const unit = Type === Float32Array ? 2 ** -24 : 2 ** -52
      const worst = result.reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i])), 0)
      assert.ok(worst <= k * k * unit, `${worst}`)
    })

    it(`of a ${Type.name} has the same bits whatever the number of threads`, async () => {
      const { threads } = configure()
      const random = randoms(8)
      const [m, k, n] = [270, 300, 550]
      const matrix = (length) => Type.from(range(length, () => random() / 2 ** 31 - 1))
      const [a, b] = [matrix(m * k), matrix(k * n)]
      const results = []
      for (const count of [1, 2, 5]) {
        configure({ threads: count })
        results.push(await matmul(a, b, m, k, n))
      }
      configure({ threads })
      for (const result of results) assert.equal(differs(result, results[0]), '')
    })

    it(`of a ${Type.name} with Infinity and NaN`, async () => {
      const a = Type.of(Infinity, 0, NaN, 1, -Infinity, 1)
      const b = Type.of(1, 0, 1, 1)
      assert.equal(differs(await matmul(a, b, 3, 2, 2), naive(a, b, 3, 2, 2)), '')
    })
  }

  const two = new Float64Array(2)
  const four = new Float64Array(4)
  const most = 2 ** 32 - 1
  const failing = [
    [[two, four, 2, 2, 2], RangeError, 'ERR_HEDDLE_SHAPE', /"a" .*2 \* 2 = 4 .*got 2$/],
    [[four, two, 2, 2, 2], RangeError, 'ERR_HEDDLE_SHAPE', /"b" .*2 \* 2 = 4 .*got 2$/],
    [[four, four, 0, 0, 0], RangeError, 'ERR_HEDDLE_SHAPE', /"a"/],
    [[four, four, most, most, most], RangeError, 'ERR_HEDDLE_SHAPE', /"a"/],
    [[four, new Float32Array(4), 2, 2, 2], TypeError, 'ERR_HEDDLE_INVALID_ARG_TYPE', /"b" .*f64.*f32/],
    [[new Float32Array(4), four, 2, 2, 2], TypeError, 'ERR_HEDDLE_INVALID_ARG_TYPE', /"b" .*f32.*f64/],
    [[new Int32Array(4), four, 2, 2, 2], TypeError, 'ERR_HEDDLE_INVALID_ARG_TYPE', /"a" .*i32/],
    [[new Float64Array(0), new Float64Array(0), most, 0, most], Error, 'ERR_HEDDLE_NO_MEMORY', /memory/],
  ]
  it('rejects what does not fit together', async () => {
    for (const [args, Class, code, message] of failing) {
      const good = matmul(two, two, 1, 2, 1)
      const error = await rejection(parallel([good, matmul(...args)]))
      assert.equal(error.code, code)
      assert.ok(error instanceof Class)
      assert.match(error.message, message)
      assert.equal(error.index, 1)
    }
  })
})

describe('heddle/tasks: arguments that are wrong', () => {
  const one = Float64Array.of(1)
  const arrays = {
    'a list': [1, 2],
    'a DataView': new DataView(new ArrayBuffer(8)),
    'a string': 'abc',
    null: null,
    'an object that looks like one': { length: 1, 0: 1, [Symbol.toStringTag]: 'Uint8Array' },
  }
  for (const [name, value] of Object.entries(arrays)) {
    it(`${name} as an array`, () => {
      const expected = { name: 'TypeError', code: 'ERR_HEDDLE_INVALID_ARG_TYPE' }
      assert.throws(() => sort(value), { ...expected, message: /^sort: .*"array"/ })
      assert.throws(() => sum(value), { ...expected, message: /^sum: .*"array"/ })
      assert.throws(() => matmul(value, one, 1, 1, 1), { ...expected, message: /^matmul: .*"a"/ })
      assert.throws(() => matmul(one, value, 1, 1, 1), { ...expected, message: /^matmul: .*"b"/ })
    })
  }

  for (const size of [-1, 1.5, NaN, 2 ** 32]) {
    it(`a matrix with ${size} rows`, () => {
      const expected = { name: 'RangeError', code: 'ERR_HEDDLE_OUT_OF_RANGE' }
      for (const [i, name] of ['m', 'k', 'n'].entries()) {
        const message = new RegExp(`^matmul: .*"${name}".*${size}`)
        assert.throws(() => matmul(one, one, ...[1, 1, 1].with(i, size)), { ...expected, message })
      }
    })
  }
})
