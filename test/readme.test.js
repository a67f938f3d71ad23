'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const { expected, README } = require('../scripts/figures.js')

describe('README', () => {
  it('has the figures of the committed results file', () => {
    assert.equal(fs.readFileSync(README, 'utf8'), expected())
  })
})
