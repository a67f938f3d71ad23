'use strict'

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const zlib = require('node:zlib')
const { chain, map, parallel, previous, sequential } = require('..')
const { crc32, file, gzip, hash, sort, sum } = require('../lib/tasks.js')

const digest = (algorithm, data) => crypto.createHash(algorithm).update(data).digest('hex')
const bytes = (i, size = 64) => Buffer.alloc(size, i)

// Tasks of one maker whose arguments are the same but for the data go down in a form of their own.
describe('lists of Tasks that differ in their data', () => {
  it('have each its own data and constants, however these change', async () => {
    const algorithms = ['sha256', 'sha1', 'sha512', 'sha384', 'sha224', 'md5']
    const asked = []
    const expected = []
    for (let i = 0; i < 600; i++) {
      const algorithm = algorithms[Math.floor(i / (1 + (i % 7))) % algorithms.length]
      asked.push(hash(algorithm, bytes(i)))
      expected.push(digest(algorithm, bytes(i)))
      if (i % 5 > 0) continue
      asked.push(crc32(bytes(i), i % 3))
      expected.push(zlib.crc32 ? zlib.crc32(bytes(i), i % 3) : await crc32(bytes(i), i % 3))
    }
    assert.deepEqual(await parallel(asked), expected)
  })

  it('take data of all kinds one after the other', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-bound-'))
    const name = path.join(folder, 'data')
    fs.writeFileSync(name, bytes(7, 1000))
    const shared = new Uint8Array(new SharedArrayBuffer(16)).fill(3)
    const disguised = new SharedArrayBuffer(8)
    Object.setPrototypeOf(disguised, ArrayBuffer.prototype)
    const resizable = new Uint8Array(new ArrayBuffer(16, { maxByteLength: 32 })).fill(4)
    const large = bytes(5, 300_000)
    const kinds = {
      bytes: [bytes(1), bytes(1)],
      string: ['weft', 'weft'],
      'a long string': ['ä'.repeat(5000), 'ä'.repeat(5000)],
      nothing: [new Uint8Array(0), ''],
      file: [file(name), bytes(7, 1000)],
      shared: [shared, Buffer.alloc(16, 3)],
      'shared, in disguise': [new Uint8Array(disguised), Buffer.alloc(8)],
      resizable: [resizable, Buffer.alloc(16, 4)],
      'a view': [new DataView(large.buffer, large.byteOffset, 9), bytes(5, 9)],
      'other elements': [new Float64Array([1, 2]), new Uint8Array(new Float64Array([1, 2]).buffer)],
      large: [large, large],
    }
    const tasks = Object.values(kinds).map(([data]) => hash('sha256', data))
    const values = await parallel(tasks)
    Object.entries(kinds).forEach(([kind, [, data]], i) => {
      assert.equal(values[i], digest('sha256', data), kind)
    })
    fs.rmSync(folder, { recursive: true })
  })

  it('are told apart by options, arguments left out, and numbers that are nearly the same', async () => {
    const data = bytes(9, 500)
    const calls = [
      [data],
      [data, undefined],
      [data, {}],
      [data, { level: 1 }],
      [data, { level: 9 }],
      [data],
    ]
    for (const [, options] of [...calls, ...calls]) {
      assert.deepEqual(zlib.gunzipSync(await gzip(data, options)), data)
    }
    assert.throws(() => gzip(data, { level: 11 }), { code: 'ERR_HEDDLE_OUT_OF_RANGE', name: 'RangeError' })
    assert.throws(() => gzip(data, 7), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE' })
    assert.equal(await crc32('a', 0), await crc32('a'))
    assert.throws(() => crc32('a', -1), RangeError)
    assert.throws(() => crc32('a', 0.5), RangeError)
  })

  it('are checked anew each time', async () => {
    await hash('sha256', 'a')
    for (const wrong of [undefined, null, 7, {}, [], Symbol('data'), () => 'a']) {
      assert.throws(() => hash('sha256', wrong), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE' })
    }
    assert.throws(() => hash('sha256'), /hash: argument "data" must be .*, got undefined/)
    assert.throws(() => hash(), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE' })
    const gone = new Uint8Array(8)
    structuredClone(gone.buffer, { transfer: [gone.buffer] })
    assert.throws(() => hash('sha256', gone), { code: 'ERR_HEDDLE_DETACHED' })
    await assert.rejects(hash('no such digest', 'a'), /no such digest/)
    await assert.rejects(hash('no such digest', 'b'), /no such digest/)
  })

  it('fail singly when their memory goes before they start', async () => {
    const list = Array.from({ length: 5 }, (_, i) => new Uint8Array(8).fill(i))
    const tasks = list.map((data) => hash('sha256', data))
    structuredClone(list[2].buffer, { transfer: [list[2].buffer] })
    const results = await Promise.allSettled(tasks)
    results.forEach(({ status, value, reason }, i) => {
      if (i === 2) assert.equal(reason.code, 'ERR_HEDDLE_DETACHED')
      else assert.equal(value, digest('sha256', Buffer.alloc(8, i)), status)
    })
  })

  it('are steps of chains and sequences', async () => {
    const zipped = bytes(1, 10_000)
    const want = digest('sha256', await gzip(zipped))
    assert.equal((await sequential([gzip(zipped), hash('sha256', previous)]))[1], want)
    assert.equal((await sequential([() => gzip(zipped), hash('sha256', previous)]))[1], want)
    const chains = Array.from({ length: 20 }, () => chain(gzip(zipped), hash('sha256', previous)))
    chains.splice(7, 0, hash('sha256', 'between'), hash('sha256', 'them'))
    const values = await parallel(chains)
    assert.equal(values.filter((value) => value === want).length, 20)
    assert.deepEqual(values.slice(7, 9), [digest('sha256', 'between'), digest('sha256', 'them')])
    assert.throws(() => parallel([chains[0], chain(hash('sha256', previous))]), /first step/)
    await assert.rejects(parallel([hash('sha256', previous)]), /sequential\(\) or chain\(\)/)
  })

  it('read copies where they are asked to', async () => {
    const list = Array.from({ length: 4 }, (_, i) => new Uint8Array(1 << 20).fill(i))
    const want = list.map((data) => digest('sha256', data))
    const tasks = list.map((data) => hash('sha256', data))
    const got = parallel([...tasks, chain(sort(new Float64Array([2, 1])), sum(previous))], { copy: true })
    for (const data of list) structuredClone(data.buffer, { transfer: [data.buffer] })
    assert.deepEqual(await got, [...want, 3])
    assert.deepEqual(await Promise.all(tasks), want)
  })

  it('can be made by the thousand in one call, in and out of a mapper', async () => {
    const list = Array.from({ length: 5000 }, (_, i) => Buffer.from(String(i)))
    const want = list.map((data) => digest('sha1', data))
    assert.deepEqual(await parallel(list.map((data) => hash('sha1', data))), want)
    assert.deepEqual(await map(list, (data) => hash('sha1', data), { concurrency: 7 }), want)
  })
})
