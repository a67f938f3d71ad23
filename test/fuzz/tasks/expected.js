'use strict'
// What Node.js makes of a case: a list of outcomes, any of which will do. An outcome is
// { value }, { code }, { error } with all that errors of zlib show, or { check }, which
// gives words for a value that is wrong.

const { kMaxLength } = require('node:buffer')
const crypto = require('node:crypto')
const fs = require('node:fs')
const zlib = require('node:zlib')
const { outcome, RANGE } = require('./arguments.js')
const { product, sorted, total } = require('./numeric.js')

const encoded = (bytes, { outputEncoding = 'hex' } = {}) =>
  outputEncoding === 'buffer' ? Buffer.from(bytes) : Buffer.from(bytes).toString(outputEncoding)

const DIGESTING = ['hash', 'hmac', 'pbkdf2', 'hkdf']

const plain = ({ name, message, code, errno }) => ({ name, message, code, errno })

const DIGEST = { code: 'ERR_CRYPTO_INVALID_DIGEST' }
const codes = {
  ERR_OUT_OF_RANGE: RANGE,
  ERR_CRYPTO_INVALID_SCRYPT_PARAMS: 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS',
  ERR_CRYPTO_INVALID_KEYLEN: 'ERR_CRYPTO_INVALID_KEYLEN',
  ERR_BUFFER_TOO_LARGE: 'ERR_BUFFER_TOO_LARGE',
}

/** Derived bytes, or the code for which Node refuses; `name` is the digest's. */
function derived(options, name, run) {
  const { value, error } = outcome(run)
  if (error === undefined) return [{ value: encoded(value, options) }]
  const code = codes[error.code]
  const digest = name !== undefined && outcome(() => crypto.createHmac(name, '')).error
  return [...(code === undefined ? [] : [{ code }]), ...(digest ? [DIGEST] : [])]
}

// As Node, with names of its own for digests: heddle takes what OpenSSL knows.
function digested(options, run) {
  const { value, error } = outcome(run)
  return [error === undefined ? { value: encoded(value, options) } : DIGEST]
}

/** What a function of node:zlib gives. */
function zipped(name, data, { maxOutputLength, ...options } = {}) {
  const most = Math.min(Math.floor(maxOutputLength ?? kMaxLength), kMaxLength)
  const given = { ...options, maxOutputLength: most }
  const { value, error } = outcome(() => zlib[`${name}Sync`](data, given))
  if (error === undefined) return { value }
  if (error.code === 'ERR_BUFFER_TOO_LARGE') return { code: error.code }
  return codes[error.code] === undefined ? { error: plain(error) } : { code: codes[error.code] }
}

/** An expander, which may take what refers back further than windowBits, but not less. */
function expanded(name, data, options = {}) {
  const outcomes = [zipped(name, data, options)]
  if (outcomes[0].error?.message === 'invalid distance too far back')
    outcomes.push(zipped(name, data, { ...options, windowBits: 15 }))
  // Node counts what it has expanded after each 16 KiB, and may meet an error before.
  if (outcomes.some(({ error }) => error) && options.maxOutputLength !== undefined)
    outcomes.push({ code: 'ERR_BUFFER_TOO_LARGE' })
  return outcomes
}

function crc(data, value = 0) {
  if (data.length === 0) return value // of a Buffer without memory Node says 0
  if (zlib.crc32) return zlib.crc32(data, value)
  let sum = ~value
  for (const byte of data) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}

const written = (target, data) => {
  const { error } = outcome(() => fs.writeFileSync(`${target}`, data))
  return error === undefined ? [{ value: undefined }] : [{ code: error.code }]
}

/** By task: (arguments, options) => outcomes; the arguments as bytes, arrays and values. */
const node = {
  hash: ([name, data], o) => digested(o, () => crypto.createHash(name).update(data).digest()),
  hmac: ([name, key, data], o) =>
    digested(o, () => crypto.createHmac(name, key).update(data).digest()),
  pbkdf2: ([password, salt, iterations, length, name], o) =>
    derived(o, name, () => crypto.pbkdf2Sync(password, salt, iterations, length, name)),
  scrypt: ([password, salt, length], o) =>
    derived(o, undefined, () => crypto.scryptSync(password, salt, length, o)),
  hkdf: ([name, key, salt, info, length], o) =>
    derived(o, name, () => crypto.hkdfSync(name, key, salt, info, length)),
  gzip: ([data], o) => [zipped('gzip', data, o)],
  deflate: ([data], o) => [zipped('deflate', data, o)],
  deflateRaw: ([data], o) => [zipped('deflateRaw', data, o)],
  gunzip: ([data], o) => expanded('gunzip', data, o),
  inflate: ([data], o) => expanded('inflate', data, o),
  inflateRaw: ([data], o) => expanded('inflateRaw', data, o),
  crc32: ([data, value]) => [{ value: crc(data, value) }],
  sort: ([array]) => [{ value: sorted(array) }],
  sum: ([array]) => [total(array)],
  matmul: (args) => [product(...args)],
  writeFile: ([target, data]) => written(target, data),
}

/** The outcomes for a task and what its arguments stand for. */
function outcomes(task, args, options) {
  // Node takes what comes before a null character.
  const cut = (value) => typeof value === 'string' && value.includes('\0')
  if (DIGESTING.includes(task) && args.some(cut))
    return [DIGEST, ...node[task](args, options).filter(({ code }) => code !== undefined)]
  // With -0 Node ends the process.
  return node[task](args.map((value) => (Object.is(value, -0) ? 0 : value)), options)
}

module.exports = { outcomes }
