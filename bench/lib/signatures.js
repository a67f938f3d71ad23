'use strict'
// Signatures that are checked, in lists: every item is other data under one key.

const assert = require('node:assert')
const crypto = require('node:crypto')
const { promisify } = require('node:util')
const { noSlower } = require('./claims.js')
const { tasks } = require('./heddle.js')
const { comparison } = require('./kit.js')
const { all, loop, nativeSides, LIMITED } = require('./native.js')

const verify = promisify(crypto.verify)

/** As many tokens' worth of data, with their signatures; the last one's is forged. */
function signed(count, algorithm, { privateKey, publicKey }) {
  const items = Array.from({ length: count }, (_, i) => {
    const data = Buffer.from(`header.${Buffer.from(`{"sub":"user ${i}","iat":1700000000}`).toString('base64url')}`)
    return [algorithm, data, publicKey, crypto.sign(algorithm, data, privateKey)]
  })
  items.at(-1)[3] = Buffer.alloc(items[0][3].length)
  return items
}

/**
 * A case over a list of signatures.
 * @param {object} spec
 * @param {string} spec.name of the kind of signature
 * @param {string | null} spec.algorithm
 * @param {() => object} spec.pair makes the keys
 * @param {number} spec.count of signatures
 * @param {object[]} spec.claims what is claimed of the loop
 */
function signatureCase({ name, algorithm, pair, count, claims }) {
  return comparison({
    group: 'CPU in C',
    title: `${name} verified`,
    setup: ({ quick }) => signed(quick ? Math.min(count, 50) : count, algorithm, pair()),
    what: (list) => `${name}, ${list.length.toLocaleString('en')} signatures`,
    sides: () =>
      nativeSides({
        task: (args) => tasks.verify(...args),
        async: ['crypto.verify', (args) => verify(...args)],
        sync: ['verify', (args) => crypto.verify(...args)],
      }),
    check(results, list) {
      const expected = list.map((_, i) => i < list.length - 1)
      for (const told of Object.values(results)) assert.deepStrictEqual(told, expected)
    },
    claims: { [all('crypto.verify')]: [noSlower], [LIMITED]: [noSlower], [loop('verify')]: claims },
  })
}

module.exports = { signatureCase }
