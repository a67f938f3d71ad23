'use strict'
// Cases: a task, its arguments as plain data, and how it is run.
//
//   case      { task, args, options?, run, previous? }
//   argument  { bytes, as, offset } | { array, ... } | { number } | { word } | { odd } | { path }
//
// `previous` is the argument that comes as the result of the step before.

const fc = require('fast-check')
const { arrays, arraysOf } = require('./arrays.js')
const { carriers } = require('./carriers.js')
const { packed, plain, texts } = require('./contents.js')

const odds = {
  undefined: undefined,
  null: null,
  NaN: NaN,
  Infinity: Infinity,
  '-Infinity': -Infinity,
  '-0': -0,
  half: 0.5,
  '2^53': 2 ** 53,
  true: true,
  bigint: 1n,
  digits: '7',
  object: {},
  array: [1],
}
const odd = fc.record({ odd: fc.constantFrom(...Object.keys(odds)) })

/** Mostly as the first, sometimes odd. */
const mostly = (arbitrary, other = odd) =>
  fc.oneof({ weight: 24, arbitrary }, { weight: 1, arbitrary: other })

const carried = (content) =>
  fc.record({ bytes: content, as: fc.constantFrom(...carriers), offset: fc.nat(9) })
const anyBytes = fc.oneof(
  { weight: 1, arbitrary: fc.record({ bytes: texts, as: fc.constant('string') }) },
  { weight: 3, arbitrary: carried(plain) },
)
const bytes = mostly(
  anyBytes,
  fc.oneof(odd, fc.record({ path: fc.constantFrom('missing', 'folder') })),
)

const number = (...of) =>
  mostly(fc.constantFrom(...of).map((n) => (typeof n === 'number' ? { number: n } : { odd: n })))

const DIGESTS = ['sha256', 'md5', 'sha1', 'sha512', 'SHA384', 'sha3-256', 'blake2b512', 'ripemd160']
const ODD_DIGESTS = ['RSA-SHA256', 'sm3', 'shake128', 'shake256', 'sha512-256', 'md5-sha1', 'md4']
ODD_DIGESTS.push('nope', '', 'sha256\0', 'ä', 'null', 'mdc2', 'x'.repeat(70))
const digest = mostly(
  fc
    .oneof(
      { weight: 6, arbitrary: fc.constantFrom(...DIGESTS) },
      { weight: 1, arbitrary: fc.constantFrom(...ODD_DIGESTS) },
    )
    .map((word) => ({ word })),
)

const word = (...of) => mostly(fc.constantFrom(...of).map((text) => ({ word: text })))
const outputEncoding = word('hex', 'base64', 'base64url', 'latin1', 'binary', 'buffer', 'utf8', '')

const LENGTHS = [0, 1, 19, 20, 32, 64, 127, 128, 129, 255, 300, 5100, 5101, 70_000, -1, 2 ** 31]
const keylen = number(...LENGTHS)
const MAXIMA = [1, 2, 64, 100, 16384, 65535, 65536, 65537, 2 ** 20, 2 ** 31, 2 ** 53 - 1, 0, -1]
const maxOutputLength = fc.oneof(
  number(...MAXIMA),
  fc.record({ relative: fc.integer({ min: -1, max: 1 }) }), // to the result
)

const optional = (fields) => fc.option(fc.record(fields, { requiredKeys: [] }), { nil: undefined })

const deflating = {
  level: number(-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -2, 10),
  memLevel: number(1, 2, 5, 8, 9, 0, 10),
  windowBits: number(8, 9, 10, 12, 15, 7, 16),
  strategy: number(0, 1, 2, 3, 4, -1, 5),
  maxOutputLength,
}
const inflating = { windowBits: number(0, 8, 9, 10, 12, 15, 7, 16, -15), maxOutputLength }
const scrypting = {
  N: number(0, 1, 2, 3, 4, 16, 1024, 16384, 32768, 2 ** 31, 2 ** 32, -1),
  r: number(0, 1, 2, 8, 65536, 2 ** 30),
  p: number(0, 1, 2, 3, 65536, 2 ** 30),
  cost: number(2, 16),
  blockSize: number(1, 8),
  parallelization: number(1, 2),
  maxmem: number(0, 1000, 100_000, 2 ** 25, 2 ** 26, 2 ** 53 - 1, -1),
  outputEncoding,
}

const dimension = number(0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 65, -1, 2 ** 32)
const matrix = fc.record({
  matrix: fc.constantFrom('Float64Array', 'Float32Array'),
  salt: fc.nat(999),
  extra: fc.oneof(
    { weight: 9, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constant(1) },
  ),
})

const path = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('new', 'there', 'linked', 'link', 'strange')
      .map((path) => ({ path })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('nowhere', 'folder', 'slash', 'nul', 'empty', 'long')
      .map((path) => ({ path })),
  },
)

const digesting = { outputEncoding }
const expandable = mostly(
  fc.oneof({ weight: 8, arbitrary: carried(packed) }, { weight: 1, arbitrary: anyBytes }),
)

/** The arguments and options of each task. */
const shapes = {
  hash: [[digest, bytes], digesting],
  hmac: [[digest, bytes, bytes], digesting],
  pbkdf2: [[bytes, bytes, number(1, 2, 3, 17, 0, -1, 2 ** 31), keylen, digest], digesting],
  scrypt: [[bytes, bytes, keylen], scrypting],
  hkdf: [[digest, bytes, bytes, bytes, keylen], digesting],
  gzip: [[bytes], deflating],
  deflate: [[bytes], deflating],
  deflateRaw: [[bytes], deflating],
  gunzip: [[expandable], inflating],
  inflate: [[expandable], inflating],
  inflateRaw: [[expandable], inflating],
  crc32: [[bytes, number('undefined', 0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -1)]],
  sort: [[mostly(arrays)]],
  sum: [[mostly(fc.oneof(arrays, arraysOf('Float64Array', 'Float32Array')))]],
  matmul: [[mostly(matrix), mostly(matrix), dimension, dimension, dimension]],
  writeFile: [[path, bytes]],
}

const weights = { gunzip: 4, inflate: 3, inflateRaw: 3, gzip: 2, deflate: 2, deflateRaw: 2, sum: 2 }

/** An expander is given what its packer has made, mostly. */
const packer = { gunzip: 'gzip', inflate: 'deflate', inflateRaw: 'deflateRaw' }
function fit({ match, ...it }) {
  const [first] = it.args
  if (match !== 0 && packer[it.task] && first.bytes?.packed)
    it.args = [{ ...first, bytes: { ...first.bytes, packed: packer[it.task] } }]
  const previous = it.run === 'sequential' || it.run === 'chain'
  if (previous) it.previous %= it.args.length
  else delete it.previous
  // Each 20 bytes of a key or so take the salt anew.
  const [, salt, , keylen] = it.args
  if (it.task === 'pbkdf2' && keylen.number > 300 && (salt.bytes?.size ?? 9999) > 300)
    it.args[1] = { bytes: { text: 'salt', times: 1 }, as: 'string' }
  // A path is no step's result.
  if (it.task === 'writeFile' && previous) it.previous = 1
  return it
}

const cases = fc
  .oneof(
    ...Object.entries(shapes).map(([task, [args, options = {}]]) => ({
      weight: weights[task] ?? 1,
      arbitrary: fc.record({
        task: fc.constant(task),
        args: fc.tuple(...args),
        options: Object.keys(options).length > 0 ? optional(options) : fc.constant(undefined),
        run: fc.constantFrom('then', 'then', 'parallel', 'copy', 'sequential', 'chain'),
        previous: fc.nat(4),
        match: fc.nat(9),
      }),
    })),
  )
  .map((it) => fit(it))

module.exports = { cases, odds }
