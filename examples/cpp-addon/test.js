'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { parallel, run } = require('heddle')
const { primes, primesSync } = require('./index.js')

test('is an addon', () => {
  assert.deepEqual(primesSync(20), Uint32Array.of(2, 3, 5, 7, 11, 13, 17, 19))
  assert.throws(() => primesSync('20'), TypeError)
})

test('brings tasks', async () => {
  const limits = [0, 3, 20, 1000, 100_000]
  const results = await parallel(limits.map((limit) => primes(limit)))
  assert.deepEqual(
    results,
    limits.map((limit) => primesSync(limit)),
  )
})

test('can be stopped, and tells how far it is', async () => {
  const error = await run(primes(1_000_000_000), { timeout: 100 }).catch((reason) => reason)
  assert.equal(error.code, 'ERR_HEDDLE_TIMEOUT')
  const fractions = []
  await run(primes(3_000_000), { onProgress: ({ fraction }) => fractions.push(fraction) })
  assert.equal(fractions.at(-1), 1)
})

test('checks arguments by the signature', () => {
  assert.throws(() => primes(-1), { code: 'ERR_HEDDLE_OUT_OF_RANGE' })
})
