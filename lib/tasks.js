'use strict'
// heddle/tasks: the built-in native tasks. types/tasks.d.ts documents each.

require('./external.js') // first: it says what is wrong in a bundle
const { maker: makerOf } = require('./task/maker.js')
const { addMaker } = require('./task/makers.js')
const { define, typeError } = require('./errors.js')
const { lately } = require('./late.js')
const { previous } = require('./task/previous.js')

const { loaded, use } = lately(module, {
  cipher: () => require('./task/cipher.js').secretKey,
  fallback: () => require('./thread/fallback.js').fallback,
  files: () => require('./task/file.js'),
  keys: () => require('./task/keys.js'),
  streamed: () => require('./input/index.js').streamed,
  params: () => require('./task/params.js'),
})

const instead = (name, args) => (loaded.fallback ?? use('fallback'))(name, args)
const maker = (name) => makerOf(name, instead)

/** Of a task whose data may be a stream. */
const streamed = (...given) => (loaded.streamed ?? use('streamed'))(...given)
const streaming = (name) => makerOf(name, instead, streamed)

const nativeScrypt = maker('scrypt')
const nativeWriteFile = maker('writeFile')

// Node's crypto.scrypt has two names for each cost.
const scryptAliases = new Map([
  ['cost', 'N'],
  ['blockSize', 'r'],
  ['parallelization', 'p'],
])

function scrypt(password, salt, keylen, options) {
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    return nativeScrypt(password, salt, keylen, options)
  }
  const given = Object.create(null)
  for (const key of Object.keys(options)) {
    const value = options[key]
    if (value === undefined) continue
    const name = scryptAliases.get(key) ?? key
    if (given[name] !== undefined) {
      const [alias] = [...scryptAliases].find((pair) => pair[1] === name)
      throw typeError('scrypt', `option "${alias}"`, `left out beside "${name}"`, options[alias])
    }
    given[name] = value
  }
  return nativeScrypt(password, salt, keylen, given)
}

function writeFile(path, data) {
  if (path === previous) throw typeError('writeFile', 'argument "path"', 'a path', path)
  const { resolvePath, checkPermission } = loaded.files ?? use('files')
  const absolute = resolvePath('writeFile', path)
  if (typeof absolute !== 'string') {
    throw typeError('writeFile', 'argument "path"', 'a path in UTF-8', path)
  }
  checkPermission('fs.write', 'FileSystemWrite', absolute)
  return nativeWriteFile(absolute, data)
}

/** The maker of a task of Brotli or zstd, whose option `params` is an object. */
function parametric(name) {
  const make = streaming(name)
  const made = (data, options) =>
    options === undefined
      ? make(data)
      : make(data, (loaded.params ?? use('params')).withParams(name, options))
  return addMaker(define(made, 'name', name, false))
}

/** The maker of encrypt or decrypt, whose key may be a KeyObject. */
function ciphering(name) {
  const make = maker(name)
  const made = (algorithm, key, ...rest) => {
    const isObject = typeof key === 'object' && key !== null && !ArrayBuffer.isView(key)
    const secret = isObject ? (loaded.cipher ?? use('cipher'))(name, key) : key
    return make(algorithm, secret, ...rest)
  }
  return addMaker(define(made, 'name', name, false))
}

/** The maker of sign or verify, whose keys go down as DER. */
function signing(name) {
  const make = maker(name)
  const made = (...given) => make(...(loaded.keys ?? use('keys'))[name](...given))
  return addMaker(define(made, 'name', name, false))
}

/** A file, in place of any bytes argument of a task. */
function file(location) {
  return (loaded.files ?? use('files')).file(location)
}

const hash = streaming('hash')
const hmac = streaming('hmac')
const pbkdf2 = maker('pbkdf2')
const hkdf = maker('hkdf')
const argon2 = maker('argon2')
const encrypt = ciphering('encrypt')
const decrypt = ciphering('decrypt')
const sign = signing('sign')
const verify = signing('verify')
const gzip = streaming('gzip')
const gunzip = streaming('gunzip')
const deflate = streaming('deflate')
const inflate = streaming('inflate')
const deflateRaw = streaming('deflateRaw')
const inflateRaw = streaming('inflateRaw')
const brotliCompress = parametric('brotliCompress')
const brotliDecompress = parametric('brotliDecompress')
const zstdCompress = parametric('zstdCompress')
const zstdDecompress = parametric('zstdDecompress')
const crc32 = streaming('crc32')
const sort = maker('sort')
const sum = maker('sum')
const matmul = maker('matmul')

module.exports = {
  hash,
  hmac,
  pbkdf2,
  scrypt,
  hkdf,
  argon2,
  encrypt,
  decrypt,
  sign,
  verify,
  gzip,
  gunzip,
  deflate,
  inflate,
  deflateRaw,
  inflateRaw,
  brotliCompress,
  brotliDecompress,
  zstdCompress,
  zstdDecompress,
  crc32,
  sort,
  sum,
  matmul,
  file,
  writeFile,
}
