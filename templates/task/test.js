'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { parallel } = require('heddle')
const { {{task}} } = require('./index.js')

test('computes', async () => {
  assert.equal(await {{task}}(Float64Array.of(3, -4)), 5)
  assert.equal(await {{task}}(Float64Array.of(3, -4), 1), 7)
  assert.equal(await {{task}}(new Float64Array(0)), 0)
})

test('runs on all cores at once', async () => {
  const large = new Float64Array(1_000_000).fill(1)
  const results = await parallel([{{task}}(large), {{task}}(large, 1)])
  assert.deepEqual(results, [1000, 1_000_000])
})

test('refuses what is wrong', async () => {
  assert.throws(() => {{task}}([3, 4]), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE' })
  assert.throws(() => {{task}}(Float64Array.of(1), 0), { code: 'ERR_HEDDLE_OUT_OF_RANGE' })
  const bad = {{task}}(Float64Array.of(NaN)).catch((error) => error.code)
  assert.equal(await bad, 'ERR_NOT_A_NUMBER')
})
