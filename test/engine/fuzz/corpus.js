'use strict'
// Writes what the fuzz targets begin with: node corpus.js FOLDER. As text here, since
// packed streams are made as easily.

const fs = require('node:fs')
const path = require('node:path')
const zlib = require('node:zlib')

const [folder] = process.argv.slice(2)
const repeat = (text, times, joint) => new Array(times).fill(text).join(joint)

/** The inputs of a target: [name, bytes]. */
function write(target, inputs) {
  const to = path.join(folder, target)
  fs.mkdirSync(to, { recursive: true })
  for (const [name, bytes] of inputs) fs.writeFileSync(path.join(to, `seed-${name}`), bytes)
}

const CALM = [0, 0] // no cancelling, no allocation that fails
const numbered = (list) => list.map((bytes, i) => [i, Buffer.from(bytes)])

// ---- signatures: room for words, flags, text ------------------------------------

const signatures = [
  '-> void',
  'f64, f64 -> f64 | null',
  'data: bytes, value?: u32 = 0 -> f64',
  'x: i32(-1..9) = -1, y: f64(0..) = 1e3 -> {a: f64, b?: string | bytes}',
  's: string(hex|base64|latin1) = hex -> string',
  'a: u8c[], b: i64 = -9223372036854775808, c: u64 = 18446744073709551615 -> array | record',
  'data: bytes, options?: {level?: i32(0..9) = 6, quick?: bool = true} -> bytes',
  'x: i32(0..5000000000) -> f64',
  '{a: f64 -> f64',
  'two?: f64, three -> f64',
  // As much as there may be of each.
  `s: string(${repeat('ab', 32, '|')}) -> void`,
  `${repeat('f64', 32, ', ')} -> void`,
  `-> {${Array.from({ length: 64 }, (_, i) => `f${i}: f64`).join(', ')}}`,
  `x: f64 = ${'1'.repeat(39)} -> void`,
]
write('signatures', numbered(signatures.map((text) => Buffer.from(`\xc8\0${text}`, 'latin1'))))

// ---- streams: kind, trouble, limit, (windowBits,) bytes; or options, bytes --------

const NO_LIMIT = [0, 0, 0, 63]
const text = Buffer.from('the quick brown fox jumps over the lazy dog. '.repeat(30))
const streams = ['gzip', 'deflate', 'deflateRaw'].flatMap((name, kind) => {
  const pack = (data, options) => zlib[`${name}Sync`](data, options)
  const packed = [
    pack(text),
    pack(''),
    pack(text, { level: 0 }),
    pack(text, { strategy: zlib.constants.Z_FIXED }),
    pack(Buffer.alloc(100_000)),
    Buffer.concat([pack('one'), pack('two'), Buffer.alloc(3)]),
    pack(text).subarray(0, 40),
  ]
  if (name === 'deflate') packed.push(pack(text, { dictionary: Buffer.from('fox') }))
  const head = (limit, what = kind + 3) => Buffer.from([what, ...CALM, ...limit])
  const compressing = [7, 7, 7, 0, 255] // level, memory, window, strategy, times
  return [
    ...packed.map((data) => Buffer.concat([head(NO_LIMIT), data])),
    Buffer.concat([head([0, 0, 1, 1]), packed[0]]),
    Buffer.concat([head([0, 0, 255, 2]), packed[4]]),
    Buffer.concat([head(NO_LIMIT, 192 + kind), Buffer.from(compressing), text.subarray(0, 200)]),
  ]
})
write('streams', numbered(streams))

// ---- encodings: which, trouble, bytes ---------------------------------------------

const all = Uint8Array.from({ length: 256 }, (_, i) => i)
write(
  'encodings',
  numbered([0, 1, 2, 3, 5].flatMap((n) => [[n, ...CALM, ...all], [n, ...CALM, 255], [n, ...CALM]])),
)

// ---- files: trouble, failures, four paths, how it ends, steps ----------------------

const [F, G, H, LINK, NEW] = [0, 1, 2, 3, 7]
const CREATE = 0
const [WRITE, WRITE_BLOCK, CLOSE, READ, READ_ALL] = [2, 3, 4, 5, 6]
const one = (piece) => [0, piece]
const files = [
  // f is copied to a new file; to what has two names; by way of a link; onto itself
  ...[NEW, H, LINK, F].map((to) => {
    const paths = [...one(F), ...one(G), ...one(to), ...one(NEW)]
    return [...paths, 0, READ, 0, CREATE, 2, WRITE_BLOCK, 0, READ, 0, CLOSE, 0]
  }),
  [...one(F), ...one(G), ...one(G), ...one(NEW), 0, READ_ALL, 1, CREATE, 3, WRITE, 3, 1, 2, 3, 0],
  [...one(F), ...one(G), 2, 10, 5, 9, ...one(NEW), 0, CREATE, 2, WRITE, 1, 65, 0, CREATE, 3],
]
write('files', numbered(files.flatMap((it) => [0, 3, 24, 192].map((fails) => [...CALM, fails, ...it]))))

// ---- calls: task, trouble, an argument, how it ends, steps --------------------------

const calls = [
  [0, ...CALM, 0, 0],
  [1, ...CALM, 3, 1, 2, 3, 0, 0, 9, 1, 5, 9, 0],
  [2, ...CALM, 0, 0, 4, 97, 5, 5, 2, 4, 98, 3, 2, 97, 98],
  [5, ...CALM, 0, 0, 4, 97, 5, 5, 2, 4, 98, 0, 8, 1, 20],
  [6, ...CALM, 2, 1, 2, 0, 2, 9, 7, 10, 0, 8, 200],
  [7, ...CALM, 0, 1, 6, 1, 97, 98, 99],
  [2, ...CALM, 0, 0, ...Array.from({ length: 64 }, (_, i) => [4, i + 32]).flat()],
]
write('calls', numbered(calls))
