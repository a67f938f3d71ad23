'use strict'

const assert = require('node:assert/strict')
const { atOnce, example, oneByOne } = require('../helpers/example.js')

const names = ['slow', 'middle', 'quick']
const ends = ['quick', 'middle', 'slow']
const got = 'got slow,middle,quick'

describe('examples/three-tasks.mjs', () => {
  const section = example('three-tasks.mjs')

  for (const title of ['Promise.all', 'heddle: parallel']) {
    it(`runs them in parallel: ${title}`, () => {
      assert.deepEqual(section(title), [...atOnce(names, ends), got])
    })
  }

  for (const title of ['await after await', 'heddle: sequential']) {
    it(`runs them in sequence: ${title}`, () => {
      assert.deepEqual(section(title), [...oneByOne(names), got])
    })
  }

  it('races them, and the losers run on: Promise.race', () => {
    const expected = [...atOnce(names, ['quick']), 'first: quick', 'end middle', 'end slow']
    assert.deepEqual(section('Promise.race'), expected)
  })

  it('races them, and the losers are stopped: heddle: race', () => {
    const expected = [...atOnce(names, ['quick']), 'stop slow', 'stop middle', 'first: quick']
    assert.deepEqual(section('heddle: race'), expected)
  })
})
