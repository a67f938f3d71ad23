'use strict'
// The memory that arguments bring: detached, resized, hostile.

const assert = require('node:assert/strict')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { inspect } = require('node:util')
const { allSettled, chain, map, parallel, previous, race, run, sequential } = require('../../lib/index.js')
const { crc32, deflate, gzip, hash, hmac, scrypt, sort, sum, writeFile } = require('../../lib/tasks.js')
const { noop } = require('../../lib/testing.js')
const { hold, rejection, temporaryFolder } = require('../support.js')

const sha256 = (data) => createHash('sha256').update(data).digest('hex')
const detach = (buffer) => structuredClone(buffer, { transfer: [buffer] })

/** A resizable buffer filled with `byte`, or undefined where there is none. */
function resizable(length, byte, Kind = ArrayBuffer) {
  const limit = { maxByteLength: 1 << 20 }
  const buffer = new Kind(length, limit)
  new Uint8Array(buffer).fill(byte)
  return buffer
}

describe('memory of arguments', () => {
  const at = temporaryFolder()

  describe('detached', () => {
    const views = {
      Uint8Array: (buffer) => new Uint8Array(buffer),
      Buffer: (buffer) => Buffer.from(buffer),
      'a view with an offset': (buffer) => new Float64Array(buffer, 8, 2),
      DataView: (buffer) => new DataView(buffer),
      ArrayBuffer: (buffer) => buffer,
    }
    for (const [kind, view] of Object.entries(views)) {
      it(`${kind}, when the Task is made: throws`, () => {
        const buffer = new ArrayBuffer(64)
        const data = view(buffer)
        detach(buffer)
        for (const make of [() => hash('sha256', data), () => gzip(data), () => crc32(data)]) {
          assert.throws(make, { code: 'ERR_HEDDLE_DETACHED', message: /argument "data" is detached/ })
        }
      })

      it(`${kind}, between making and start: rejects`, async () => {
        const buffer = new ArrayBuffer(64)
        const data = view(buffer)
        const make = () => hash('sha256', data)
        const [a, b, c, d, e] = [make(), make(), make(), make(), make()]
        const before = make()
        const whole = chain(noop(), make())
        detach(buffer)
        const ok = hash('sha256', 'a')
        const rejected = [
          run(a),
          a.then(),
          parallel([ok, b]),
          sequential([noop(), c]),
          parallel([noop(), whole]),
          Promise.all([before, ok]),
          d,
          e.finally(() => {}),
        ]
        for (const promise of rejected) {
          const error = await rejection(promise)
          assert.equal(error.code, 'ERR_HEDDLE_DETACHED')
          assert.match(error.message, /^hash: argument "data" is detached from its memory/)
        }
        assert.equal(await ok, sha256('a'))
      })
    }

    it('typed arrays of sort and sum', async () => {
      const array = new Float64Array(8)
      const [sorted, summed] = [sort(array), sum(array)]
      detach(array.buffer)
      assert.throws(() => sort(array), { code: 'ERR_HEDDLE_DETACHED' })
      assert.equal((await rejection(sorted)).code, 'ERR_HEDDLE_DETACHED')
      assert.equal((await rejection(run(summed))).code, 'ERR_HEDDLE_DETACHED')
    })

    it('says which member it was', async () => {
      const data = new Uint8Array(8)
      const work = [noop(), hash('sha256', data)]
      detach(data.buffer)
      assert.equal((await rejection(parallel(work))).index, 1)
    })

    describe('after it was listed, before it goes down', () => {
      const isDetached = (argument) => ({
        code: 'ERR_HEDDLE_DETACHED',
        message: `${argument} is detached from its memory`,
      })
      const bytes = () => new Uint8Array(1 << 17).fill(1)
      const arguments_ = {
        'hash: argument "data"': (data) => hash('md5', data),
        'hmac: argument "key"': (data) => hmac('md5', data, 'x'),
        'scrypt: argument "salt"': (data) => scrypt('x', data, 8),
        'gzip: argument "data"': (data) => gzip(data),
        'sort: argument "array"': (data) => sort(new Float64Array(data.buffer)),
        'sum: argument "array"': (data) => sum(data),
        'crc32: argument "data"': (data) => crc32(new DataView(data.buffer)),
        'deflate: argument "data"': (data) => deflate(data.buffer),
      }
      for (const [argument, make] of Object.entries(arguments_)) {
        it(argument, async () => {
          const data = bytes()
          await assert.rejects(
            parallel([noop(), make(data), () => detach(data.buffer)]),
            { ...isDetached(argument), index: 1 },
          )
        })
      }

      it('in every combinator, and in a chain', async () => {
        const expected = isDetached('hash: argument "data"')
        const ways = [
          (task, go) => race([task, go]),
          (task, go) => Promise.all([task, go()]),
          (task, go) => parallel([chain(noop(), task), chain(sum(new Uint8Array(9)), noop()), go]),
          (task, go) => map([0, 1], (i) => (i === 1 && go(), i === 1 ? noop() : task), { concurrency: 2 }),
        ]
        for (const way of ways) {
          const data = bytes()
          let gone = false
          const go = () => {
            if (!gone) detach(data.buffer)
            gone = true
            return new Promise(() => {})
          }
          await assert.rejects(way(hash('sha256', data), go), expected)
        }
      })

      it('the others go on: allSettled', async () => {
        const data = bytes()
        const go = () => void detach(data.buffer)
        const results = await allSettled([hash('md5', 'a'), hash('md5', data), go, hash('md5', 'b')])
        assert.deepEqual(results.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
        assert.equal(results[1].reason.code, 'ERR_HEDDLE_DETACHED')
      })

      it('a file is not written', async () => {
        const target = path.join(at(), 'target')
        const data = bytes()
        await assert.rejects(
          parallel([writeFile(target, data), () => detach(data.buffer)]),
          isDetached('writeFile: argument "data"'),
        )
        assert.equal(fs.existsSync(target), false)
      })
    })

    it('an empty view is not detached', async () => {
      assert.equal(await hash('sha256', new Uint8Array(new ArrayBuffer(8), 8, 0)), sha256(''))
      assert.equal(await hash('sha256', new ArrayBuffer(0)), sha256(''))
      assert.deepEqual(await sort(new Int8Array(0)), new Int8Array(0))
    })
  })

  describe('detached by the options of the same call', () => {
    const takers = {
      getter: (detachNow) => ({
        get outputEncoding() {
          detachNow()
          return 'hex'
        },
      }),
      Proxy: (detachNow) =>
        new Proxy({ outputEncoding: 'hex' }, {
          get: (target, key) => (detachNow(), target[key]),
          ownKeys: (target) => (detachNow(), Reflect.ownKeys(target)),
        }),
    }
    for (const [name, options] of Object.entries(takers)) {
      it(`by a ${name}`, async () => {
        const data = new Uint8Array(1 << 16).fill(1)
        let gone = false
        const detachNow = () => {
          if (!gone) detach(data.buffer)
          gone = true
        }
        let error
        try {
          error = await rejection(hash('sha256', data, options(detachNow)))
        } catch (thrown) {
          error = thrown
        }
        assert.equal(gone, true)
        assert.equal(error.code, 'ERR_HEDDLE_DETACHED', inspect(error))
      })
    }

    it('though it came back as a smaller one, nothing but bytes is read', async () => {
      // The list of work can detach too, after all Tasks were made.
      const data = new Uint8Array(1 << 16).fill(1)
      function* work() {
        yield hash('sha256', data)
        detach(data.buffer)
        yield hash('sha256', 'a')
      }
      assert.equal((await rejection(parallel(work()))).code, 'ERR_HEDDLE_DETACHED')
    })
  })

  describe('of options', () => {
    it('getters are read once', async () => {
      const reads = []
      const options = (entries) =>
        Object.defineProperties({}, Object.fromEntries(Object.entries(entries).map(([key, value]) => [
          key,
          { enumerable: true, get: () => (reads.push(key), value) },
        ])))
      await hash('sha256', 'a', options({ outputEncoding: 'base64' }))
      await gzip('a', options({ level: 1, memLevel: 9 }))
      await scrypt('a', 'b', 8, options({ N: 16, blockSize: 1, outputEncoding: 'hex' }))
      assert.deepEqual(reads.sort(), [
        'N', 'blockSize', 'level', 'memLevel', 'outputEncoding', 'outputEncoding',
      ]) // prettier-ignore
    })

    it('what a getter throws comes through', () => {
      const thrown = new Error('mine')
      const options = { get level() { throw thrown } } // prettier-ignore
      assert.throws(() => gzip('a', options), (error) => error === thrown)
    })

    it('a Proxy and an object without prototype work', async () => {
      const wanted = createHash('sha256').update('a').digest('base64')
      for (const options of [
        new Proxy({ outputEncoding: 'base64' }, {}),
        Object.assign(Object.create(null), { outputEncoding: 'base64' }),
      ]) {
        assert.equal(await hash('sha256', 'a', options), wanted)
      }
    })

    it('what is inherited does not count, of whatever object', async () => {
      class Defaults {
        get outputEncoding() {
          return 'base64'
        }
      }
      const wanted = createHash('sha256').update('a').digest('hex')
      const key = await scrypt('a', 'b', 8)
      for (const inherited of [Object.create({ outputEncoding: 'base64', unknown: 1 }), new Defaults()]) {
        assert.equal(await hash('sha256', 'a', inherited), wanted)
      }
      assert.equal(await scrypt('a', 'b', 8, Object.create({ cost: 32 })), key)
    })
  })

  describe('that can be resized or grown', () => {
    for (const [kind, view] of Object.entries({
      'the buffer': (buffer) => buffer,
      'a view of it': (buffer) => new Uint8Array(buffer),
      'a Float64Array of it': (buffer) => new Float64Array(buffer, 8),
      'a DataView of it': (buffer) => new DataView(buffer, 8, 1024),
    })) {
      it(`${kind}, is copied at the start: resizing is harmless`, async () => {
        const buffer = resizable(1 << 16, 7)
        const data = view(buffer)
        const wanted = sha256(ArrayBuffer.isView(data)
          ? Buffer.from(buffer.slice(data.byteOffset, data.byteOffset + data.byteLength))
          : Buffer.from(buffer.slice(0)))
        const release = await hold()
        const results = parallel([hash('sha256', data), hmac('sha256', 'key', data)])
        const alone = hash('sha256', data).then()
        await null
        buffer.resize(0)
        await release()
        assert.equal((await results)[0], wanted)
        assert.equal(await alone, wanted)
      })
    }

    it('SharedArrayBuffer that grows: read where it is, as long as it was at the start', async () => {
      const buffer = resizable(1000, 7, SharedArrayBuffer)
      const release = await hold()
      const result = parallel([hash('sha256', new Uint8Array(buffer)), sum(new Uint8Array(buffer))])
      buffer.grow(1 << 20)
      new Uint8Array(buffer).fill(9)
      await release()
      assert.deepEqual(await result, [sha256(Buffer.alloc(1000, 9)), 9000])
    })

    it('shrunk between making and start, is read as it is then', async () => {
      const buffer = resizable(1000, 7)
      const whole = hash('sha256', new Uint8Array(buffer))
      buffer.resize(10)
      assert.equal(await whole, sha256(Buffer.alloc(10, 7)))
    })

    it('shrunk below a view: an error, not the wrong bytes', async () => {
      const buffer = resizable(1000, 7)
      const view = new Uint8Array(buffer, 500, 100)
      const shared = new DataView(buffer, 500, 100)
      const [a, b] = [hash('sha256', view), hash('sha256', shared)]
      const array = sort(new Int32Array(buffer, 500, 10))
      buffer.resize(100)
      for (const task of [a, b, array]) {
        const error = await rejection(task)
        assert.match(error.code ?? '', /^ERR_HEDDLE_/, inspect(error))
      }
      assert.throws(() => hash('sha256', view), { code: /^ERR_HEDDLE_/ })
      assert.throws(() => hash('sha256', shared), { code: /^ERR_HEDDLE_/ })
    })
  })

  describe('of subclasses and look-alikes', () => {
    const lies = ['buffer', 'byteOffset', 'byteLength', 'length', 'slice', 'subarray']
    const hostile = (Base) => {
      const Hostile = class extends Base {}
      for (const key of lies) {
        const get = () => assert.fail(`${key} was read`)
        Object.defineProperty(Hostile.prototype, key, { get })
      }
      const get = () => assert.fail('constructor[Symbol.species] was read')
      Object.defineProperty(Hostile, Symbol.species, { get })
      Object.defineProperty(Hostile.prototype, Symbol.toStringTag, { value: 'Map' })
      return Hostile
    }

    it('typed arrays whose getters lie are read as they are', async () => {
      const Hostile = hostile(Uint8Array)
      const data = new Hostile(64)
      data[0] = 5
      const plain = new Uint8Array(64)
      plain[0] = 5
      const expected = sha256(plain)
      assert.deepEqual(await parallel([hash('sha256', data), sum(data)]), [expected, 5])
      assert.deepEqual((await sort(data)).at(-1), 5)
      const [, digest] = await sequential([sort(data), hash('sha256', previous)])
      assert.equal(digest, sha256(plain.sort()))
    })

    it('also in a buffer that can be resized', async () => {
      const Hostile = hostile(Uint8Array)
      assert.equal(await hash('sha256', new Hostile(resizable(64, 5))), sha256(Buffer.alloc(64, 5)))
    })

    it('DataViews whose getters lie are read as they are', async () => {
      const Hostile = hostile(DataView)
      const data = new Hostile(new Uint8Array(64).fill(5).buffer, 8, 16)
      assert.equal(await hash('sha256', data), sha256(Buffer.alloc(16, 5)))
    })

    it('objects that only say they are buffers are refused', () => {
      for (const tag of ['ArrayBuffer', 'SharedArrayBuffer', 'Uint8Array']) {
        const fake = { [Symbol.toStringTag]: tag, byteLength: 8, length: 8, buffer: new ArrayBuffer(8) }
        assert.throws(() => hash('sha256', fake), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE' })
        assert.throws(() => sum(fake), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE' })
      }
      const proxy = new Proxy(new Uint8Array(8), {})
      assert.throws(() => hash('sha256', proxy), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE' })
      const heir = Object.create(new Uint8Array(8))
      assert.throws(() => hash('sha256', heir), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE' })
    })
  })
})
