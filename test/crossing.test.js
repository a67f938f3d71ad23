'use strict'
// What the addon itself refuses: it looks again at all that could corrupt memory,
// whatever came down. lib/ checks before, so it is called past lib/ here.

const assert = require('node:assert/strict')
const { native, Policy } = require('../lib/task/native.js')
const { compileTasks } = require('./helpers/plugin.js')
const { idle, sent } = require('./support.js')

// As in lib/task/plan.js.
const Tag = { UNDEFINED: 0, NUMBER: 1, BOOLEAN: 2, STRING: 3, VALUE: 4, FILE: 5, PREVIOUS: 6, FIXED: 7 }

const signatures = {
  doubles: 'f64[] -> void',
  bytes: 'bytes -> void',
  any: 'array -> void',
  text: 'string -> void',
  count: 'i32(1..9) -> void',
  flag: 'bool -> void',
  signed: 'i64 -> void',
  unsigned: 'u64 -> void',
  maybe: 'x?: f64 -> void',
}

describe('what goes down to the addon', () => {
  const ids = {}

  before(() => {
    const rows = Object.entries(signatures).map(([name, text]) => `{"${name}", "${text}", f, 0}`)
    const source = 'static heddle_status f(heddle_call *call) { (void)call; return HEDDLE_OK; }'
    const { tasks } = native.load(compileTasks(source, rows.join(', ')))
    for (const { name, id } of tasks) ids[name] = id
  })

  /** Opens a group of so many members. */
  function open(words, values = [], { members = 1, length = words.length, total = members } = {}) {
    const plan = Float64Array.from(words)
    return native.open(Policy.ALL, total, Infinity, 0, 0, false, plan, length, members, values)
  }

  /** Sends one member; `value` goes into the list of values, unless it is the payload itself. */
  function send(name, tag, value) {
    const plain = [Tag.UNDEFINED, Tag.NUMBER, Tag.BOOLEAN, Tag.PREVIOUS].includes(tag)
    return plain ? open([ids[name], tag, value]) : open([ids[name], tag, 0], [value])
  }

  const refusal = { code: 'ERR_HEDDLE_NODE_API' }

  /** That it is refused, and nothing is left of it. */
  async function refuses(words, use) {
    const before = await sent()
    assert.throws(use, refusal, words)
    await idle()
    assert.equal(await sent(), before, words)
  }

  const typed = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array]
  typed.push(Float32Array, BigInt64Array, BigUint64Array)

  it('has its values in an array, or as arguments as well', async () => {
    const words = (count) => [ids.bytes, Tag.VALUE, count - 1]
    const both = (count, given) => {
      const values = Array.from({ length: count }, () => Buffer.from('x'))
      const plan = Float64Array.from(words(count))
      const rest = values.slice(0, given)
      return native.open(Policy.ALL, 1, Infinity, 0, 0, false, plan, 3, 1, values, ...rest)
    }
    for (const [count, given] of [[1, 0], [1, 1], [3, 2], [2048, 2048], [2049, 0], [2049, 2049], [2, 0]]) {
      assert.ok(both(count, given) >= 0, `${given} of ${count}`)
    }
    await refuses('an index beyond', () => open([ids.bytes, Tag.VALUE, 1], [Buffer.from('x')]))
    await idle()
  })

  it('has the elements that the signature names', async () => {
    for (const Array of typed) {
      for (const tag of [Tag.VALUE, Tag.FIXED]) {
        await refuses(Array.name, () => send('doubles', tag, new Array(8)))
        assert.ok(send('any', tag, new Array(8)) >= 0)
        assert.ok(send('bytes', tag, new Array(8)) >= 0)
      }
    }
    assert.ok(send('doubles', Tag.VALUE, new Float64Array(8)) >= 0)
    await idle()
  })

  it('has the types that the signature names', async () => {
    const array = new Float64Array(1)
    const wrong = [
      ['doubles', Tag.NUMBER, 1],
      ['doubles', Tag.STRING, 'a'],
      ['doubles', Tag.FILE, 'a'],
      ['doubles', Tag.VALUE, 'a'],
      ['doubles', Tag.VALUE, {}],
      ['doubles', Tag.UNDEFINED, 0],
      ['bytes', Tag.NUMBER, 1],
      ['bytes', Tag.BOOLEAN, 1],
      ['bytes', Tag.VALUE, 5n],
      ['bytes', Tag.FILE, 5],
      ['text', Tag.NUMBER, 1],
      ['text', Tag.VALUE, array],
      ['text', Tag.FILE, 'a'],
      ['text', Tag.STRING, array],
      ['count', Tag.STRING, '1'],
      ['count', Tag.BOOLEAN, 1],
      ['count', Tag.VALUE, array],
      ['flag', Tag.NUMBER, 1],
      ['signed', Tag.NUMBER, 1],
      ['signed', Tag.VALUE, array],
    ]
    for (const [name, tag, value] of wrong) {
      await refuses(`${name} ${tag}`, () => send(name, tag, value))
    }
  })

  it('has numbers in range', async () => {
    for (const number of [0, 10, 1.5, NaN, Infinity, -1, 2 ** 32 + 1]) {
      await refuses(`count of ${number}`, () => send('count', Tag.NUMBER, number))
    }
    for (const number of [1, 9]) assert.ok(send('count', Tag.NUMBER, number) >= 0)
    for (const number of [2n ** 63n, -(2n ** 63n) - 1n]) {
      await refuses(`${number}`, () => send('signed', Tag.VALUE, number))
    }
    for (const number of [2n ** 64n, -1n]) {
      await refuses(`${number}`, () => send('unsigned', Tag.VALUE, number))
    }
    assert.ok(send('signed', Tag.VALUE, -(2n ** 63n)) >= 0)
    assert.ok(send('unsigned', Tag.VALUE, 2n ** 64n - 1n) >= 0)
    assert.ok(send('maybe', Tag.UNDEFINED, 0) >= 0)
    await idle()
  })

  it('is a plan that is well formed', async () => {
    const { count, bytes, maybe } = ids
    const array = [new Uint8Array(1)]
    const plans = {
      'an id that nobody has': () => open([1e9, Tag.NUMBER, 1]),
      'an id that is none': () => open([NaN]),
      'no arguments': () => open([count]),
      'half an argument': () => open([count, Tag.NUMBER]),
      'more members than words': () => open([count, Tag.NUMBER, 1], [], { members: 2 }),
      'more words than there are': () => open([count, Tag.NUMBER, 1], [], { length: 4 }),
      'more members than the group is for': () => open([maybe, 0, 0, maybe, 0, 0], [], { members: 2, total: 1 }),
      'no member': () => open([], [], { members: 0, total: 1 }),
      'a tag that does not exist': () => open([count, 8, 1]),
      'a tag that is no number': () => open([count, NaN, 1]),
      'a negative tag': () => open([count, -1, 1]),
      'a value behind the last': () => open([bytes, Tag.VALUE, 1], array),
      'a value before the first': () => open([bytes, Tag.VALUE, -1], array),
      'a value that is no number': () => open([bytes, Tag.VALUE, NaN], array),
      'a chain with steps missing': () => open([-2, maybe, 0, 0]),
      'a chain longer than the plan': () => open([-9, maybe, 0, 0]),
    }
    for (const [words, use] of Object.entries(plans)) await refuses(words, use)
    assert.ok(open([maybe, 0, 0, -2, maybe, 0, 0, maybe, Tag.PREVIOUS, 0], [], { members: 2 }) >= 0)
    await idle()
  })

  it('is of a group that is named by a number', async () => {
    const { append, seal, watch, withdraw, claim, unclaim, count } = native
    const words = Float64Array.of(ids.maybe, 0, 0)
    const calls = {
      append: (id) => append(id, words, 3, 1, []),
      seal,
      watch,
      withdraw,
      claim: (id) => claim(id, 0),
      unclaim: (id) => unclaim(id, 0),
      count,
    }
    for (const [name, call] of Object.entries(calls)) {
      assert.doesNotThrow(() => call(1e15), name) // it may be gone
      for (const id of ['0', null, undefined, {}, 0n]) await refuses(`${name}: ${typeof id}`, () => call(id))
    }
  })
})
