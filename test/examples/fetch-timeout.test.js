'use strict'

const assert = require('node:assert/strict')
const { assertOrder, example } = require('../helpers/example.js')

const GAVE_UP = 'gave up: TimeoutError'

describe('examples/fetch-timeout.mjs', () => {
  const section = example('fetch-timeout.mjs')

  it('fetches in time', () => {
    const expected = ['server: start quick', 'server: end quick', 'got quick']
    assert.deepEqual(section('heddle: timeout, in time'), expected)
  })

  it('lets the server work for nobody: Promise.race', () => {
    const lines = section('Promise.race')
    assert.equal(lines.length, 3)
    assertOrder(lines, ['server: start slow', 'server: end slow'])
    assertOrder(lines, [GAVE_UP, 'server: end slow'])
  })

  for (const title of ['AbortSignal.timeout', 'heddle: timeout']) {
    it(`ends the request, and the server sees it: ${title}`, () => {
      const lines = section(title)
      assert.equal(lines.length, 3)
      assertOrder(lines, ['server: start stuck', 'server: aborted stuck'])
      assert.ok(lines.includes(GAVE_UP))
    })
  }
})
