'use strict'

const assert = require('node:assert/strict')
const { example } = require('../helpers/example.js')

const A = 'A: synchronous code'
const B = 'B: a timer'
const C = 'C: a microtask'
const D = 'D: synchronous code'
const SETTLED = 'heddle: settled'

describe('examples/order.mjs', () => {
  const section = example('order.mjs')

  it('is A, D, C, B', () => assert.deepEqual(section('plain JavaScript'), [A, D, C, B]))

  it('has the settling of functions after C and before B', () => {
    const lines = section('heddle: parallel, over a function')
    assert.deepEqual(lines, [A, 'heddle: the function', D, C, SETTLED, B])
  })

  it('has the settling of a task after C', () => {
    assert.deepEqual(section('heddle: parallel, over a task'), [A, D, C, SETTLED])
  })
})
