'use strict'
// Keys that take about as long to derive as one wishes.

const crypto = require('node:crypto')
const { promisify } = require('node:util')

const PROBE = 20_000

const pbkdf2 = promisify(crypto.pbkdf2)

/** Arguments of any pbkdf2: SHA-256, a key of 32 bytes. */
const keyArguments = (iterations) => ['password', 'salt', iterations, 32, 'sha256']

/** Iterations of it that take about `ms`. */
function pbkdf2Iterations(ms) {
  let best = Infinity
  for (let i = 0; i < 10; i++) {
    const began = performance.now()
    crypto.pbkdf2Sync(...keyArguments(PROBE))
    best = Math.min(best, performance.now() - began)
  }
  return Math.round((PROBE * ms) / best)
}

module.exports = { keyArguments, pbkdf2, pbkdf2Iterations }
