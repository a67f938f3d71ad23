'use strict'

const assert = require('node:assert/strict')
const { atOnce, example, oneByOne } = require('../helpers/example.js')

const names = ['a', 'b', 'c', 'd']

describe('examples/fetches.mjs', () => {
  const section = example('fetches.mjs')

  for (const title of ['for...of and await', 'heddle: sequential']) {
    it(`fetches one after the other: ${title}`, () => {
      assert.deepEqual(section(title), [...oneByOne(names, 'server: '), 'got a,b,c,d'])
    })
  }

  for (const title of ['Promise.all', 'heddle: parallel']) {
    it(`fetches at once: ${title}`, () => {
      const events = atOnce(names, ['a', 'c', 'b', 'd'], 'server: ')
      assert.deepEqual(section(title), [...events, 'got a,b,c,d'])
    })
  }
})
