'use strict'
// The ways to digest a list of buffers, for the cases that compare them.

const assert = require('node:assert')
const crypto = require('node:crypto')
const { tasks } = require('./heddle.js')
const { comparison } = require('./kit.js')
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

/**
 * A case over many buffers of one size.
 * @param {object} spec
 * @param {string} spec.size in words
 * @param {number} spec.bytes
 * @param {number} spec.count of buffers
 * @param {number} spec.few of them in a quick run
 * @param {(buffers: Buffer[]) => number} [spec.per] what a figure is per; a run, if not given
 *   and unit, what and claims as of comparison()
 */
function digestCase({ size, bytes, count, few, per, ...more }) {
  return comparison({
    group: 'CPU in C',
    title: `SHA-256 of ${size}`,
    setup: ({ quick }) => buffersOf(quick ? few : count, bytes),
    sides,
    rounds: ({ quick }) => (quick ? 2 : 15),
    check,
    count: per,
    ...more,
  })
}

const each = (buffers) => buffers.length

module.exports = { buffersOf, digestCase, each, sync, LOOP, SUBTLE }
