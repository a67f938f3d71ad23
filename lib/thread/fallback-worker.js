'use strict'
// The built-in tasks by node:crypto and node:zlib, for JavaScript threads. Arguments are those
// that would go down to C; names, results and errors are those of src/tasks.

const { kMaxLength } = require('node:buffer')
const crypto = require('node:crypto')
const fs = require('node:fs')
const zlib = require('node:zlib')
const { expandFrames } = require('./zstd-frames.js')

function coded(error, code) {
  error.code = code
  return error
}

const codes = { ERR_OUT_OF_RANGE: 'ERR_HEDDLE_OUT_OF_RANGE' }

const pathOf = ({ file }) => (typeof file === 'string' ? file : Buffer.from(file))

/** A file that can be read to its end; what cannot be opened is told by who opens it. */
function checkFile(path) {
  const stat = fs.statSync(path, { throwIfNoEntry: false, bigint: false })
  if (stat === undefined || stat.isFile() || stat.isDirectory()) return
  throw coded(new Error(`${path} is no regular file`), 'ERR_HEDDLE_NOT_A_FILE')
}

/** The bytes of an argument: of a string, a view, or a file. */
function bytes(value) {
  if (typeof value === 'string') return Buffer.from(value)
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return Buffer.concat([...blocks(value)])
}

/** The same in blocks: the next one takes the memory of the one before, where `shared`. */
function* blocks(value, shared = false) {
  if (typeof value === 'string' || ArrayBuffer.isView(value)) {
    yield bytes(value)
    return
  }
  const path = pathOf(value)
  try {
    checkFile(path)
  } catch (error) {
    if (error.syscall !== 'stat') throw error
  }
  const fd = fs.openSync(path)
  try {
    const memory = Buffer.allocUnsafeSlow(65536)
    for (let length; (length = fs.readSync(fd, memory)) > 0; ) {
      yield shared ? memory.subarray(0, length) : Buffer.from(memory.subarray(0, length))
    }
  } finally {
    fs.closeSync(fd)
  }
}

/** Feeds what has an update(). */
function fed(target, value) {
  for (const block of blocks(value, true)) target.update(block)
  return target.digest()
}

const some = (value) => (value === undefined ? undefined : bytes(value))

/** A result in memory of its own. */
const own = (result) => new Uint8Array(result)

const encoded = (result, encoding) => (encoding === 'buffer' ? own(result) : Buffer.from(result).toString(encoding))

const noDigest = (name) =>
  coded(new TypeError(`Invalid digest: ${name.split('\0', 1)[0]}`), 'ERR_CRYPTO_INVALID_DIGEST')

/** Runs what takes a digest: of what node:crypto does not know, heddle's words. */
function digesting(name, run) {
  try {
    if (name.includes('\0')) throw new TypeError()
    return run()
  } catch (error) {
    const refused = noDigest(name)
    if (name.includes('\0')) throw refused
    try {
      crypto.createHmac(name, '')
    } catch {
      throw refused
    }
    throw error
  }
}

const xof = { shake128: 16, shake256: 32 }

// ---- Digests and keys -----------------------------------------------------------

function hash(algorithm, data, output) {
  const outputLength = xof[algorithm.toLowerCase()]
  const make = () => crypto.createHash(algorithm, outputLength === undefined ? {} : { outputLength })
  const made = outputLength === undefined ? digesting(algorithm, make) : make()
  return encoded(fed(made, data), output)
}

function hmac(algorithm, key, data, output) {
  const secret = bytes(key)
  return encoded(fed(digesting(algorithm, () => crypto.createHmac(algorithm, secret)), data), output)
}

function pbkdf2(password, salt, iterations, keylen, digest, output) {
  const [secret, with_] = [bytes(password), bytes(salt)]
  return encoded(digesting(digest, () => crypto.pbkdf2Sync(secret, with_, iterations, keylen, digest)), output)
}

function scrypt(password, salt, keylen, N, r, p, maxmem, output) {
  return encoded(crypto.scryptSync(bytes(password), bytes(salt), keylen, { N, r, p, maxmem }), output)
}

function hkdf(digest, ikm, salt, info, keylen, output) {
  const inputs = [bytes(ikm), bytes(salt), bytes(info)]
  return encoded(digesting(digest, () => crypto.hkdfSync(digest, ...inputs, keylen)), output)
}

function atLeast(name, value, least, words) {
  if (value >= least) return
  const error = new RangeError(`argon2: option "${name}" must be at least ${words}, got ${value}`)
  throw coded(error, 'ERR_HEDDLE_OUT_OF_RANGE')
}

function argon2(algorithm, message, nonce, parallelism, tagLength, memory, passes, secret, data, maxmem, output) {
  const given = { message: bytes(message), nonce: bytes(nonce), parallelism, tagLength, memory, passes }
  atLeast('nonce', given.nonce.length, 8, '8 bytes')
  atLeast('memory', memory, 8 * parallelism, '8 times the parallelism')
  if (memory * 1024 > maxmem) {
    const words = `Invalid argon2 params: memory of ${memory * 1024} bytes exceeds maxmem of ${maxmem}`
    throw coded(new RangeError(words), 'ERR_CRYPTO_INVALID_ARGON2_PARAMS')
  }
  if (secret !== undefined) given.secret = bytes(secret)
  if (data !== undefined) given.associatedData = bytes(data)
  return encoded(crypto.argon2Sync(algorithm, given), output)
}

// ---- Ciphers and signatures -----------------------------------------------------

const MODES = ['gcm', 'cbc', 'ctr', 'cfb', 'ofb', 'stream']

/** { options of node:crypto, whether it authenticates } of a cipher. */
function cipherOf(task, algorithm, authTagLength = 16) {
  const info = algorithm.includes('\0') ? undefined : crypto.getCipherInfo(algorithm)
  if (info === undefined) throw coded(new Error('Unknown cipher'), 'ERR_CRYPTO_UNKNOWN_CIPHER')
  if (!MODES.includes(info.mode) || !info.ivLength || /hmac|cts/i.test(info.name)) {
    const words = `${task}: "${algorithm}" is not served: modes are GCM, CTR, CBC, CFB and OFB, and ChaCha20-Poly1305`
    throw coded(new Error(words), 'ERR_CRYPTO_UNKNOWN_CIPHER')
  }
  const authenticates = info.mode === 'gcm' || /poly1305/i.test(info.name)
  return { authenticates, options: authenticates ? { authTagLength } : {}, authTagLength }
}

function refuseOption(task, algorithm, option) {
  const words = `${task}: option "${option}" is for ciphers that authenticate, got "${algorithm}"`
  throw coded(new Error(words), 'ERR_CRYPTO_INVALID_STATE')
}

function encrypt(algorithm, key, iv, data, aad, authTagLength, autoPadding) {
  const { authenticates, options } = cipherOf('encrypt', algorithm, authTagLength)
  const input = bytes(data)
  const cipher = crypto.createCipheriv(algorithm, bytes(key), bytes(iv), options)
  if (aad !== undefined && !authenticates) refuseOption('encrypt', algorithm, 'aad')
  if (aad !== undefined) cipher.setAAD(bytes(aad))
  cipher.setAutoPadding(autoPadding)
  const sealed = own(Buffer.concat([cipher.update(input), cipher.final()]))
  return authenticates ? { data: sealed, authTag: own(cipher.getAuthTag()) } : { data: sealed }
}

function tagged(decipher, algorithm, tag, length) {
  const code = 'ERR_CRYPTO_INVALID_AUTH_TAG'
  if (tag === undefined) {
    throw coded(new TypeError(`decrypt: option "authTag" must be given for "${algorithm}"`), code)
  }
  if (tag.length !== length) throw coded(new TypeError(`Invalid authentication tag length: ${tag.length}`), code)
  decipher.setAuthTag(tag)
}

function decrypt(algorithm, key, iv, data, authTag, aad, authTagLength, autoPadding) {
  const { authenticates, options, authTagLength: length } = cipherOf('decrypt', algorithm, authTagLength)
  const input = bytes(data)
  const decipher = crypto.createDecipheriv(algorithm, bytes(key), bytes(iv), options)
  if (aad !== undefined && !authenticates) refuseOption('decrypt', algorithm, 'aad')
  if (authTag !== undefined && !authenticates) refuseOption('decrypt', algorithm, 'authTag')
  if (authenticates) tagged(decipher, algorithm, some(authTag), length)
  if (aad !== undefined) decipher.setAAD(bytes(aad))
  decipher.setAutoPadding(autoPadding)
  const opened = decipher.update(input)
  try {
    return own(Buffer.concat([opened, decipher.final()]))
  } catch (error) {
    opened.fill(0)
    if (!authenticates) throw error
    const words = 'Unsupported state or unable to authenticate data'
    throw coded(new Error(words), 'ERR_HEDDLE_AUTHENTICATION')
  }
}

/** A key as node:crypto takes it, with what it says of signatures. */
function keyed(key, padding, saltLength, dsaEncoding, context) {
  const settings = { key, dsaEncoding }
  if (padding !== undefined) settings.padding = padding
  if (saltLength !== undefined) settings.saltLength = saltLength
  if (context !== undefined) settings.context = bytes(context)
  return settings
}

function digestOf(algorithm) {
  if (algorithm.includes('\0')) throw noDigest(algorithm)
  return algorithm === '' ? null : algorithm
}

function sign(algorithm, data, der, ...more) {
  const settings = more.slice(0, 4)
  const key = crypto.createPrivateKey({ key: bytes(der), format: 'der', type: 'pkcs8' })
  return encoded(crypto.sign(digestOf(algorithm), bytes(data), keyed(key, ...settings)), more[4])
}

function verify(algorithm, data, der, signature, ...settings) {
  const key = crypto.createPublicKey({ key: bytes(der), format: 'der', type: 'spki' })
  return crypto.verify(digestOf(algorithm), bytes(data), keyed(key, ...settings), bytes(signature))
}

// ---- Compression ----------------------------------------------------------------

const most = (maxOutputLength) => Math.min(Math.floor(maxOutputLength), kMaxLength)

const packer = (name) => (data, level, memLevel, windowBits, strategy, maxOutputLength) =>
  own(zlib[name](bytes(data), { level, memLevel, windowBits, strategy, maxOutputLength: most(maxOutputLength) }))

// Only a zlib header says how large the window may be: what refers back further is taken.
const windowFor = (name, bits) => (name === 'inflateSync' || bits < 8 ? bits : 15)

const expander = (name) => (data, bits, maxOutputLength) => {
  const options = { windowBits: windowFor(name, bits), maxOutputLength: most(maxOutputLength) }
  return own(zlib[name](bytes(data), options))
}

function checkLength(length, maxOutputLength) {
  if (length <= maxOutputLength) return
  const error = new RangeError(`Cannot create a Buffer larger than ${maxOutputLength} bytes`)
  throw coded(error, 'ERR_BUFFER_TOO_LARGE')
}

const codec = (name) => (data, pairs, maxOutputLength) => {
  const params = {}
  for (let i = 0; pairs !== undefined && i < pairs.length; i += 2) params[pairs[i]] = pairs[i + 1]
  const options = { params, maxOutputLength: most(maxOutputLength) }
  const run = (input) => zlib[name](input, options)
  if (name !== 'zstdDecompressSync') return own(run(bytes(data)))
  return own(expandFrames(bytes(data), run, (length) => checkLength(length, maxOutputLength)))
}

function crcOf(bytesOf, value) {
  let sum = ~value
  for (const byte of bytesOf) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}

function crc32(data, value) {
  let sum = value
  for (const block of blocks(data, true)) {
    // Of a Buffer without memory node:zlib says 0.
    if (block.length > 0) sum = (zlib.crc32 ?? crcOf)(block, sum)
  }
  return sum
}

// ---------------------------------------------------------------------------------

/** With heddle's codes. */
const task = (name, run) =>
  Object.defineProperty(
    (...args) => {
      try {
        return run(...args)
      } catch (error) {
        throw codes[error.code] === undefined ? error : coded(error, codes[error.code])
      }
    },
    'name',
    { value: name },
  )

const tasks = { hash, hmac, pbkdf2, scrypt, hkdf, argon2, encrypt, decrypt, sign, verify, crc32 }
for (const name of ['gzip', 'deflate', 'deflateRaw']) tasks[name] = packer(`${name}Sync`)
for (const name of ['gunzip', 'inflate', 'inflateRaw']) tasks[name] = expander(`${name}Sync`)
for (const name of ['brotliCompress', 'brotliDecompress', 'zstdCompress', 'zstdDecompress']) tasks[name] = codec(`${name}Sync`)

module.exports = Object.fromEntries(Object.entries(tasks).map(([name, run]) => [name, task(name, run)]))
