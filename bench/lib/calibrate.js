'use strict'

const { pbkdf2Sync } = require('node:crypto')

const PROBE = 20_000

/** Iterations of pbkdf2 (SHA-256, 32 bytes) that take about `ms`. */
function pbkdf2Iterations(ms) {
  let best = Infinity
  for (let i = 0; i < 10; i++) {
    const began = performance.now()
    pbkdf2Sync('password', 'salt', PROBE, 32, 'sha256')
    best = Math.min(best, performance.now() - began)
  }
  return Math.round((PROBE * ms) / best)
}

module.exports = { pbkdf2Iterations }
