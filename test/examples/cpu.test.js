'use strict'

const assert = require('node:assert/strict')
const { pbkdf2Sync } = require('node:crypto')
const { example, oneByOne } = require('../helpers/example.js')

const names = ['a', 'b', 'c', 'd']
const iterations = [50_000, 100_000, 50_000, 100_000]

describe('examples/cpu.mjs', () => {
  const section = example('cpu.mjs')
  let got

  before(() => {
    const keys = names.map((name, i) => pbkdf2Sync('secret', name, iterations[i], 8, 'sha256'))
    got = `got ${keys.map((key) => key.toString('hex'))}`
  })

  it('computes one after the other under Promise.all', () => {
    assert.deepEqual(section('Promise.all'), [...oneByOne(names), got])
  })

  it('computes the same on threads', () => {
    assert.deepEqual(section('heddle: parallel, over tasks'), [got])
  })

  it('lets functions start that have to wait for a thread', () => {
    const lines = section('heddle: parallel, over functions that run tasks')
    assert.deepEqual(lines.slice(0, 4), names.map((name) => `start ${name}`))
    assert.deepEqual(lines.slice(4, 8).sort(), names.map((name) => `end ${name}`))
    assert.deepEqual(lines.slice(8), [got])
  })

  it('runs two tasks at the same time, with the event loop free', () => {
    assert.deepEqual(section('heddle: two at the same time'), ['both run', 'stopped: AbortError'])
  })
})
