'use strict'
// argon2, against RFC 9106, the command-line tool, and node:crypto where it has it.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const fc = require('fast-check')
const { parallel } = require('../../lib/index.js')
const { argon2 } = require('../../lib/tasks.js')
const { rejection } = require('../support.js')

const rfc = {
  message: Buffer.alloc(32, 1),
  nonce: Buffer.alloc(16, 2),
  secret: Buffer.alloc(8, 3),
  associatedData: Buffer.alloc(12, 4),
  parallelism: 4,
  tagLength: 32,
  memory: 32,
  passes: 3,
}
const small = { message: 'password', nonce: 'somesalt', parallelism: 1, tagLength: 8, memory: 64, passes: 2 }

// Sections 5.1 to 5.3.
const tags = {
  argon2d: '512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb',
  argon2i: 'c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8',
  argon2id: '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659',
}

describe('heddle/tasks: argon2', () => {
  let there

  before(async () => {
    const error = await argon2('argon2id', small).catch((reason) => reason)
    there = error.code !== 'ERR_HEDDLE_UNAVAILABLE'
  })

  it('is there where OpenSSL has it, and says so where not', async () => {
    const [major, minor] = process.versions.openssl.split('.').map(Number)
    assert.equal(there, major > 3 || (major === 3 && minor >= 2))
    if (there) return
    const error = await rejection(argon2('argon2id', small))
    assert.match(error.message, /^argon2: .*3\.2/)
  })

  describe('where it is', () => {
    before(function () {
      if (!there) this.skip()
    })

    it('gives what RFC 9106 says', async () => {
      const names = Object.keys(tags)
      const keys = await parallel(names.map((name) => argon2(name, rfc)))
      assert.deepEqual(keys, Object.values(tags))
    })

    it('gives what the argon2 tool gives', async () => {
      assert.equal(await argon2('argon2id', small), 'c901d5d620dafdda')
    })

    it('gives what node:crypto gives', function () {
      if (crypto.argon2Sync === undefined) this.skip()
      const bytes = fc.uint8Array({ maxLength: 40 })
      const parameters = fc.record(
        {
          message: bytes,
          nonce: fc.uint8Array({ minLength: 8, maxLength: 40 }),
          parallelism: fc.integer({ min: 1, max: 4 }),
          tagLength: fc.constantFrom(4, 5, 32, 64, 65, 128, 129, 300),
          memory: fc.integer({ min: 32, max: 200 }),
          passes: fc.integer({ min: 1, max: 3 }),
          secret: bytes,
          associatedData: bytes,
        },
        { requiredKeys: ['message', 'nonce', 'parallelism', 'tagLength', 'memory', 'passes'] },
      )
      const name = fc.constantFrom(...Object.keys(tags))
      const property = fc.asyncProperty(name, parameters, async (algorithm, given) => {
        const key = await argon2(algorithm, { ...given, outputEncoding: 'buffer' })
        assert.deepEqual(key, crypto.argon2Sync(algorithm, given))
      })
      return fc.assert(property, { numRuns: 80, seed: 8 })
    })
  })

  it('refuses what is too little, or more than maxmem', async () => {
    const short = await rejection(argon2('argon2id', { ...small, nonce: '1234567' }))
    assert.ok(short instanceof RangeError)
    assert.equal(short.message, 'argon2: option "nonce" must be at least 8 bytes, got 7')
    const lanes = await rejection(argon2('argon2id', { ...small, parallelism: 9 }))
    assert.equal(lanes.code, 'ERR_HEDDLE_OUT_OF_RANGE')
    const code = 'ERR_CRYPTO_INVALID_ARGON2_PARAMS'
    assert.equal((await rejection(argon2('argon2id', { ...small, maxmem: 65_535 }))).code, code)
    assert.equal((await rejection(argon2('argon2id', { ...small, memory: 131_073 }))).code, code)
    const exact = await argon2('argon2id', { ...small, maxmem: 65_536 }).catch((error) => error.code)
    assert.ok(there ? exact === 'c901d5d620dafdda' : exact === 'ERR_HEDDLE_UNAVAILABLE')
  })
})
