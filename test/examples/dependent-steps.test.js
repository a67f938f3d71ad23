'use strict'

const assert = require('node:assert/strict')
const { example, oneByOne } = require('../helpers/example.js')

const steps = [
  ...oneByOne(['user/1', 'orders/1', 'summary/[10,32]'], 'server: '),
  'display: 2 orders, 42 in all',
]
const titles = {
  callbacks: steps,
  'heddle: sequential, over callbacks': steps,
  promises: steps,
  'heddle: sequential, over promises': steps,
  'async and await': [...steps, 'for Ada'],
  'heddle: sequential, an object': [...steps, 'for Ada'],
}

describe('examples/dependent-steps.mjs', () => {
  const section = example('dependent-steps.mjs')

  for (const [title, expected] of Object.entries(titles)) {
    it(`takes one step after the other: ${title}`, () => assert.deepEqual(section(title), expected))
  }
})
