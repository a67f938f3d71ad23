'use strict'
// Streams in place of data: the same results, and no thread is held while they have nothing.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const { spawnSync } = require('node:child_process')
const { once } = require('node:events')
const { PassThrough, Readable } = require('node:stream')
const { Worker } = require('node:worker_threads')
const zlib = require('node:zlib')
const fc = require('fast-check')
const { allSettled, chain, limiter, map, parallel, previous, race, run, sequential, shutdown, stats, stream, timeout } = require('heddle')
const tasks = require('heddle/tasks')
const { trace } = require('heddle/trace')
const { until } = require('../helpers/load.js')
const { hold, idle, root, turns, withThreads } = require('../support.js')

const { crc32, gunzip, gzip, hash, hmac, inflate } = tasks

const digest = (data, algorithm = 'sha256') => crypto.createHash(algorithm).update(data).digest('hex')
const hasZstd = zlib.zstdCompressSync !== undefined

/** Ways in which the same chunks can come. */
const forms = {
  Readable: (chunks) => Readable.from(chunks, { objectMode: false }),
  'Readable in object mode': (chunks) => Readable.from(chunks),
  'web stream': (chunks) =>
    new ReadableStream({
      pull(controller) {
        if (chunks.length === 0) controller.close()
        else controller.enqueue(chunks.shift())
      },
    }),
  'async generator': async function* (chunks) {
    for (const chunk of chunks) yield chunk
  },
  'slow async iterable': (chunks) => ({
    async *[Symbol.asyncIterator]() {
      for (const chunk of chunks) {
        await new Promise(setImmediate)
        yield chunk
      }
    },
  }),
}

/** Tasks with what is to come of them, and how that is compared. */
const kinds = {
  hash: { make: (data) => hash('sha256', data), expected: digest },
  'hash, of any length': {
    make: (data) => hash('shake128', data, { outputEncoding: 'base64' }),
    expected: (data) => crypto.createHash('shake128').update(data).digest('base64'),
  },
  hmac: {
    make: (data) => hmac('sha512', 'a key', data),
    expected: (data) => crypto.createHmac('sha512', 'a key').update(data).digest('hex'),
  },
  crc32: { make: (data) => crc32(data, 7), expected: (data) => crc32(data, 7) },
  gzip: { make: (data) => gzip(data), back: zlib.gunzipSync },
  'gzip, stored': { make: (data) => gzip(data, { level: 0 }), back: zlib.gunzipSync },
  deflate: { make: (data) => tasks.deflate(data, { level: 9 }), back: zlib.inflateSync },
  deflateRaw: { make: (data) => tasks.deflateRaw(data), back: zlib.inflateRawSync },
  gunzip: { make: gunzip, given: zlib.gzipSync },
  inflate: { make: (data) => inflate(data), given: zlib.deflateSync },
  inflateRaw: { make: (data) => tasks.inflateRaw(data), given: zlib.deflateRawSync },
  brotliCompress: {
    make: (data) => tasks.brotliCompress(data, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } }),
    back: zlib.brotliDecompressSync,
  },
  'brotliCompress, quick': {
    make: (data) => tasks.brotliCompress(data, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
    back: zlib.brotliDecompressSync,
  },
  brotliDecompress: { make: (data) => tasks.brotliDecompress(data), given: zlib.brotliCompressSync },
  ...(hasZstd && {
    zstdCompress: { make: (data) => tasks.zstdCompress(data), back: zlib.zstdDecompressSync },
    zstdDecompress: { make: (data) => tasks.zstdDecompress(data), given: zlib.zstdCompressSync },
  }),
}

/** Bytes of which some repeat, in chunks of any length, empty ones as well. */
const chunked = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 3 }),
    fc.uint8Array({ maxLength: 2000 }),
    fc.tuple(fc.nat(255), fc.nat(150_000)).map(([byte, length]) => new Uint8Array(length).fill(byte)),
    fc.tuple(fc.nat(), fc.nat(100_000)).map(([seed, length]) => crypto.createHash('shake256', { outputLength: length || 1 }).update(`${seed}`).digest()),
  ),
  { maxLength: 8 },
)

/** Cuts bytes where the chunks were cut, as far as they go. */
function cutAs(bytes, chunks) {
  const cut = []
  let at = 0
  for (const { length } of chunks) {
    if (at >= bytes.length) break
    cut.push(bytes.subarray(at, (at += length || 1)))
  }
  if (at < bytes.length) cut.push(bytes.subarray(at))
  return cut
}

describe('a stream in place of data', () => {
  before(idle)

  for (const [name, { make, expected, back, given }] of Object.entries(kinds)) {
    it(`gives ${name} what all of it at once gives`, async () => {
      await fc.assert(
        fc.asyncProperty(chunked, fc.constantFrom(...Object.keys(forms)), async (chunks, form) => {
          const data = Buffer.concat(chunks)
          const input = given === undefined ? chunks : cutAs(given(data), chunks)
          const result = await make(forms[form](input.map((chunk) => Buffer.from(chunk))))
          if (expected !== undefined) assert.equal(result, await expected(data))
          else assert.ok((back === undefined ? result : back(result)).equals(data), `${result.length} bytes`)
        }),
        { numRuns: 25 },
      )
    }).timeout(60_000)
  }

  it('takes whatever has bytes as a chunk', async () => {
    const bytes = Buffer.from('abcdefgh')
    const { buffer } = new Uint8Array(bytes)
    const shared = new Uint8Array(new SharedArrayBuffer(8))
    shared.set(bytes)
    for (const chunk of [bytes, buffer, new DataView(buffer), new Float64Array(buffer), shared, shared.buffer]) {
      assert.equal(await hash('sha256', Readable.from([chunk])), digest(bytes))
      assert.equal(await hash('sha256', Readable.from([chunk, chunk])), digest(Buffer.concat([bytes, bytes])))
    }
  })

  it('is native, and goes where Tasks go', async () => {
    const task = hash('md5', Readable.from([Buffer.from('a')]))
    assert.equal(task.native, true)
    assert.equal(task.name, 'hash')
    const of = (text) => Readable.from([Buffer.from(text)])
    assert.deepEqual(await parallel({ a: task, b: crc32('b') }), { a: digest('a', 'md5'), b: await crc32('b') })
    assert.deepEqual(await sequential([hash('md5', of('a')), hash('md5', previous)]), [digest('a', 'md5'), digest(digest('a', 'md5'), 'md5')])
    assert.equal(await chain(hash('md5', of('a')), hash('md5', previous)), digest(digest('a', 'md5'), 'md5'))
    assert.deepEqual(await map(['a', 'b'], (text) => hash('md5', of(text))), ['a', 'b'].map((text) => digest(text, 'md5')))
    const limit = limiter({ capacity: 1 })
    assert.deepEqual(await parallel([hash('md5', of('a')), hash('md5', of('b'))], { concurrency: limit }), ['a', 'b'].map((text) => digest(text, 'md5')))
    const read = []
    for await (const { value } of stream(['a'], (text) => hash('md5', of(text)))) read.push(value)
    assert.deepEqual(read, [digest('a', 'md5')])
    const shared = hash('md5', of('a'))
    assert.deepEqual(await Promise.all([run(shared), shared, parallel([shared])]), [digest('a', 'md5'), digest('a', 'md5'), [digest('a', 'md5')]])
    assert.equal(await shutdown(), true)
  })

  it('runs one after the other in a sequence', async () => {
    const order = []
    async function* source(name) {
      order.push(`${name} begins`)
      await new Promise(setImmediate)
      yield Buffer.from(name)
      order.push(`${name} ends`)
    }
    await sequential([hash('md5', source('a')), hash('md5', source('b'))])
    assert.deepEqual(order, ['a begins', 'a ends', 'b begins', 'b ends'])
  })

  describe('with one thread', () => {
    withThreads(1)

    it('holds none while it has nothing', async () => {
      const quiet = Array.from({ length: 8 }, () => new PassThrough())
      const ends = quiet.map((source) => {
        source.write('begins')
        return run(hash('md5', source))
      })
      assert.equal(await hash('md5', 'x'), digest('x', 'md5')) // others go on
      assert.equal(stats().running, 0)
      quiet.forEach((source, i) => source.end(` ${i}`))
      assert.deepEqual(await Promise.all(ends), quiet.map((_, i) => digest(`begins ${i}`, 'md5')))
    })
  })

  it('is pulled no faster than it is worked on', async () => {
    let pulled = 0
    const chunk = Buffer.alloc(100_000)
    async function* source() {
      while (pulled++ < 200) yield chunk
    }
    const letGo = await hold()
    const end = run(hash('sha256', source()))
    await turns(50)
    assert.ok(pulled > 1 && pulled <= 8, `${pulled} chunks`) // one at work, 256 KiB that wait, and one more
    await letGo()
    assert.equal(await end, digest(Buffer.alloc(200 * 100_000)))
  })

  // ---- Errors ----

  it('rejects with the error of its source, itself', async () => {
    const wrong = new Error('the line is cut')
    const failing = async function* () {
      yield Buffer.from('a')
      throw wrong
    }
    const web = new ReadableStream({ start: (controller) => controller.error(wrong) })
    const before = new Readable({ read() {} })
    before.on('error', () => {}).destroy(wrong)
    for (const source of [failing(), Readable.from(failing()), web, before]) {
      await assert.rejects(parallel([hash('md5', source)]), (error) => error === wrong)
    }
    const cut = new PassThrough()
    const end = run(hash('md5', cut))
    cut.write('a')
    setImmediate(() => cut.destroy())
    await assert.rejects(end, { code: 'ERR_STREAM_PREMATURE_CLOSE' })
  })

  it('names the argument of chunks that are no bytes', async () => {
    for (const [chunk, got] of [['text', "string 'text'"], [5, 'number 5'], [{}, 'an instance of Object'], [null, 'null']]) {
      const source = async function* () { yield chunk }
      await assert.rejects(run(gzip(source())), {
        name: 'TypeError',
        code: 'ERR_HEDDLE_INVALID_ARG_TYPE',
        message: `gzip: a chunk of argument "data" must be a Buffer, TypedArray, DataView or ArrayBuffer, got ${got}`,
      })
    }
    const encoded = Readable.from([Buffer.from('a')])
    encoded.setEncoding('hex')
    await assert.rejects(run(hash('md5', encoded)), /a chunk of argument "data"/)
  })

  it('fails as data does, and closes its source', async () => {
    const source = new PassThrough()
    source.write('this is no gzip')
    await assert.rejects(run(gunzip(source)), { code: 'Z_DATA_ERROR', message: 'incorrect header check' })
    assert.equal(source.destroyed, true)
    await assert.rejects(run(gunzip(Readable.from([zlib.gzipSync('abc').subarray(0, 15)]))), { code: 'Z_BUF_ERROR' })
    await assert.rejects(run(hash('no-such-digest', Readable.from([]))), { code: 'ERR_CRYPTO_INVALID_DIGEST' })
    const bomb = zlib.gzipSync(Buffer.alloc(1e6))
    await assert.rejects(run(gunzip(Readable.from(cutAs(bomb, [{ length: 300 }, { length: 300 }])), { maxOutputLength: 400_000 })), {
      code: 'ERR_BUFFER_TOO_LARGE',
      message: 'Cannot create a Buffer larger than 400000 bytes',
    })
    assert.equal((await gunzip(Readable.from([bomb]), { maxOutputLength: 1e6 })).length, 1e6)
    // One byte at a time: the header as well.
    await assert.rejects(run(inflate(Readable.from([...zlib.deflateSync('abc')].map((byte) => Buffer.of(byte))), { windowBits: 9 })), { message: 'invalid window size' })
  })

  it('checks the other arguments at once', () => {
    const source = Readable.from([])
    assert.throws(() => hash(5, source), { message: /argument "algorithm" must be a string/ })
    assert.throws(() => gzip(source, { level: 10 }), { code: 'ERR_HEDDLE_OUT_OF_RANGE' })
    assert.throws(() => hash('md5', 5), { message: /argument "data"/ })
    assert.throws(() => hash('md5', {}), { message: /argument "data"/ })
    assert.throws(() => hash(previous, source), TypeError)
    assert.throws(() => tasks.sort(source), TypeError)
    assert.throws(() => hmac('md5', source, 'x'), { message: /argument "key"/ })
  })

  it('is read once', async () => {
    const refused = { code: 'ERR_HEDDLE_INVALID_ARG_TYPE', message: /argument "data" must be a stream that no other Task was given, got an instance of Readable/ }
    const source = Readable.from([Buffer.from('a')])
    const task = hash('md5', source)
    assert.throws(() => hash('md5', source), refused)
    await task
    assert.throws(() => crc32(source), refused)
    const again = Readable.from([Buffer.from('a')])
    await assert.rejects(parallel([async () => {
      await run(hash('md5', again))
      throw new Error('once more')
    }], { retry: { retries: 1, minTimeout: 0 } }), refused)
    const ended = Readable.from([])
    for await (const chunk of ended) void chunk
    assert.throws(() => hash('md5', ended), { message: /a stream that has not ended/ })
    const web = new ReadableStream()
    web.getReader()
    assert.throws(() => hash('md5', web), { message: /a stream that nobody else reads/ })
    const late = Readable.from([Buffer.from('a')])
    const lazy = hash('md5', late)
    for await (const chunk of late) void chunk
    await assert.rejects(run(lazy), { message: /a stream that has not ended/ })
  })

  // ---- Stopping ----

  it('is left alone by a Task that never starts, whatever happens to it', async () => {
    const source = new PassThrough()
    hash('md5', source)
    source.destroy(new Error('nobody hears this'))
    await new Promise((resolve) => source.on('close', resolve))
    const other = new PassThrough()
    await assert.rejects(parallel([hash('md5', other)], { signal: AbortSignal.abort() }))
    assert.equal(other.destroyed, false)
  })

  it('is closed when its Task is withdrawn, which rejects with the reason', async () => {
    const reason = new Error('enough')
    const stop = new AbortController()
    let cancelled
    let returned = false
    const sources = [
      new PassThrough(),
      new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('a')), cancel: (why) => void (cancelled = why) }),
      { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}), return: async () => ((returned = true), {}) }) },
    ]
    const made = sources.map((source) => hash('md5', source))
    const ends = made.map((task) => parallel([task], { signal: stop.signal }))
    sources[0].write('a')
    await new Promise((resolve) => setTimeout(resolve, 20))
    stop.abort(reason)
    for (const end of ends) await assert.rejects(end, (error) => error === reason)
    for (const task of made) await assert.rejects(Promise.resolve(task), (error) => error === reason)
    assert.equal(sources[0].destroyed, true)
    assert.equal(cancelled, reason)
    assert.equal(returned, true)
  })

  it('is closed when it loses, or takes too long', async () => {
    const loser = new PassThrough()
    loser.write('a')
    assert.equal(await race([hash('md5', loser), hash('md5', 'x')], { join: true }), digest('x', 'md5'))
    await until(() => loser.destroyed)
    const slow = new PassThrough()
    await assert.rejects(timeout(hash('md5', slow), 20), { code: 'ERR_HEDDLE_TIMEOUT' })
    assert.equal(slow.destroyed, true)
    const late = new PassThrough()
    const [{ reason }] = await allSettled([hash('md5', late)], { itemTimeout: 20 })
    assert.equal(reason.message, 'hash: timed out after 20 ms')
    assert.equal(late.destroyed, true)
    await idle()
  })

  it('leads errors to the place of the call', async () => {
    const error = await parallel([gunzip(Readable.from([Buffer.from('no gzip')]))]).catch((reason) => reason)
    assert.match(error.stack, /streams\.test\.js/)
    assert.equal(error.index, 0)
  })

  it('is a member of its call in recordings', async () => {
    const recording = trace()
    await parallel({ a: gzip(Readable.from([Buffer.alloc(1000)])) })
    const { members, calls } = recording.stop()
    assert.equal(calls.length, 1)
    assert.ok(members.length > 0)
    for (const { task, call, key } of members) assert.deepEqual([task, call, key], ['gzipChunk', calls[0].id, 'a'])
  })

  it('ends with the worker in which it is', async () => {
    const worker = new Worker(
      `const { PassThrough } = require('node:stream')
      const { gzip, hash } = require(${JSON.stringify(`${root}/lib/tasks.js`)})
      const sources = Array.from({ length: 20 }, () => new PassThrough())
      sources.forEach((source, i) => {
        source.write(Buffer.alloc(50_000));
        (i % 2 ? gzip(source) : hash('md5', source)).then(() => {})
      })
      setTimeout(() => require('node:worker_threads').parentPort.postMessage('reads'), 20)
      setInterval(() => {}, 1000)`,
      { eval: true },
    )
    await once(worker, 'message')
    await worker.terminate()
    assert.equal(await hash('md5', 'x'), digest('x', 'md5'))
  })

  it('keeps the process alive as long as its source does', () => {
    const program = (source) => {
      const text = `
      const { hash } = require('heddle/tasks')
      const { Readable } = require('node:stream')
      hash('md5', ${source}).then((digest) => console.log(digest), (error) => console.log(error.code))
      process.on('exit', () => console.log('exit'))`
      return spawnSync(process.execPath, ['-e', text], { cwd: root, encoding: 'utf8' }).stdout
    }
    const timed = '(async function* () { for (const c of "abc") { await new Promise((r) => setTimeout(r, 20)); yield Buffer.from(c) } })()'
    assert.equal(program(timed), `${digest('abc', 'md5')}\nexit\n`)
    assert.equal(program('new Readable({ read() {} })'), 'exit\n')
  })
})
