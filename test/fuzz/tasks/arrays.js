'use strict'
// Typed arrays by a description: { array, values, length, salt, offset, shared }.

const fc = require('fast-check')
const { noise } = require('./contents.js')
const { names, types, viewOf } = require('./carriers.js')

const LIMITS = [0, 1, 64, 256, 16384, 65536, 131072]

const lengths = fc.oneof(
  { weight: 8, arbitrary: fc.nat(200) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...LIMITS), fc.integer({ min: -1, max: 1 }))
      .map(([a, b]) => Math.max(0, a + b)),
  },
)

const kinds = ['bits', 'special', 'small', 'sorted', 'reversed', 'equal', 'wide']

const arraysOf = (...of) =>
  fc.record({
    array: fc.constantFrom(...of),
    values: fc.constantFrom(...kinds),
    length: lengths,
    salt: fc.nat(9999),
    offset: fc.nat(9),
    shared: fc.boolean(),
  })

const arrays = arraysOf(...names)

const SPECIAL = [NaN, -0, 0, Infinity, -Infinity, 1, -1, 5e-324, -5e-324, 1e-45, 0.1, -0.1]
SPECIAL.push(Number.MAX_VALUE, -Number.MAX_VALUE, 1e308, 3e38, 2 ** 53, 16777216)
const LARGE = [0n, 1n, -1n, 255n, 256n, 2n ** 31n, 2n ** 32n]
LARGE.push(2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n)

const isBig = (Type) => Type === BigInt64Array || Type === BigUint64Array

/** Numbers of 32 bits, the same for a salt. */
const random = (salt) => (i) => noise.readUInt32LE((salt * 4 + i * 4) % (noise.length - 4))

function numberOf(Type, values, n, i) {
  switch (values) {
    case 'special':
      return isBig(Type) ? LARGE[n % LARGE.length] : SPECIAL[n % SPECIAL.length]
    case 'equal':
      return isBig(Type) ? 7n : 7
    case 'wide': // of floats magnitudes that cancel
      return isBig(Type) ? BigInt(n) * 2n ** 31n : ((n % 2000) - 1000) * 10 ** ((n >>> 16) % 30)
    default:
      return isBig(Type) ? BigInt((n % 201) - 100) : (n % 201) - 100 + (i % 2) / 4
  }
}

/** A new array as described. */
function arrayOf({ array, values, length, salt, offset, shared }) {
  const Type = types[array]
  const plain = new Type(length)
  const from = random(salt)
  if (values === 'bits') {
    const bytes = new Uint8Array(plain.buffer)
    bytes.set(noise.subarray(salt, salt + bytes.length))
  } else {
    for (let i = 0; i < length; i++) plain[i] = numberOf(Type, values, from(i), i)
  }
  if (values === 'sorted' || values === 'reversed') plain.sort()
  if (values === 'reversed') plain.reverse()
  const bytes = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength)
  return viewOf(Type, bytes, offset, shared ? SharedArrayBuffer : ArrayBuffer)
}

module.exports = { arrays, arraysOf, arrayOf, isBig }
