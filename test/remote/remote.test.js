'use strict'
// heddle/remote, with a real Redis and workers in processes of their own.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const { gzipSync } = require('node:zlib')
const { Redis } = require('ioredis')
const { Queue } = require('bullmq')
const { allSettled, any, chain, delay, map, parallel, previous, race, retry, run, sequential, stream, thread, timeout } = require('../../lib/index.js')
const { connect, serve } = require('../../lib/remote.js')
const { file, gunzip, writeFile, hash: localHash } = require('../../lib/tasks.js')
const { Parts, packValues, serialize } = require('../../lib/remote/parts.js')
const { keysOf } = require('../../lib/remote/wire.js')
const { until } = require('../helpers/load.js')
const { root } = require('../support.js')
const { needsRedis, startWorker, TestRedis } = require('./support.js')

const md5 = (text) => createHash('md5').update(text).digest('hex')

describe('heddle/remote', function () {
  this.timeout(120_000)
  const redis = new TestRedis()
  let worker
  let remote
  let made

  before(needsRedis)
  before(async () => {
    await redis.start()
    worker = await startWorker(redis, { lockDuration: 3000 })
    remote = connect({ queue: 'test', connection: redis.connection })
    made = Object.fromEntries(['hash', 'gzip', 'add', 'note', 'fails', 'noop', 'sort', 'halves', 'sleep'].map((name) => [name, remote(name)]))
    made.echo = remote('echo@2')
  })
  after(async () => {
    await remote?.close()
    await worker?.close()
    await redis.stop()
  })
  beforeEach(() => redis.forget())

  // ---- As local ones ----

  describe('a remote maker in', () => {
    it('parallel, and awaited', async () => {
      const { hash, add, gzip } = made
      assert.equal(await hash('md5', 'x'), md5('x'))
      assert.deepEqual(await parallel({ a: add(1, 2), b: localHash('md5', 'x'), c: () => 3 }), { a: 3, b: md5('x'), c: 3 })
      assert.ok(Buffer.isBuffer(await gzip('x')) || (await gzip('x')) instanceof Uint8Array)
      assert.equal(hash('md5', 'x').name, 'hash')
      assert.equal(hash('md5', 'x').native, false)
    })

    it('map, stream and allSettled', async () => {
      const { add, fails } = made
      assert.deepEqual(await map([1, 2, 3], (n) => add(n, 1), { concurrency: 2 }), [2, 3, 4])
      assert.deepEqual(await map(['a', 'b'], made.echo), ['a', 'b'])
      const read = []
      for await (const { index, value } of stream([1, 2, 3], (n) => add(n, n), { ordered: true })) read.push([index, value])
      assert.deepEqual(read, [[0, 2], [1, 4], [2, 6]])
      const [one, two] = await allSettled([add(1, 1), fails('no')])
      assert.equal(one.value, 2)
      assert.equal(two.reason.message, 'no')
    })

    it('sequential and chain', async () => {
      const { add, echo } = made
      assert.deepEqual(await sequential([add(1, 2), add(previous, 3), (n) => n + 1, add(previous, 1)]), [3, 6, 7, 8])
      assert.equal(await chain(add(1, 2), add(previous, previous), echo(previous)), 6)
      await assert.rejects(Promise.resolve(add(previous, 1)), { code: 'ERR_HEDDLE_MISUSE' })
    })

    it('race and any: who loses is stopped', async () => {
      const { note, fails, halves } = made
      assert.equal(await race([note('quick', 1500), halves(60_000)]), 'quick')
      await until(() => redis.noted().includes('aborted'))
      assert.equal(await any([fails('no'), note('second', 5)]), 'second')
    })

    it('retry and timeout', async () => {
      let attempts = 0
      const answer = retry(() => (attempts++ === 0 ? made.fails('once') : made.add(1, 1)), { minTimeout: 0 })
      assert.equal(await answer, 2)
      await assert.rejects(timeout(made.sleep(60_000), 200), { code: 'ERR_HEDDLE_TIMEOUT' })
      await assert.rejects(run(made.sleep(60_000), { itemTimeout: 100 }), { name: 'TimeoutError', message: 'sleep: timed out after 100 ms' })
    })

    it('calls with priorities and progress', async () => {
      const seen = []
      await parallel([made.halves(1500)], { onProgress: ({ fraction }) => seen.push(fraction), priority: 5 })
      assert.ok(seen.some((fraction) => fraction > 0 && fraction < 1), `${seen}`)
      assert.deepEqual(await parallel([made.add(1, 1), made.add(2, 2)], { priority: -5 }), [2, 4])
      assert.equal(await made.add(3, 3), 6)
    })
  })

  it('sends a chain of one queue down as one member', async () => {
    const lines = []
    const add = thread((a, b) => a + b)
    const options = { queue: 'chains', connection: redis.connection }
    const server = serve({ add, hash: localHash, noTask: () => 5 }, { ...options, log: (line) => lines.push(line) })
    const other = connect(options)
    const [far, hash] = [other('add'), other('hash', { idempotent: true })]
    assert.equal(await chain(far('a', 'b'), hash('md5', previous)), md5('ab'))
    assert.deepEqual(await map(['x', 'y'], (text) => chain(far(text, 1), far(previous, previous), hash('md5', previous))), [md5('x1x1'), md5('y1y1')])
    assert.equal(await sequential([far(1, 2), chain(far(3, 4), far(previous, 1))]).then(([, last]) => last), 8)
    assert.equal(await chain(far('a', 'b'), add(previous, 'c'), far(previous, 'd')), 'abcd') // not all of it is there
    await assert.rejects(chain(far(1, 2), other('noTask')(previous)), { code: 'ERR_HEDDLE_REMOTE_UNSERVED' })
    await assert.rejects(chain(far(1, 2), other('none')(previous)), { code: 'ERR_HEDDLE_REMOTE_UNSERVED', message: /no task 'none'/ })
    await assert.rejects(chain(far(1, 2), hash('md5', previous, file('/etc/hosts'))), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE', message: /hash: argument 3/ })
    assert.equal(lines.filter((line) => line === 'add, hash: 1 begin').length, 1)
    assert.ok(lines.includes('add, add, hash: 2 begin') || lines.filter((line) => line === 'add, add, hash: 1 begin').length === 2)
    await other.close()
    await server.close()
    await add.close()
  })

  it('carries what a structured clone does', async () => {
    const cycle = { name: 'cycle' }
    cycle.self = cycle
    const given = { map: new Map([[1, new Set(['a'])]]), date: new Date(5), big: 5n, array: Float64Array.of(1, 2), none: undefined, cycle, re: /a/g, ['__proto__']: 1 }
    const back = await made.echo(given)
    assert.deepEqual({ ...back, cycle: 0 }, { ...given, cycle: 0 })
    assert.equal(back.cycle.self, back.cycle)
    assert.equal(Object.getPrototypeOf(back), Object.prototype)
    const [small, other] = await parallel([made.echo(Buffer.from('a')), made.echo(Buffer.from('b'))])
    assert.ok(small.buffer.byteLength < 200 && other.buffer !== small.buffer) // none keeps the batch's memory
  })

  it('fails as the function does', async () => {
    const error = await parallel([made.fails('as told')]).catch((reason) => reason)
    assert.equal(error.constructor, RangeError)
    assert.equal(error.message, 'as told')
    assert.equal(error.code, 'E_TEST')
    assert.deepEqual(error.extra, [1, 2])
    assert.equal(error.cause, 'a cause')
    assert.match(error.stack, /remote\.test\.js/)
    await assert.rejects(run(made.hash('no-such-digest', '')), { name: 'TypeError', code: 'ERR_CRYPTO_INVALID_DIGEST' })
    await assert.rejects(run(made.hash(5, '')), { name: 'TypeError', code: 'ERR_HEDDLE_INVALID_ARG_TYPE', message: /"algorithm" must be a string/ })
    await assert.rejects(run(remote('throws')()), { name: 'TypeError', message: 'as told' })
  })

  it('fails alone where it cannot be sent, or what it gives', async () => {
    const ends = await allSettled([made.add(1, 1), made.echo(() => {}), made.echo(Symbol('a')), made.echo(file('a')), remote('unsendable')(), made.add(2, 2)])
    assert.deepEqual(ends.map(({ status }) => status), ['fulfilled', 'rejected', 'rejected', 'rejected', 'rejected', 'fulfilled'])
    assert.equal(ends[1].reason.name, 'DataCloneError')
    assert.match(ends[3].reason.message, /argument 1 must be data: files are on this machine/)
    assert.equal(ends[4].reason.name, 'DataCloneError')
  })

  it('says what is not served', async () => {
    await assert.rejects(run(remote('nothing')()), { code: 'ERR_HEDDLE_REMOTE_UNSERVED', message: "nothing: no task 'nothing' is served here" })
    await assert.rejects(run(remote('toString')()), { code: 'ERR_HEDDLE_REMOTE_UNSERVED' })
    await assert.rejects(run(remote('__proto__')()), { code: 'ERR_HEDDLE_REMOTE_UNSERVED' })
    await assert.rejects(run(remote('noTask')()), { code: 'ERR_HEDDLE_REMOTE_UNSERVED', message: /makes no Tasks/ })
  })

  it('takes large data, and refuses what is too large', async () => {
    const large = Buffer.alloc(10_000_000, 'x')
    assert.equal(await made.hash('md5', large), md5(large))
    assert.equal((await made.echo(large)).length, large.length)
    const narrow = connect({ queue: 'test', connection: redis.connection, maxBytes: 10_000 })
    await assert.rejects(run(narrow('hash')('md5', large)), { code: 'ERR_HEDDLE_REMOTE_SIZE', message: /10000\d+ bytes, more than the 10000 that maxBytes allows/ })
    const lists = Array.from({ length: 50 }, (_, i) => narrow('hash')('md5', Buffer.alloc(3000, `${i}`)))
    assert.deepEqual(await parallel(lists), Array.from({ length: 50 }, (_, i) => md5(Buffer.alloc(3000, `${i}`))))
    await narrow.close()
  })

  it('refuses what is too large on the worker', async () => {
    const options = { queue: 'narrow', connection: redis.connection }
    const server = serve({ gunzip, hash: localHash }, { ...options, maxBytes: 10_000 })
    const other = connect(options)
    const [bomb, fits] = await allSettled([other('gunzip')(gzipSync(Buffer.alloc(100_000))), other('gunzip')(gzipSync('text'))])
    assert.equal(bomb.reason.code, 'ERR_HEDDLE_REMOTE_SIZE')
    assert.match(bomb.reason.message, /result takes 1000\d\d bytes, more than the 10000/)
    assert.equal(Buffer.from(fits.value).toString(), 'text')
    await assert.rejects(run(other('hash')('md5', Buffer.alloc(100_000))), { code: 'ERR_HEDDLE_REMOTE_SIZE', message: /the batch takes 1000\d\d bytes/ })
    await other.close()
    await server.close()
  })

  it('keeps no more out than the window has', async () => {
    const narrow = connect({ queue: 'test', connection: redis.connection, window: 10, batch: 3 })
    const items = Array.from({ length: 100 }, (_, i) => i)
    assert.deepEqual(await map(items, (n) => narrow('add')(n, 1), { concurrency: 100 }), items.map((n) => n + 1))
    assert.deepEqual(await parallel(items.map((n) => narrow('add')(n, 1))), items.map((n) => n + 1))
    await narrow.close()
  })

  // ---- Stopping ----

  it('never starts what was cancelled before', async () => {
    const stop = new AbortController()
    const busy = parallel(Array.from({ length: 8 }, () => made.halves(2000)))
    await delay(200)
    const end = parallel(Array.from({ length: 20 }, (_, i) => made.note(`late ${i}`)), { signal: stop.signal })
    await delay(50)
    stop.abort(new Error('enough'))
    await assert.rejects(end, { message: 'enough' })
    await busy
    await delay(500)
    assert.deepEqual(redis.noted().filter((name) => name.startsWith('late')), [])
  })

  it('stops what runs', async () => {
    const stop = new AbortController()
    const end = run(made.halves(60_000), { signal: stop.signal })
    await delay(500)
    stop.abort()
    await assert.rejects(end, { name: 'AbortError' })
    await until(() => redis.noted().includes('aborted'))
  })

  it('drops what a dead caller has left', async () => {
    const program = `
      const { connect } = require('./lib/remote.js')
      const remote = connect({ queue: 'test', connection: ${JSON.stringify(redis.connection)}, lease: 1000 })
      remote('halves')(60_000).catch(() => {})
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 700)`
    spawnSync(process.execPath, ['-e', program], { cwd: root })
    await until(() => redis.noted().includes('aborted'))
  })

  it('rejects what is out when it is closed, and leaves nothing in Redis', async () => {
    const other = connect({ queue: 'unserved', connection: redis.connection })
    const ends = [run(other('add')(1, 2)), run(other('add')(1, 2))]
    await delay(200)
    const closing = other.close()
    for (const end of ends) await assert.rejects(end, { code: 'ERR_HEDDLE_CLOSED', message: /add: the connection to queue 'unserved' has been closed/ })
    await closing
    await other.close()
    assert.throws(() => other('add'), { code: 'ERR_HEDDLE_CLOSED' })
    const left = (await redis.ask('KEYS', '*unserved*')).filter((key) => !/:(meta|id|events|marker|stalled-check)$/.test(key))
    assert.deepEqual(left, [])
  })

  it('rejects what nobody serves', async () => {
    const other = connect({ queue: 'nobody', connection: redis.connection, waitTimeout: 600 })
    await assert.rejects(run(other('add')(1, 2)), { code: 'ERR_HEDDLE_REMOTE_UNSERVED', message: "add: no worker serves queue 'nobody', for 600 ms" })
    await other.close()
  })

  // ---- Trust ----

  it('rejects a caller of another version, and survives what is no job', async () => {
    const queue = new Queue('test', { connection: redis.connection })
    const ioredis = new Redis(redis.connection)
    const add = (data, opts) => queue.add('heddle', data, { removeOnComplete: true, removeOnFail: true, ...opts })
    const keys = keysOf('test', 'stranger')
    const deep = Buffer.concat([Buffer.from([255, 15]), ...new Array(100_000).fill(Buffer.from([0x41, 1]))])
    const parts = (count, bytes) => {
      const made = new Parts()
      made.add(count, bytes)
      return made.pack()
    }
    const hostile = [parts(1, deep), parts(1, serialize(5)), parts(2, serialize([[1, 2]])), parts(1, serialize([5])), parts(4e9, serialize([])), Buffer.alloc(0), Buffer.from('x'), Buffer.from([255, 255, 255, 255]), Buffer.from([1, 0, 0, 0, 9, 0, 0, 0, 1]), Buffer.from([1, 0, 0, 0, 2, 0, 0, 0, 255, 99])]
    for (const [i, bytes] of hostile.entries()) {
      await ioredis.hset(keys.claims, `job-${i}`, bytes)
      await add({ v: 1, caller: 'stranger', tasks: ['add'], once: true }, { jobId: `job-${i}` })
    }
    for (const data of [null, 5, 'text', [], { v: 99, caller: 'stranger' }, { v: 1 }, { v: 1, caller: {}, tasks: ['add'] }, { v: 1, caller: 'stranger', tasks: ['constructor'] }, { v: 1, caller: 'stranger', tasks: 'add' }]) await add(data)
    await ioredis.publish(keys.control, 'no JSON')
    await ioredis.publish(keys.control, 'null')
    await ioredis.publish(keys.control, '{"job":"__proto__","places":[1,"a",null]}')
    assert.equal(await made.add(1, 2), 3) // it lives
    await until.call(null, () => true)
    ioredis.disconnect()
    await queue.close()
  })

  it('takes replies as what they are', async () => {
    const other = connect({ queue: 'replies', connection: redis.connection, waitTimeout: 60_000 })
    const end = run(other('add')(1, 2))
    const ioredis = new Redis(redis.connection)
    let claims
    while ((claims = (await ioredis.keys('*{replies}:claims*'))[0]) === undefined) await delay(10)
    const [job] = await ioredis.hkeys(claims)
    const replies = claims.replace('claims', 'replies')
    const send = (head, values = packValues([5, 5, 5], Infinity)) => ioredis.xadd(replies, '*', 'h', Buffer.isBuffer(head) ? head : serialize(head), 'b', values)
    const places = ['length', -1, 99, 1.5, null]
    const heads = [Buffer.from('rubbish'), {}, 5, { job: '__proto__', over: true }, { job, places: 5, hows: 5 }, { job, places, hows: places }, { job, progress: 'much', took: 'long' }]
    for (const head of heads) await send(head)
    await send({ job, places: [0], hows: [0] }, Buffer.from('rubbish'))
    const unreadable = new Parts()
    unreadable.add(1, Buffer.from([1, 2, 3]))
    await send({ job, places: [0], hows: [0] }, unreadable.pack())
    await assert.rejects(end, { code: 'ERR_HEDDLE_REMOTE_WIRE', message: /add: what came back cannot be read/ })
    ioredis.disconnect()
    await other.close()
  })

  it('refuses to serve what takes paths, unless they are confined', async () => {
    const options = { queue: 'paths', connection: redis.connection }
    assert.throws(() => serve({ writeFile }, options), { code: 'ERR_HEDDLE_MISUSE', message: /takes paths of this machine/ })
    assert.throws(() => serve({ save: writeFile }, options), { code: 'ERR_HEDDLE_MISUSE' })
    const server = serve({ save: writeFile }, { ...options, files: redis.folder })
    const other = connect(options)
    await other('save')('a.txt', 'text')
    assert.equal(require('node:fs').readFileSync(`${redis.folder}/a.txt`, 'utf8'), 'text')
    for (const name of ['../b.txt', '/tmp/b.txt', '.', '']) await assert.rejects(run(other('save')(name, 'x')), { code: 'ERR_HEDDLE_MISUSE' })
    await other.close()
    await server.close()
  })

  it('refuses what it cannot do', () => {
    const type = { code: 'ERR_HEDDLE_INVALID_ARG_TYPE' }
    const range = { code: 'ERR_HEDDLE_OUT_OF_RANGE' }
    const good = { queue: 'a', connection: redis.connection }
    assert.throws(() => connect(null), type)
    assert.throws(() => connect({ connection: {} }), type)
    assert.throws(() => connect({ queue: 'a:b', connection: {} }), type)
    assert.throws(() => connect({ queue: 'a' }), type)
    assert.throws(() => connect({ ...good, window: 0 }), range)
    assert.throws(() => connect({ ...good, batch: 'all' }), type)
    assert.throws(() => connect({ ...good, waitTimeout: 1.5 }), range)
    assert.throws(() => connect({ ...good, retries: 1 }), { code: 'ERR_HEDDLE_MISUSE', message: /no option 'retries'/ })
    assert.throws(() => serve(null, good), type)
    assert.throws(() => serve({}, good), { code: 'ERR_HEDDLE_MISUSE' })
    assert.throws(() => serve({ a: 5 }, good), { ...type, message: "serve: maker 'a' must be a function that makes Tasks, got number 5" })
    assert.throws(() => serve({ a: localHash }, { ...good, concurrency: 0 }), range)
    assert.throws(() => remote(5), type)
    assert.throws(() => remote(''), range)
    assert.throws(() => remote('a', { idempotent: 1 }), type)
    assert.throws(() => remote('a', { once: true }), { code: 'ERR_HEDDLE_MISUSE' })
  })

  it('says what is not installed', () => {
    const program = `
      const Module = require('node:module')
      const load = Module._load
      Module._load = function (name, ...rest) {
        if (['bullmq', 'ioredis'].includes(name)) throw Object.assign(new Error('not here'), { code: 'MODULE_NOT_FOUND' })
        return load.call(this, name, ...rest)
      }
      const { connect } = require('heddle/remote')
      try {
        connect({ queue: 'a', connection: {} })
      } catch ({ code, message }) {
        console.log(code, message.includes('npm install bullmq ioredis'))
      }`
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' })
    assert.equal(stdout, 'ERR_HEDDLE_MISSING_PEER true\n', stderr)
  })
})
