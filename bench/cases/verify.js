'use strict'
// Signatures of tokens, in lists: of 100, where 100 RS256 take 2 ms, until only cores count.

const crypto = require('node:crypto')
const { fasterByCores } = require('../lib/claims.js')
const { series } = require('../lib/kit.js')
const { signatureCase } = require('../lib/signatures.js')

const rs256 = {
  name: 'RS256',
  algorithm: 'sha256',
  pair: () => crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
const ed25519 = { name: 'Ed25519', algorithm: null, pair: () => crypto.generateKeyPairSync('ed25519') }

module.exports = series({
  group: 'CPU in C',
  title: 'Signatures verified',
  cases: [
    signatureCase({ ...rs256, count: 1_000, claims: fasterByCores(0.7) }),
    signatureCase({ ...rs256, count: 10_000, claims: fasterByCores(0.85) }),
    signatureCase({ ...rs256, count: 100, claims: [] }),
    signatureCase({ ...ed25519, count: 100, claims: fasterByCores(0.7) }),
  ],
})
