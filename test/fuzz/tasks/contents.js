'use strict'
// What cases hold: bytes by a description, which is plain data.
//
//   { text, times }                  a string, lone surrogates too
//   { fill, size, salt }             bytes of a kind
//   { packed, of, options, damage }  bytes that node:zlib has packed, and what was done to them

const fc = require('fast-check')
const { createHash } = require('node:crypto')
const zlib = require('node:zlib')

const MIB = 1 << 20
const LIMITS = [0, 1, 16, 64, 128, 256, 4096, 16384, 32768, 65536, 131072]
const packers = ['gzip', 'deflate', 'deflateRaw']

// ---- Descriptions -------------------------------------------------------------

const around = (limits) =>
  fc.tuple(fc.constantFrom(...limits), fc.integer({ min: -1, max: 1 })).map(([a, b]) => {
    return Math.max(0, a + b)
  })

/** Bytes: most often few, else about the limits of buffers. */
const sizes = fc.oneof(
  { weight: 6, arbitrary: fc.nat(300) },
  { weight: 6, arbitrary: around(LIMITS) },
  { weight: 3, arbitrary: fc.nat(100_000) },
  { weight: 1, arbitrary: around([MIB, 2 * MIB]) },
)

const unit = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 32, max: 126 }) },
  { weight: 1, arbitrary: fc.nat(0xff) },
  { weight: 1, arbitrary: fc.nat(0xffff) },
  { weight: 2, arbitrary: fc.integer({ min: 0xd7ff, max: 0xe000 }) },
)
const text = fc.array(unit, { maxLength: 24 }).map((units) => String.fromCharCode(...units))

const texts = fc.record({
  text,
  times: fc.oneof(
    { weight: 5, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.nat(6000) },
  ),
})

const fills = fc.record({
  fill: fc.constantFrom('zeros', 'noise', 'lines', 'log', 'period', 'mixed'),
  size: sizes,
  salt: fc.nat(999),
})

const plain = fc.oneof({ weight: 1, arbitrary: texts }, { weight: 3, arbitrary: fills })

const place = fc.oneof(
  fc.record({ from: fc.constantFrom('start', 'end'), n: fc.nat(24) }),
  fc.record({ share: fc.nat(1000) }),
)
const damage = fc.oneof(
  fc.record({ op: fc.constant('cut'), at: place }),
  fc.record({ op: fc.constant('flip'), at: place, bit: fc.nat(7) }),
  fc.record({ op: fc.constant('set'), at: place, byte: fc.nat(255) }),
  fc.record({ op: fc.constant('drop'), at: place, n: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ op: fc.constant('append'), content: fills }),
  fc.record({ op: fc.constant('zeros'), n: fc.constantFrom(1, 2, 7, 8, 9, 65536) }),
  fc.record({ op: fc.constant('again'), times: fc.integer({ min: 1, max: 5 }) }),
  fc.record({
    op: fc.constant('member'),
    by: fc.constantFrom(...packers),
    content: fills,
    level: fc.integer({ min: -1, max: 9 }),
  }),
)

const packed = fc.record(
  {
    packed: fc.constantFrom(...packers),
    of: plain,
    options: fc.record(
      {
        level: fc.integer({ min: -1, max: 9 }),
        windowBits: fc.integer({ min: 9, max: 15 }),
        memLevel: fc.integer({ min: 1, max: 9 }),
        strategy: fc.nat(4),
        finishFlush: fc.constantFrom(zlib.constants.Z_SYNC_FLUSH, zlib.constants.Z_FULL_FLUSH),
        dictionary: fc.constant('the quick brown fox'),
      },
      { requiredKeys: [] },
    ),
    damage: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 3, arbitrary: fc.array(damage, { minLength: 1, maxLength: 3 }) },
    ),
  },
  { requiredKeys: ['packed', 'of', 'damage'] },
)

// ---- What they describe -------------------------------------------------------

const noise = createHash('shake256', { outputLength: 4 * MIB }).update('heddle').digest()

function lines(size, salt) {
  const words = ['the quick brown fox', 'jumps over', 'a lazy dog', '\n', `${salt}`]
  const parts = []
  for (let i = 0, length = 0; length < size; i++) {
    const part = `${words[noise[(salt + i) % noise.length] % words.length]} `
    parts.push(part)
    length += part.length
  }
  return Buffer.from(parts.join('').slice(0, size))
}

/** Lines that are much alike, but not the same. */
function log(size, salt) {
  const parts = []
  for (let i = salt, length = 0; length < size; i++) {
    const word = noise[i] % 7 ? 'the quick brown fox' : noise[i * 7]
    const part = `${i}: ${word}, ${i % 13}\n`
    parts.push(part)
    length += part.length
  }
  return Buffer.from(parts.join('').slice(0, size))
}

function filled({ fill, size, salt }) {
  switch (fill) {
    case 'zeros':
      return Buffer.alloc(size)
    case 'noise':
      return Buffer.from(noise.subarray(salt, salt + size))
    case 'lines':
      return lines(size, salt)
    case 'log':
      return log(size, salt)
    case 'period':
      return Buffer.alloc(size, noise.subarray(salt, salt + 1 + salt))
    default: {
      const part = Math.ceil(size / 3)
      const parts = ['lines', 'noise', 'period'].map((kind) => {
        return filled({ fill: kind, size: part, salt })
      })
      return Buffer.concat(parts).subarray(0, size)
    }
  }
}

function placeIn(bytes, { from, n, share }) {
  if (share !== undefined) return Math.floor((bytes.length * share) / 1000)
  return Math.min(Math.max(from === 'start' ? n : bytes.length - 1 - n, 0), bytes.length)
}

function pack(by, bytes, options) {
  const made = { ...options }
  if (made.dictionary !== undefined) made.dictionary = Buffer.from(made.dictionary)
  // gzip takes no dictionary.
  if (by === 'gzip') delete made.dictionary
  return zlib[`${by}Sync`](bytes, made)
}

function damaged(bytes, step) {
  const at = step.at === undefined ? 0 : placeIn(bytes, step.at)
  switch (step.op) {
    case 'cut':
      return bytes.subarray(0, at)
    case 'flip':
    case 'set': {
      const copy = Buffer.from(bytes)
      if (at < copy.length) copy[at] = step.op === 'set' ? step.byte : copy[at] ^ (1 << step.bit)
      return copy
    }
    case 'drop':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + step.n)])
    case 'append':
      return Buffer.concat([bytes, filled(step.content)])
    case 'zeros':
      return Buffer.concat([bytes, Buffer.alloc(step.n)])
    case 'again':
      return Buffer.concat(new Array(step.times + 1).fill(bytes))
    default:
      return Buffer.concat([bytes, pack(step.by, filled(step.content), { level: step.level })])
  }
}

/** The bytes of a description; of a string its UTF-8. */
function bytesOf(content) {
  if (content.text !== undefined) return Buffer.from(textOf(content))
  if (content.fill !== undefined) return filled(content)
  const packed = pack(content.packed, bytesOf(content.of), content.options)
  return content.damage.reduce(damaged, packed)
}

/** The string of a description that has one. */
const textOf = ({ text, times }) => text.repeat(times)

module.exports = { plain, packed, texts, sizes, bytesOf, textOf, packers, noise }
