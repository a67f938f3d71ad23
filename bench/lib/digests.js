'use strict'
// The ways to digest a list of buffers, for the cases that compare them.

const assert = require('node:assert')
const crypto = require('node:crypto')
const { tasks } = require('./heddle.js')
const { all, loop, nativeSides } = require('./native.js')

const sync = (data) => crypto.createHash('sha256').update(data).digest('hex')
const oneShot = (data) => crypto.hash('sha256', data) // Node 20.12 and later
const digest = (data) => crypto.subtle.digest('SHA-256', data)

const SUBTLE = all('subtle.digest')
const LOOP = loop('createHash')

/** Sides of a comparison over a list of buffers. */
function sides() {
  const made = nativeSides({
    task: (data) => tasks.hash('sha256', data),
    async: ['subtle.digest', digest],
    sync: ['createHash', sync],
  })
  if (crypto.hash !== undefined) made[loop('crypto.hash')] = (buffers) => buffers.map(oneShot)
  return made
}

/** A comparison of ways that do not agree would be worth nothing. */
function check({ heddle, ...others }) {
  const hex = (digest_) => (typeof digest_ === 'string' ? digest_ : Buffer.from(digest_).toString('hex'))
  for (const digests of Object.values(others)) assert.deepStrictEqual(digests.map(hex), heddle)
}

const buffersOf = (count, size) => Array.from({ length: count }, () => crypto.randomBytes(size))

module.exports = { buffersOf, check, sides, sync, LOOP, SUBTLE }
