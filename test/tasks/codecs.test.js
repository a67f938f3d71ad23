'use strict'
// Brotli and zstd, against node:zlib, and what their command-line tools have made.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const zlib = require('node:zlib')
const fc = require('fast-check')
const { map, parallel, run, sequential, previous } = require('../../lib/index.js')
const tasks = require('../../lib/tasks.js')
const { bytesOf, noise, plain } = require('../fuzz/tasks/contents.js')
const { rejection, temporaryFolder, idle } = require('../support.js')

const { brotliCompress, brotliDecompress, zstdCompress, zstdDecompress, file } = tasks
const MIB = 1 << 20
const hasZstd = zlib.zstdCompressSync !== undefined
const empty = Buffer.from('28b52ffd2000010000', 'hex') // a frame of zstd with nothing in it

const shown = ({ name, message, code, errno }) => ({ name, message, code, errno })

/** What Node does: the bytes, or the error's parts. */
function outcome(name, data, options) {
  try {
    return zlib[`${name}Sync`](data, options)
  } catch (error) {
    return shown(error)
  }
}

const few = (name, most) => fc.nat(most).map((value) => ({ [name]: value }))
const brotliParams = fc.oneof(
  fc.constant({}),
  few(1, 6),
  few(0, 2),
  fc.tuple(fc.nat(9), fc.integer({ min: 10, max: 24 })).map(([q, w]) => ({ 1: q, 2: w })),
  fc.constantFrom({ 1: 11, 5: 100 }, { 1: 5, 3: 17 }, { 1: 4, 4: true }, { 1: 5, 7: 1, 8: 2 }),
)
const zstdParams = fc.oneof(
  fc.constant({}),
  fc.integer({ min: -9, max: 12 }).map((level) => ({ 100: level })),
  fc.tuple(fc.nat(6), fc.integer({ min: 10, max: 23 })).map(([l, w]) => ({ 100: l, 101: w })),
  fc.constantFrom({ 201: true }, { 160: 1 }, { 200: 0 }, { 107: 4 }, { 100: 19, 101: 12 }),
)

/** Bytes of a case: what is slow to compress is short. */
function dataOf(content, params) {
  const bytes = bytesOf(content)
  const quick = params[1] <= 6 || params[100] <= 9
  return quick ? bytes : bytes.subarray(0, 50_000)
}

const kinds = [['brotli', brotliParams, brotliCompress, brotliDecompress]]
if (hasZstd) kinds.push(['zstd', zstdParams, zstdCompress, zstdDecompress])

/** The bytes of node:zlib, which adds an empty frame where its 16 KiB are just full. */
function same(got, expected) {
  return got.equals(expected) || Buffer.concat([got, empty]).equals(expected)
}

for (const [kind, paramsOf, compress, expand] of kinds) {
  describe(`heddle/tasks: ${kind}`, () => {
    const temporary = temporaryFolder()
    const compressSync = zlib[`${kind}CompressSync`]

    it('makes the bytes that node:zlib makes, and expands them', () => {
      const property = fc.asyncProperty(plain, paramsOf, async (content, params) => {
        const data = dataOf(content, params)
        const packed = await compress(data, { params })
        assert.ok(same(packed, compressSync(data, { params })), 'other bytes')
        assert.ok((await expand(packed)).equals(data), 'other data')
      })
      return fc.assert(property, { numRuns: 60, seed: 1 })
    })

    it('of a file, a string, a view and nothing', async () => {
      const path = temporary('data')
      const data = noise.subarray(0, 300_001)
      fs.writeFileSync(path, data)
      const quality = { params: kind === 'brotli' ? { 1: 3 } : { 100: 3 } }
      const inputs = [file(path), data, new DataView(data.buffer, data.byteOffset, data.length)]
      const all = await parallel(inputs.map((input) => compress(input, quality)))
      for (const one of all) assert.ok(same(one, compressSync(data, quality)))
      fs.writeFileSync(path, all[0])
      assert.ok((await expand(file(path))).equals(data))
      assert.equal(`${await expand(await compress('a string: ü'))}`, 'a string: ü')
      assert.equal((await expand(await compress(''))).length, 0)
      const [, text] = await sequential([compress('passed on'), expand(previous)])
      assert.equal(`${text}`, 'passed on')
      const mapped = await map(['a', 'b'], compress)
      assert.deepEqual(mapped.map(String), ['a', 'b'].map((one) => `${compressSync(one)}`))
    })

    it('refuses what is cut short or damaged as node:zlib does', () => {
      const place = fc.record({ share: fc.nat(1000), bit: fc.nat(7), cut: fc.boolean() })
      const property = fc.asyncProperty(plain, place, async (content, { share, bit, cut }) => {
        const packed = Buffer.from(compressSync(bytesOf(content).subarray(0, 20_000)))
        const at = Math.floor(((packed.length - 1) * share) / 1000)
        const data = cut ? packed.subarray(0, at) : packed
        if (!cut) packed[at] ^= 1 << bit
        const got = await expand(data).catch(shown)
        if (cut) assert.deepEqual(got.code, 'Z_BUF_ERROR')
        else if (kind === 'brotli') assert.deepEqual(got, outcome('brotliDecompress', data))
        // What is cut, and what follows a frame, is looked at by newer Node.js only.
        else if (got.code !== undefined && got.code !== 'Z_BUF_ERROR') {
          assert.deepEqual(got, outcome('zstdDecompress', data))
        }
      })
      const error = { name: 'Error', message: 'unexpected end of file', code: 'Z_BUF_ERROR', errno: -5 }
      return Promise.all([
        fc.assert(property, { numRuns: 200, seed: 2 }),
        expand('').catch((reason) => assert.deepEqual(shown(reason), error)),
      ])
    })

    it('refuses any bytes, and ends', () => {
      const property = fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const options = { maxOutputLength: MIB }
        const got = await expand(bytes, options).catch(shown)
        if (kind === 'brotli') assert.deepEqual(got, outcome('brotliDecompress', bytes, options))
        else assert.ok(Buffer.isBuffer(got) || got.code !== undefined)
      })
      return fc.assert(property, { numRuns: 300, seed: 3 })
    })

    it('heeds maxOutputLength', async () => {
      const data = Buffer.alloc(3 * MIB)
      const packed = await compress(data, { params: kind === 'brotli' ? { 1: 1 } : {} })
      for (const maxOutputLength of [1, 65_535, 65_536, 100_000, MIB - 1, 3 * MIB - 1]) {
        const error = await rejection(expand(packed, { maxOutputLength }))
        assert.ok(error instanceof RangeError)
        assert.equal(error.code, 'ERR_BUFFER_TOO_LARGE')
        assert.equal(error.message, outcome(`${kind}Decompress`, packed, { maxOutputLength }).message)
      }
      assert.ok((await expand(packed, { maxOutputLength: 3 * MIB })).equals(data))
      const little = noise.subarray(0, 100_000)
      const most = (await compress(little)).length
      assert.equal((await compress(little, { maxOutputLength: most })).length, most)
      const error = await rejection(compress(little, { maxOutputLength: most - 1 }))
      assert.equal(error.code, 'ERR_BUFFER_TOO_LARGE')
    })

    it('stops a bomb that nobody wants', async () => {
      const packed = compressSync(Buffer.alloc(64 * MIB), { params: kind === 'brotli' ? { 1: 1 } : {} })
      const bomb = kind === 'brotli' ? packed : Buffer.concat(new Array(60).fill(packed))
      const controller = new AbortController()
      const promise = run(expand(bomb), {
        signal: controller.signal,
        join: true,
        onProgress: () => {},
      })
      setImmediate(() => controller.abort())
      await assert.rejects(promise, { name: 'AbortError' })
      await idle()
    })

    it('wants params that are some', () => {
      const wrong = [null, 5, 'x', [], new Uint32Array(2), { x: 1 }, { '-1': 1 }, { 999: 1 }, { 1.5: 1 }]
      const type = { name: 'TypeError', code: 'ERR_HEDDLE_INVALID_ARG_TYPE', message: /"params"/ }
      for (const params of wrong) {
        for (const make of [compress, expand]) assert.throws(() => make('a', { params }), type)
      }
      const key = kind === 'brotli' ? 1 : 100
      assert.throws(() => compress('a', { params: { [key]: 'x' } }), { ...type, message: /"params\[/ })
      const range = { name: 'RangeError', code: 'ERR_HEDDLE_OUT_OF_RANGE' }
      for (const value of [1.5, NaN, 2 ** 32]) {
        assert.throws(() => compress('a', { params: { [key]: value } }), range)
      }
      for (const options of [null, [], 'x', 5]) {
        assert.throws(() => compress('a', options), { ...type, message: /argument "options"/ })
      }
      assert.throws(() => compress('a', { level: 1 }), { ...type, message: /'params'/ })
      assert.throws(() => compress('a', { maxOutputLength: 0 }), range)
    })
  })
}

describe('heddle/tasks: brotli and zstd', () => {
  const sample = Buffer.from(
    Array.from({ length: 60 }, (_, i) => `line ${((i + 1) * 7919) % 1000} of a sample\n`).join(''),
  )

  it('reads what the brotli tool has written', async () => {
    const tool =
      'sSgnACCqDuYx6kK+a7tuTiIgISGACDsAb3jEFMPjVSO6YVePYTLx+X5+r7PY83+f5/n1fSzCcEKc0OnkNaAgMtAVKkjY2+5VraKV' +
      'ppVRrrpkSS0OaxsIbKaNZjVQqLYcaaQr1ioh+uXV2tJIaXXklSFR9KrUwo6AxmitaWWUqy5ZUosj3lXlAAE='
    assert.ok((await brotliDecompress(Buffer.from(tool, 'base64'))).equals(sample))
    const large = Buffer.from('DwKAaGVsbG8D', 'base64') // --large_window=26
    assert.equal(`${await brotliDecompress(large)}`, 'hello')
  })

  it('says that params are refused as node:zlib does', async () => {
    const expected = outcome('brotliDecompress', 'a', { params: { 1: 2 ** 31, 0: 7 } })
    const got = await brotliDecompress('a', { params: { 1: 2 ** 31, 0: 7 } }).catch(shown)
    assert.deepEqual(got, expected)
    if (!hasZstd) return
    const options = { params: { 101: 9 } }
    const refused = await zstdCompress('a', options).catch(shown)
    assert.deepEqual({ ...refused, errno: undefined }, outcome('zstdCompress', 'a', options))
  })

  it('says what zstd needs where there is none', async function () {
    if (hasZstd) this.skip()
    const error = await rejection(zstdCompress('a'))
    assert.equal(error.code, 'ERR_HEDDLE_UNAVAILABLE')
    assert.match(error.message, /^zstdCompress: zstd is not available/)
  })

  describe('zstd', () => {
    before(function () {
      if (!hasZstd) this.skip()
    })

    it('reads what the zstd tool has written', async () => {
      const tool =
        'KLUv/WTmA90EAGJLGxKwGRtAa3LIHlaS3d07pdROcCBDre05noyKymw3iJeGU9m7z9K56na6YlaejV0J7TxhWY18Pk4izVXL/HspsS6t' +
        '7sVmevA1MtVtNIVnhkeJzplsz67/RK0sO7s6PAKDoRzCEggBkQTZDAakMAI8qBEgQH7/DbBbAxEkBI8QTP1f28j2dhlviwl8eBKGkOuZ' +
        'fVGsgziJgKwCqG2eSQ=='
      assert.ok((await zstdDecompress(Buffer.from(tool, 'base64'))).equals(sample))
      const two = Buffer.from('KLUv/QRYMQAAZmlyc3Qg0v21ESi1L/0EWDEAAHNlY29uZDcAXk0=', 'base64')
      assert.equal(`${await zstdDecompress(two)}`, 'first second')
    })

    it('expands several frames, and leaves what is none', async () => {
      const one = zlib.zstdCompressSync('one ')
      const skip = Buffer.from('532a4d1803000000616263', 'hex')
      const texts = {
        'one one ': [one, one],
        'one ': [one, skip],
        'one one  ': [skip, one, skip, one],
      }
      for (const [text, parts] of Object.entries(texts)) {
        assert.equal(`${await zstdDecompress(Buffer.concat(parts))}`.trim(), text.trim())
      }
      for (const rest of ['00', '28b52f', '28b52f00', 'ffffffffff', '602a4d18']) {
        const data = Buffer.concat([one, Buffer.from(rest, 'hex')])
        assert.equal(`${await zstdDecompress(data)}`, 'one ', rest)
      }
      for (const rest of ['28b52ffd', '502a4d18', '502a4d1803000000']) {
        const error = await rejection(zstdDecompress(Buffer.concat([one, Buffer.from(rest, 'hex')])))
        assert.equal(error.code, 'Z_BUF_ERROR', rest)
      }
      // A frame that ends where a block of a file does, and in the middle of a magic number.
      for (let pad = 65_520; pad <= 65_540; pad++) {
        const stored = zlib.zstdCompressSync(noise.subarray(0, pad - 30), { params: { 100: 1 } })
        const all = await zstdDecompress(Buffer.concat([stored, one, skip, one]))
        assert.equal(all.length, pad - 30 + 8)
      }
    })

    it('has no threads of its own', () => {
      const refused = { code: 'ERR_HEDDLE_OUT_OF_RANGE', message: /params\[400\].*threads/ }
      assert.throws(() => zstdCompress('a', { params: { 400: 2 } }), refused)
      assert.equal(zstdCompress('a', { params: { 400: 0 } }).name, 'zstdCompress')
    })
  })
})
