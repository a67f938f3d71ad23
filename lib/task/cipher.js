'use strict'
// The keys of encrypt and decrypt: bytes, or a KeyObject of a secret one.

const { isKeyObject } = require('node:util').types
const { typeError } = require('../errors.js')
const { exported } = require('./secrets.js')

/** A secret key as it goes down; what is none is left to the task's own check. */
function secretKey(where, key) {
  if (!isKeyObject(key)) return key
  if (key.type !== 'secret') {
    throw typeError(where, 'argument "key"', `a secret key, not a ${key.type} one`, key)
  }
  return exported(key, () => key.export())
}

module.exports = { secretKey }
