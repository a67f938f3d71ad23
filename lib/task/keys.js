'use strict'
// The keys of sign and verify: in all forms that node:crypto takes. They go down as DER.

const crypto = require('node:crypto')
const { isAnyArrayBuffer, isCryptoKey, isKeyObject } = require('node:util').types
const { define, typeError } = require('../errors.js')
const { bare, ownOf } = require('./own.js')
const { exported } = require('./secrets.js')

const MOST_PARSED = 64 // keys given as text or bytes
const EXPECTED = 'a key: PEM, DER, a KeyObject, or an object with a key in it'

const SETTINGS = ['padding', 'saltLength', 'dsaEncoding', 'context']
const FORMAT = ['format', 'type', 'passphrase', 'encoding']

// What each task needs.
const kinds = {
  sign: { wanted: 'private', parse: crypto.createPrivateKey, type: 'pkcs8' },
  verify: { wanted: 'public', parse: crypto.createPublicKey, type: 'spki' },
}

// By all that they were parsed from, the last used last. None that had a passphrase.
const parsed = new Map()
// By the object that had one: it is asked whether it is still the same.
const unlocked = new WeakMap()

/** The KeyObject of what has been seen before, or of make(). */
function known(name, make) {
  const key = parsed.get(name) ?? make()
  parsed.delete(name)
  parsed.set(name, key)
  if (parsed.size > MOST_PARSED) parsed.delete(parsed.keys().next().value)
  return key
}

const isText = (value) => typeof value === 'string'
const isBytes = (value) => ArrayBuffer.isView(value) || isAnyArrayBuffer(value)

const bytesOf = (value) =>
  ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.from(value)

/** What a key is remembered by: its text where that is public, else a digest, of which nobody learns the key. */
function nameOf(key) {
  const kind = isText(key) ? 's' : 'b'
  const source = isText(key) ? key : bytesOf(key)
  if (source.includes('-----BEGIN ') && !source.includes('PRIVATE')) return kind + source.toString('latin1')
  return kind + crypto.createHash('sha256').update(source).digest('base64')
}

/** A key that a passphrase opens: slow to open, so once for an object that stays as it is. */
function unlock(where, given, input) {
  const old = unlocked.get(given)
  const stays = isText(input.key) && isText(input.passphrase)
  if (stays && old?.key === input.key && old.passphrase === input.passphrase && old.where === where) {
    return old.object
  }
  const object = kinds[where].parse({ ...input })
  if (stays) unlocked.set(given, { ...input, object, where })
  return object
}

function parse(where, given, { key, format = 'pem', type, passphrase, encoding }) {
  const input = { key, format, type, passphrase, encoding }
  const make = () => kinds[where].parse(input)
  if (passphrase !== undefined) return unlock(where, given, input)
  if (!isText(key) && !isBytes(key)) return make() // a JWK
  return known([where, format, type, encoding, nameOf(key)].join('\n'), make)
}

/** The KeyObject, of the kind that the task needs. */
function objectOf(where, given, input) {
  const { wanted } = kinds[where]
  let object = isCryptoKey(input.key) ? fromCryptoKey(input.key) : input.key
  if (!isKeyObject(object)) return parse(where, given, input)
  if (wanted === 'public' && object.type === 'private') object = publicOf(object)
  if (object.type === wanted) return object
  const words = `Invalid key object type ${object.type}, expected ${wanted}.`
  throw define(new TypeError(words), 'code', 'ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE')
}

const objects = new WeakMap() // of CryptoKeys

function fromCryptoKey(key) {
  if (!objects.has(key)) objects.set(key, crypto.KeyObject.from(key))
  return objects.get(key)
}

const publics = new WeakMap() // of private keys

function publicOf(object) {
  if (!publics.has(object)) publics.set(object, crypto.createPublicKey(object))
  return publics.get(object)
}

/** What is given as a key: { key, padding, ... }. */
function inputOf(where, given) {
  if (isText(given) || isBytes(given) || isKeyObject(given) || isCryptoKey(given)) return bare({ key: given })
  if (typeof given !== 'object' || given === null) throw typeError(where, 'argument "key"', EXPECTED, given)
  const input = ownOf(given, () => {})
  const isKey = isText(input.key) || (typeof input.key === 'object' && input.key !== null)
  if (!isKey) throw typeError(where, 'argument "key"', EXPECTED, given)
  return input
}

/**
 * What a key is and says of signatures.
 * @param {'sign' | 'verify'} where
 * @returns {{der: Uint8Array, settings: object}} options of the native task
 */
function keyOf(where, given) {
  const input = inputOf(where, given)
  const format = bare({ key: input.key })
  for (const name of FORMAT) if (input[name] !== undefined) format[name] = input[name]
  const object = objectOf(where, given, format)
  const { type } = kinds[where]
  const settings = bare()
  for (const name of SETTINGS) if (input[name] !== undefined) settings[name] = input[name]
  return { der: exported(object, () => object.export({ format: 'der', type })), settings }
}

/** The digest as it goes down: none is the key's own, and a name without letters is no digest. */
function digestOf(algorithm) {
  if (algorithm === undefined || algorithm === null) return ''
  return algorithm === '' ? '\0' : algorithm
}

/** The arguments of sign as they go down. */
function signArguments(algorithm, data, key, options) {
  const { der, settings } = keyOf('sign', key)
  if (options === null || (options !== undefined && typeof options !== 'object') || Array.isArray(options)) {
    throw typeError('sign', 'argument "options"', 'an object', options)
  }
  const own = ownOf(options ?? settings, (name) => {
    if (options === undefined || name === 'outputEncoding') return
    throw typeError('sign', 'argument "options"', "an object with 'outputEncoding' only", name)
  })
  return [digestOf(algorithm), data, der, bare(settings, own)]
}

/** The arguments of verify as they go down. */
function verifyArguments(algorithm, data, key, signature) {
  const { der, settings } = keyOf('verify', key)
  return [digestOf(algorithm), data, der, signature, settings]
}

module.exports = { sign: signArguments, verify: verifyArguments }
