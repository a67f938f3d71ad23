'use strict'
// Passwords hashed by what is meant for it: much memory each. Argon2 where Node has it, to compare.

const assert = require('node:assert')
const crypto = require('node:crypto')
const { promisify } = require('node:util')
const { fasterByCores, noSlower } = require('../lib/claims.js')
const { tasks } = require('../lib/heddle.js')
const { comparison, series } = require('../lib/kit.js')
const { all, loop, nativeSides, LIMITED } = require('../lib/native.js')

const scrypt = ['password', 'a salt of its own', 32, { N: 1 << 14, r: 8, p: 1 }]
const argon2 = ['argon2id', { message: 'password', nonce: 'a salt of its own', parallelism: 1, tagLength: 32, memory: 19456, passes: 2 }]

/** A case of `name`, called with `args` for each. */
function keyCase(name, args) {
  const async = promisify(crypto[name])
  const sync = `${name}Sync`
  return comparison({
    group: 'CPU in C',
    title: name,
    setup: ({ quick }) => Array.from({ length: quick ? 4 : 20 }, () => args),
    what: (list) => `${name}, ${list.length} passwords`,
    sides: () =>
      nativeSides({
        task: (given) => tasks[name](...given),
        async: [`crypto.${name}`, (given) => async(...given)],
        sync: [sync, (given) => crypto[sync](...given)],
      }),
    check({ heddle, ...others }) {
      for (const keys of Object.values(others)) {
        assert.deepStrictEqual(keys.map((key) => key.toString('hex')), heddle)
      }
    },
    claims: {
      [all(`crypto.${name}`)]: [noSlower],
      [LIMITED]: [noSlower],
      [loop(sync)]: fasterByCores(),
    },
  })
}

const cases = [keyCase('scrypt', scrypt)]
if (crypto.argon2 !== undefined) cases.push(keyCase('argon2', argon2))

module.exports = series({ group: 'CPU in C', title: 'Passwords hashed with scrypt and Argon2', cases })
