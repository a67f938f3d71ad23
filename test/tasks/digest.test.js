'use strict'
// hash, hmac, pbkdf2, scrypt and hkdf, against node:crypto.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const { inspect } = require('node:util')
const { parallel } = require('../../lib/index.js')
const { hash, hkdf, hmac, pbkdf2, scrypt } = require('../../lib/tasks.js')
const { rejection } = require('../support.js')

const digestOf = (algorithm, data) => crypto.createHash(algorithm).update(data).digest()
const hmacOf = (algorithm, key, data) => crypto.createHmac(algorithm, key).update(data).digest()
const hex = (bytes) => Buffer.from(bytes).toString('hex')

// Node looks digests up in tables of its own; what it refuses is no case here.
function orNull(make) {
  try {
    return make()
  } catch {
    return null
  }
}

/** Runs [name, task, expected] as one list. */
async function check(cases) {
  assert.ok(cases.length > 0)
  const results = await parallel(cases.map(([, task]) => task))
  cases.forEach(([name, , expected], i) => assert.deepEqual(results[i], expected, name))
}

/** The digests that Node computes something with: [name, bytes]. */
const working = (compute) =>
  crypto.getHashes().flatMap((name) => {
    const bytes = orNull(() => compute(name))
    return bytes === null ? [] : [[name, bytes]]
  })

/** An array whose bytes are not alike. */
function filled(Type, length) {
  const array = new Type(length)
  const bytes = new Uint8Array(array.buffer)
  bytes.forEach((_, i) => (bytes[i] = i * 37 + 11))
  return array
}

function bytesOf(value) {
  if (!ArrayBuffer.isView(value)) return Buffer.from(value)
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}

const typedArrays = Object.getOwnPropertyNames(globalThis)
  .filter((name) => /^(Big)?(Int|Uint|Float)\d+(Clamped)?Array$/.test(name))
  .map((name) => globalThis[name])

function shared(length) {
  const buffer = new SharedArrayBuffer(length)
  new Uint8Array(buffer).fill(77)
  return buffer
}

const inputs = {
  'an empty string': '',
  ASCII: 'hello',
  'two bytes a character': 'grüße und öäü',
  'three bytes a character': '日本語テキスト',
  'four bytes a character': '𝒳🧵👩‍👩‍👧',
  'a null character': 'a\0b',
  'a lone high surrogate': 'a\ud83eb',
  'a lone low surrogate': 'a\udd37b',
  'surrogates in the wrong order': '\udd37\ud83e',
  'a lone surrogate at the end': 'abc\ud83e',
  'surrogates about the limits of buffers': `${'x'.repeat(252)}\ud83e${'ü'.repeat(300)}\udd37`,
  'a long string': 'ü🧵x'.repeat(50000),
  'a sliced string': 'prefix and 日本語 and more'.slice(7, 20),
  'a joined string': ['日本語 '.repeat(9), 'x'.repeat(9)].reduce((a, b) => a + b),
  'an empty Buffer': Buffer.alloc(0),
  'a Buffer': Buffer.from('a buffer'),
  'a Buffer of its own memory': Buffer.allocUnsafeSlow(5).fill(9),
  'an ArrayBuffer': filled(Uint8Array, 33).buffer,
  'a SharedArrayBuffer': shared(33),
  'a view of a SharedArrayBuffer': new Uint16Array(shared(64), 6, 20),
  'an offset Uint8Array': filled(Uint8Array, 100).subarray(13, 57),
  'an offset Float64Array': filled(Float64Array, 10).subarray(3, 7),
  'a DataView': new DataView(filled(Uint8Array, 50).buffer, 7, 31),
  'an empty DataView': new DataView(new ArrayBuffer(8), 8, 0),
}
for (const Type of typedArrays) {
  inputs[Type.name] = filled(Type, 9)
  inputs[`an empty ${Type.name}`] = new Type(0)
}
for (const length of [1, 55, 56, 63, 64, 65, 65535, 65536, 65537, 200001]) {
  inputs[`${length} bytes`] = filled(Uint8Array, length)
}

const encodings = ['hex', 'base64', 'base64url', 'latin1', 'binary', 'buffer']
const encode = (bytes, encoding) => (encoding === 'buffer' ? bytes : bytes.toString(encoding))

/** A task in every encoding. `make` takes the options, if any. */
const inAll = (name, make, bytes) => [
  [`${name}, by default`, make(), bytes.toString('hex')],
  [`${name}, options without encoding`, make({}), bytes.toString('hex')],
  [`${name}, encoding undefined`, make({ outputEncoding: undefined }), bytes.toString('hex')],
  ...encodings.map((outputEncoding) => [
    `${name} as ${outputEncoding}`,
    make({ outputEncoding }),
    encode(bytes, outputEncoding),
  ]),
]

describe('heddle/tasks: digests and keys', () => {
  describe('give what node:crypto gives', () => {
    const byAlgorithm = {
      hash: [(name) => hash(name, 'data'), (name) => digestOf(name, 'data')],
      hmac: [(name) => hmac(name, 'key', 'data'), (name) => hmacOf(name, 'key', 'data')],
      pbkdf2: [
        (name) => pbkdf2('password', 'salt', 3, 50, name),
        (name) => crypto.pbkdf2Sync('password', 'salt', 3, 50, name),
      ],
      hkdf: [
        (name) => hkdf(name, 'key', 'salt', 'info', 50),
        (name) => crypto.hkdfSync(name, 'key', 'salt', 'info', 50),
      ],
    }
    for (const [task, [make, compute]] of Object.entries(byAlgorithm)) {
      it(`${task}, by every algorithm`, () =>
        check(working(compute).map(([name, bytes]) => [name, make(name), hex(bytes)])))
    }

    it('algorithms in other letters', () =>
      check(
        ['SHA256', 'Sha256', 'SHA2-256', 'sha-256', 'RSA-SHA1'].flatMap((name) => {
          const bytes = orNull(() => digestOf(name, 'a'))
          return bytes === null ? [] : [[name, hash(name, 'a'), hex(bytes)]]
        }),
      ))

    it('of every kind of data', () =>
      check(
        Object.entries(inputs).flatMap(([name, data]) => [
          [`hash of ${name}`, hash('sha256', data), hex(digestOf('sha256', bytesOf(data)))],
          [`hmac of ${name}`, hmac('md5', 'k', data), hex(hmacOf('md5', 'k', bytesOf(data)))],
          [`hmac by ${name}`, hmac('sha1', data, 'd'), hex(hmacOf('sha1', bytesOf(data), 'd'))],
        ]),
      ))

    it('with every kind of password, salt, key and info', () =>
      check(
        Object.entries(inputs).flatMap(([name, data]) => {
          const bytes = bytesOf(data)
          const info = bytes.subarray(0, 1024)
          const p = crypto.pbkdf2Sync(bytes, bytes, 1, 20, 'sha256')
          const h = crypto.hkdfSync('sha256', bytes, bytes, info, 20)
          const s = crypto.scryptSync(bytes, bytes, 20, { N: 2, r: 1 })
          return [
            [`pbkdf2 of ${name}`, pbkdf2(data, data, 1, 20, 'sha256'), hex(p)],
            [`hkdf of ${name}`, hkdf('sha256', data, data, info, 20), hex(h)],
            [`scrypt of ${name}`, scrypt(data, data, 20, { N: 2, r: 1 }), hex(s)],
          ]
        }),
      ))

    it('in every encoding', () => {
      const lengths = [1, 31, 32, 64, 100, 200] // base64 pads each otherwise
      const keys = lengths.flatMap((n) => {
        const key = Buffer.from(crypto.hkdfSync('sha1', 'k', 's', 'i', n))
        const weak = crypto.scryptSync('p', 's', n, { N: 2 })
        const slow = crypto.pbkdf2Sync('p', 's', 1, n, 'sha1')
        return [
          ...inAll(`hkdf ${n}`, (o) => hkdf('sha1', 'k', 's', 'i', n, o), key),
          ...inAll(`scrypt ${n}`, (o) => scrypt('p', 's', n, { N: 2, ...o }), weak),
          ...inAll(`pbkdf2 ${n}`, (o) => pbkdf2('p', 's', 1, n, 'sha1', o), slow),
        ]
      })
      return check([
        ...inAll('hash', (o) => hash('sha1', 'a', o), digestOf('sha1', 'a')),
        ...inAll('hmac', (o) => hmac('sha512', 'k', 'a', o), hmacOf('sha512', 'k', 'a')),
        ...keys,
      ])
    })

    const costs = [
      [],
      [{}],
      [{ N: 16 }, { cost: 16 }],
      [{ r: 3 }, { blockSize: 3 }],
      [{ p: 2 }, { parallelization: 2 }],
      [{ N: 32, r: 2, p: 3 }, { cost: 32, blockSize: 2, parallelization: 3 }],
      [{ N: 32, p: 3, r: 2 }, { N: 32, blockSize: 2, p: 3 }],
      [{ N: 32 }, { cost: undefined, N: 32 }],
      [{ N: 32 }, { N: undefined, cost: 32 }],
      [{ N: 32 }, { cost: 32, N: undefined }],
      [{ N: undefined, r: undefined }, { cost: undefined, blockSize: undefined }],
      [{ N: 1 << 15, maxmem: 64 << 20 }, { cost: 1 << 15, maxmem: 64 << 20 }],
    ]
    for (const [options, words = options] of costs) {
      it(`scrypt, with ${inspect(words)}`, () => {
        const expected = hex(crypto.scryptSync('p', 's', 9, options ?? {}))
        return check([
          ['as in Node', scrypt('p', 's', 9, options), expected],
          ['as given', scrypt('p', 's', 9, words), expected],
        ])
      })
    }

    it('keys of all lengths, up to the longest', () =>
      check(
        [1, 2, 19, 20, 21, 127, 128, 129, 255, 5099, 5100].flatMap((n) => {
          const slow = crypto.pbkdf2Sync('p', 's', 2, n, 'sha1')
          const key = crypto.hkdfSync('sha1', 'k', '', '', n)
          return [
            [`pbkdf2 ${n}`, pbkdf2('p', 's', 2, n, 'sha1'), hex(slow)],
            [`hkdf ${n}`, hkdf('sha1', 'k', '', '', n), hex(key)],
          ]
        }),
      ))
  })

  describe('reject', () => {
    const digest = [TypeError, 'ERR_CRYPTO_INVALID_DIGEST', /nope/]
    const params = [RangeError, 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS', /Invalid scrypt param/]
    const length = [RangeError, 'ERR_CRYPTO_INVALID_KEYLEN', /Invalid key length/]
    const failing = {
      'hash by an unknown digest': [() => hash('nope', 'a'), ...digest],
      'hmac by an unknown digest': [() => hmac('nope', 'k', 'a'), ...digest],
      'pbkdf2 by an unknown digest': [() => pbkdf2('p', 's', 1, 9, 'nope'), ...digest],
      'hkdf by an unknown digest': [() => hkdf('nope', 'k', 's', 'i', 9), ...digest],
      'hash by a name of nothing': [() => hash('', 'a'), ...digest.slice(0, 2), /digest/i],
      'hash by a name with a null': [() => hash('sha256\0', 'a'), ...digest.slice(0, 2), /digest/i],
      'scrypt of a cost that is no power of 2': [() => scrypt('p', 's', 9, { N: 3 }), ...params],
      'scrypt of a cost of 1': [() => scrypt('p', 's', 9, { cost: 1 }), ...params],
      'scrypt over maxmem': [() => scrypt('p', 's', 9, { maxmem: 1000 }), ...params],
      'scrypt over the default maxmem': [() => scrypt('p', 's', 9, { N: 1 << 15 }), ...params],
      'scrypt of too much r * p': [
        () => scrypt('p', 's', 9, { N: 2, r: 65536, p: 65536, maxmem: 2 ** 40 }),
        ...params,
      ],
      'hkdf of 255 digests and a byte': [() => hkdf('sha1', 'k', 's', 'i', 5101), ...length],
      'hkdf of the longest keylen': [() => hkdf('sha512', 'k', 's', 'i', 2 ** 31 - 1), ...length],
      'hkdf of a long info': [
        () => hkdf('sha1', 'k', 's', 'i'.repeat(1025), 9),
        RangeError,
        'ERR_HEDDLE_OUT_OF_RANGE',
        /info/,
      ],
    }
    for (const [name, [make, Class, code, words]] of Object.entries(failing)) {
      it(name, async () => {
        const alone = await rejection(make())
        assert.equal(Object.getPrototypeOf(alone), Class.prototype)
        assert.equal(alone.code, code)
        assert.match(alone.message, words)
        assert.equal(alone.index, undefined)
        const member = await rejection(parallel([hash('md5', 'a'), make()]))
        assert.equal(member.code, code)
        assert.equal(member.index, 1)
        const named = await rejection(parallel({ good: hash('md5', 'a'), bad: make() }))
        assert.equal(named.index, 'bad')
      })
    }
  })

  describe('throw when they are made', () => {
    const type = [TypeError, 'ERR_HEDDLE_INVALID_ARG_TYPE']
    const range = [RangeError, 'ERR_HEDDLE_OUT_OF_RANGE']
    const wrong = [
      [() => hash(), type, /^hash: .*"algorithm".*undefined/],
      [() => hash('sha256'), type, /^hash: .*"data".*undefined/],
      [() => hash(5, 'a'), type, /^hash: .*"algorithm".*number 5/],
      [() => hash('sha256', 5), type, /^hash: .*"data".*number 5/],
      [() => hash('sha256', null), type, /^hash: .*"data".*null/],
      [() => hash('sha256', [1]), type, /^hash: .*"data".*Array/],
      [() => hash('sha256', 'a', 'hex'), type, /^hash: .*"options".*'hex'/],
      [() => hash('sha256', 'a', { outputEncoding: 'utf8' }), type, /^hash: .*outputEncoding.*utf8/],
      [() => hash('sha256', 'a', { encoding: 'hex' }), type, /^hash: .*encoding/],
      [() => hmac('sha256', undefined, 'a'), type, /^hmac: .*"key".*undefined/],
      [() => pbkdf2('p', 's', 0, 9, 'sha1'), range, /^pbkdf2: .*"iterations".*0/],
      [() => pbkdf2('p', 's', 1.5, 9, 'sha1'), range, /^pbkdf2: .*"iterations".*1\.5/],
      [() => pbkdf2('p', 's', 1, -1, 'sha1'), range, /^pbkdf2: .*"keylen".*-1/],
      [() => pbkdf2('p', 's', 1, 2 ** 31, 'sha1'), range, /^pbkdf2: .*"keylen".*2147483648/],
      [() => pbkdf2('p', 's', '1', 9, 'sha1'), type, /^pbkdf2: .*"iterations".*'1'/],
      [() => pbkdf2('p', 's', 1, 9), type, /^pbkdf2: .*"digest".*undefined/],
      [() => scrypt('p', 's', NaN), range, /^scrypt: .*"keylen".*NaN/],
      [() => scrypt('p', 's', 9, { N: -1 }), range, /^scrypt: .*"N".*-1/],
      [() => scrypt('p', 's', 9, { maxmem: -1 }), range, /^scrypt: .*"maxmem".*-1/],
      [() => scrypt('p', 's', 9, { cost: '2' }), type, /^scrypt: .*"N".*'2'/],
      [() => scrypt('p', 's', 9, { cost: 2, N: 2 }), type, /^scrypt: .*"cost".*"N"/],
      [() => scrypt('p', 's', 9, null), type, /^scrypt: .*"options".*null/],
      [() => hkdf('sha1', 'k', 's', undefined, 9), type, /^hkdf: .*"info".*undefined/],
      [() => hkdf('sha1', 'k', 's', 'i', Infinity), range, /^hkdf: .*"keylen".*Infinity/],
    ]
    for (const [make, [Class, code], message] of wrong) {
      it(`${make}`.slice(6), () => {
        assert.throws(make, (error) => {
          assert.equal(Object.getPrototypeOf(error), Class.prototype)
          assert.equal(error.code, code)
          assert.match(error.message, message)
          return true
        })
      })
    }
  })
})
