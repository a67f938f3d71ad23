'use strict'

const assert = require('node:assert/strict')
const { example } = require('../helpers/example.js')

describe('examples/jwt.mjs', () => {
  const section = example('jwt.mjs')

  it('finds the forged token in both ways', () => {
    assert.deepEqual(section('made by sign'), ['10000 tokens'])
    for (const title of ['node:crypto, one after the other', 'heddle: verify, on all cores']) {
      assert.deepEqual(section(title), ['9999 hold, 17 is forged'])
    }
  })
})
