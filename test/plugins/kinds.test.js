'use strict'
// Every kind of argument and result, and what a bad call of a plugin's task
// says: the same as of a built-in one.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { Task, chain, load, parallel, previous } = require('heddle')
const { file, hash } = require('heddle/tasks')
const { compileFile } = require('../helpers/plugin.js')
const { temporaryFolder } = require('../support.js')

const fixture = path.join(__dirname, 'fixtures', 'kinds.c')

describe("plugins: a task's arguments and results", () => {
  const at = temporaryFolder()
  let kinds

  before(() => {
    kinds = load(compileFile(fixture))
  })

  const values = {
    bool: [true, false],
    i32: [-2147483648, 0, 2147483647],
    u32: [0, 4294967295],
    i64: [-(2n ** 63n), 0n, 2n ** 63n - 1n],
    u64: [0n, 2n ** 64n - 1n],
    f64: [0.1, -0, NaN, Infinity, 1e300],
    digit: [1, 9],
    string: ['', 'ascii', 'ünïcödé 😀', 'x'.repeat(100_000)],
    word: ['left', 'right'],
  }
  for (const [name, list] of Object.entries(values)) {
    it(`${name}`, async () => {
      assert.deepEqual(await parallel(list.map((value) => kinds[name](value))), list)
    })
  }

  const arrays = {
    i8s: Int8Array,
    u8s: Uint8Array,
    u8cs: Uint8ClampedArray,
    i16s: Int16Array,
    u16s: Uint16Array,
    i32s: Int32Array,
    u32s: Uint32Array,
    f32s: Float32Array,
    f64s: Float64Array,
    i64s: BigInt64Array,
    u64s: BigUint64Array,
  }
  for (const [name, Array] of Object.entries(arrays)) {
    it(`${Array.name}, small, empty and without a copy`, async () => {
      const one = name.endsWith('64s') && name !== 'f64s' ? 1n : 1
      const large = new Array(100_000).fill(one)
      const lists = [Array.of(one, one), new Array(0), large, large.subarray(5, 70_000)]
      const results = await parallel(lists.flatMap((list) => [kinds[name](list), kinds.any(list)]))
      lists.forEach((list, i) => {
        assert.deepEqual(results[2 * i], list)
        assert.deepEqual(results[2 * i + 1], list)
      })
      assert.ok(results[0] instanceof Array)
    })
  }

  it('bytes: of views, buffers, strings and files', async () => {
    const big = Buffer.alloc(300_000, 'heddle')
    fs.writeFileSync(at('big'), big)
    const given = [
      Buffer.from('ab'),
      'äb',
      big,
      file(at('big')),
      new Uint16Array([1, 2]),
      new ArrayBuffer(3),
      new DataView(big.buffer, big.byteOffset, 9),
    ]
    const results = await parallel(given.map((value) => kinds.bytes(value)))
    for (const result of results) assert.ok(Buffer.isBuffer(result))
    assert.deepEqual(results[0], Buffer.from('ab'))
    assert.deepEqual(results[1], Buffer.from('äb'))
    assert.ok(results[2].equals(big) && results[3].equals(big))
    assert.deepEqual([...results[4]], [1, 0, 2, 0])
    assert.deepEqual([...results[5]], [0, 0, 0])
    assert.deepEqual(results[6], Buffer.from(big.subarray(0, 9)))
  })

  it('optional ones that are left out, and what they are when they are not', async () => {
    const { types } = kinds
    assert.equal(await types('a'), 'bytes undefined undefined undefined undefined')
    assert.equal(await types(file(at('big')), 1), 'file f64 undefined undefined undefined')
    const all = await types('a', undefined, new Int8Array(1), { d: 'x', e: 1n })
    assert.equal(all, 'bytes undefined array string u64')
  })

  it('defaults', async () => {
    const { defaults } = kinds
    const plain = { number: 1.5, big: -(2n ** 63n), flag: true, mode: 'slow' }
    assert.deepEqual(await defaults(), plain)
    assert.deepEqual(await defaults(undefined, undefined, undefined, { mode: undefined }), plain)
    const given = { number: 2, big: 3n, flag: false, mode: 'fast' }
    assert.deepEqual(await defaults(2, 3n, false, { mode: 'fast' }), given)
  })

  it('records', async () => {
    const result = await kinds.record()
    assert.deepEqual(Object.keys(result), ['__proto__', 'count', 'list', 'name'])
    assert.equal(Object.getPrototypeOf(result), Object.prototype)
    const { count, list, name } = result
    assert.deepEqual([count, list, name], [3, Float64Array.of(0.5, 1.5, 2.5), 'näme'])
  })

  it('steps of chains, with built-in ones', async () => {
    const task = chain(kinds.bytes('abc'), hash('md5', previous), kinds.string(previous))
    assert.equal(await task, '900150983cd24fb0d6963f7d28e17f72')
    const numbers = chain(kinds.i32(7), kinds.f64(previous), kinds.digit(previous))
    assert.equal(await numbers, 7)
    const wrong = chain(kinds.i32(70), kinds.digit(previous))
    await assert.rejects(async () => wrong, {
      name: 'TypeError',
      message:
        'digit: argument "value" must be an integer from 1 to 9, got a number from the previous step',
    })
  })

  it('gives Tasks, by functions that are named as they are', () => {
    assert.ok(kinds.bool(true) instanceof Task)
    assert.equal(kinds.bool.name, 'bool')
    assert.equal(kinds.bool(true).name, 'bool')
    assert.ok(Object.isFrozen(kinds))
  })

  const bad = [
    ['bool', ['yes'], TypeError, `bool: argument "value" must be a boolean, got string 'yes'`],
    [
      'i32',
      [1.5],
      RangeError,
      'i32: argument "value" must be an integer from -2147483648 to 2147483647, got number 1.5',
    ],
    [
      'u32',
      [-1],
      RangeError,
      'u32: argument "value" must be an integer from 0 to 4294967295, got number -1',
    ],
    [
      'u32',
      ['1'],
      TypeError,
      `u32: argument "value" must be an integer from 0 to 4294967295, got string '1'`,
    ],
    [
      'i64',
      [1],
      TypeError,
      'i64: argument "value" must be a bigint of 64 bits, signed, got number 1',
    ],
    [
      'u64',
      [-1n],
      RangeError,
      'u64: argument "value" must be a bigint of 64 bits, unsigned, got bigint -1n',
    ],
    ['f64', [], TypeError, 'f64: argument "value" must be a number, got undefined'],
    [
      'digit',
      [0],
      RangeError,
      'digit: argument "value" must be an integer from 1 to 9, got number 0',
    ],
    [
      'string',
      [Buffer.from('a')],
      TypeError,
      'string: argument "value" must be a string, got an instance of Buffer',
    ],
    [
      'word',
      ['up'],
      TypeError,
      `word: argument "value" must be 'left' or 'right', got string 'up'`,
    ],
    [
      'f64s',
      [[1, 2]],
      TypeError,
      'f64s: argument "values" must be a Float64Array, got an instance of Array',
    ],
    [
      'f64s',
      [new Float32Array(1)],
      TypeError,
      'f64s: argument "values" must be a Float64Array, got an instance of Float32Array',
    ],
    [
      'bytes',
      [1],
      TypeError,
      'bytes: argument "data" must be a string, Buffer, TypedArray, DataView, ArrayBuffer, SharedArrayBuffer or file(), got number 1',
    ],
    [
      'types',
      ['a', 1, undefined, { f: 1 }],
      TypeError,
      `types: argument "options" must be an object with 'd', 'e' only, got string 'f'`,
    ],
    [
      'defaults',
      [1, 1n, true, { mode: 'x' }],
      TypeError,
      `defaults: option "mode" must be 'fast' or 'slow', got string 'x'`,
    ],
  ]
  for (const [name, args, Class, message] of bad) {
    it(`a bad call: ${message.slice(0, 60)}`, () => {
      const code = Class === TypeError ? 'ERR_HEDDLE_INVALID_ARG_TYPE' : 'ERR_HEDDLE_OUT_OF_RANGE'
      assert.throws(() => kinds[name](...args), { name: Class.name, code, message })
    })
  }
})
