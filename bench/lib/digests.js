'use strict'
// The ways to digest a list of buffers, for the cases that compare them.

const assert = require('node:assert')
const crypto = require('node:crypto')
const os = require('node:os')
const { parallel, tasks } = require('./heddle.js')

const sync = (data) => crypto.createHash('sha256').update(data).digest('hex')
const oneShot = (data) => crypto.hash('sha256', data) // Node 20.12 and later
const digest = (data) => crypto.subtle.digest('SHA-256', data)

const SUBTLE = 'Promise.all, subtle.digest'
const LIMITED = 'the same, p-limit at the cores'
const LOOP = 'a loop of createHash'

/** Sides of a comparison over a list of buffers. */
function sides() {
  const made = {
    heddle: (buffers) => parallel(buffers.map((data) => tasks.hash('sha256', data))),
    [SUBTLE]: (buffers) => Promise.all(buffers.map(digest)),
    [LIMITED]: {
      open: async () => (await import('p-limit')).default,
      run(buffers, pLimit) {
        const limit = pLimit(os.availableParallelism())
        return Promise.all(buffers.map((data) => limit(digest, data)))
      },
    },
    [LOOP]: (buffers) => buffers.map(sync),
  }
  if (crypto.hash !== undefined) made['a loop of crypto.hash'] = (buffers) => buffers.map(oneShot)
  return made
}

/** A comparison of ways that do not agree would be worth nothing. */
function check({ heddle, ...others }) {
  const hex = (digest_) => (typeof digest_ === 'string' ? digest_ : Buffer.from(digest_).toString('hex'))
  for (const digests of Object.values(others)) assert.deepStrictEqual(digests.map(hex), heddle)
}

const buffersOf = (count, size) => Array.from({ length: count }, () => crypto.randomBytes(size))

module.exports = { buffersOf, check, sides, sync, LOOP, SUBTLE }
