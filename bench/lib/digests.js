'use strict'
// The ways to digest a list of buffers, for the cases that compare them.

const assert = require('node:assert')
const crypto = require('node:crypto')
const { parallel, tasks } = require('./heddle.js')

const sync = (data) => crypto.createHash('sha256').update(data).digest('hex')
const oneShot = (data) => crypto.hash('sha256', data) // Node 20.12 and later

/** Lanes for measure(), each over the same buffers. */
function lanes(buffers) {
  const made = {
    heddle: () => parallel(buffers.map((data) => tasks.hash('sha256', data))),
    subtle: () => Promise.all(buffers.map((data) => crypto.subtle.digest('SHA-256', data))),
    sync: () => buffers.map(sync),
  }
  if (crypto.hash !== undefined) made.oneShot = () => buffers.map(oneShot)
  return made
}

/** A comparison of ways that do not agree would be worth nothing. */
function check({ heddle, subtle, sync: expected }) {
  assert.deepStrictEqual(heddle, expected)
  const hex = subtle.map((digest) => Buffer.from(digest).toString('hex'))
  assert.deepStrictEqual(hex, expected)
}

const buffersOf = (count, size) => Array.from({ length: count }, () => crypto.randomBytes(size))

module.exports = { buffersOf, check, lanes, oneShot, sync }
