'use strict'
// Where errors of thread functions lead.

const assert = require('node:assert/strict')
const path = require('node:path')
const { allSettled, map, parallel, sequential, thread } = require('../../lib/index.js')
const { rejection } = require('../support.js')

const here = path.basename(__filename)

/** The frames of a stack that are in this file, as `line:column`. */
const places = ({ stack }) =>
  stack.split('\n').filter((line) => line.includes(here)).map((line) => /:(\d+:\d+)\)?$/.exec(line)[1])

/** Of a call in this file, the line it was made in. */
const lineOf = ({ stack }) => Number(/:(\d+):\d+\)?$/.exec(stack.split('\n')[1])[1])

const inline = thread((n) => { if (n > 1) throw new Error('bad'); return n })
const INLINE = '18:49'

const nested = thread(async function outer(n) {
  const inner = () => {
    throw new TypeError(`bad ${n}`)
  }
  await null
  inner()
})
const NESTED = ['23:11', '26:3']

const compiled = thread((n) => {
  if (n === 0) return import('node:fs')
  throw new Error('bad', { cause: new RangeError('cause') })
})
const COMPILED = ['32:9', '32:35']

const methods = {
  plain() {
    throw new Error('bad')
  },

  async ['computed' + '('](n) {
    throw new Error(`bad ${n}`)
  },

  get named() {
    throw new Error('bad')
  },
}
const METHODS = { plain: '38:11', 'computed(': '42:11', named: '46:11' }

// The same text twice: the one that thread() was called beside.
const twin = () => { throw new Error('bad') }
const double = thread(() => { throw new Error('bad') })
const DOUBLE = '53:37'

describe('errors of thread functions', () => {
  it('have the line of a function in its file, and the call', async () => {
    const [one, two, three] = [await rejection(parallel([inline(2)])), await rejection(parallel([nested(1)])), await rejection(parallel([compiled(1)]))]
    const call = new Error()
    assert.deepEqual(places(one), [INLINE, ...places(one).slice(1)])
    assert.equal(Number(places(one)[1].split(':')[0]), lineOf(call) - 1)
    assert.deepEqual(places(two).slice(0, 2), NESTED)
    assert.equal(Number(places(two)[2].split(':')[0]), lineOf(call) - 1)
    assert.equal(places(three)[0], COMPILED[0])
    assert.deepEqual(places(three.cause), [COMPILED[1]])
    for (const { stack } of [one, two, three, three.cause]) {
      assert.doesNotMatch(stack, /worker eval|heddle-thread|lib.thread/)
    }
    assert.equal(typeof twin, 'function')
    assert.equal(places(await rejection(double()))[0], DOUBLE)
  })

  for (const [name, place] of Object.entries(METHODS)) {
    it(`have the line of a method: ${name}`, async () => {
      const { get, value } = Object.getOwnPropertyDescriptor(methods, name)
      assert.equal(places(await rejection(parallel([thread(value ?? get)(1)])))[0], place)
    })
  }

  it('name the place of thread() where the function is made by code', async () => {
    const made = thread(new Function('throw new Error("bad")'))
    const { stack } = await rejection(parallel([made()]))
    assert.match(stack, new RegExp(`sent by thread\\(\\) at .*${here}:\\d+:\\d+\\)`))
  })

  it('have index: position, or key, in every combinator', async () => {
    assert.equal((await rejection(map([1, 2], inline))).index, 1)
    assert.equal((await rejection(parallel({ a: inline(1), b: inline(2) }))).index, 'b')
    assert.equal((await rejection(sequential([inline(1), inline(2)]))).index, 1)
    const settled = await allSettled([inline(2), inline(1), inline(3)])
    assert.deepEqual(settled.map(({ reason }) => reason?.index), [0, undefined, 2])
    const { errors } = await rejection(map([2, 1, 3], inline, { stopOnError: false }))
    assert.deepEqual(errors.map(({ index }) => index), [0, 2])
    for (const error of errors) assert.equal(places(error)[0], INLINE)
  })

  it('keep an index of their own, and what is no error as it is', async () => {
    const own = thread(() => {
      throw Object.assign(new Error('mine'), { index: 'own' })
    })
    assert.equal((await rejection(parallel([own()]))).index, 'own')
    const object = thread(() => {
      throw { stack: 'mine' }
    })
    assert.deepEqual(await rejection(parallel([object()])), { stack: 'mine' })
  })

  it('may have no stack, or one that is none', async () => {
    const odd = thread((stack) => {
      throw Object.defineProperty(new Error('odd'), 'stack', { value: stack })
    })
    for (const stack of [undefined, '', 'no frames', '    at nowhere', '\n    at [worker eval]:1:1']) {
      const error = await rejection(parallel([odd(stack)]))
      assert.equal(error.message, 'odd')
      assert.equal(error.index, 0)
    }
  })
})
