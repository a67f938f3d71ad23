'use strict'

const assert = require('node:assert/strict')
const zlib = require('node:zlib')
const { createHash } = require('node:crypto')
const { chain, configure, parallel, previous, sequential, stats, thread } = require('heddle')
const { crc32, gunzip, gzip, hash, sort, sum } = require('heddle/tasks')
const { noop, sleep } = require('heddle/testing')

const sha1 = (data) => createHash('sha1').update(data).digest('hex')

describe('chain', () => {
  it('is one lazy Task with the last step as its result', async () => {
    const before = stats()
    const task = chain(gzip('text'), gunzip(previous), hash('sha1', previous))
    assert.equal(task.name, 'chain')
    assert.equal(await task, sha1('text'))
    assert.equal(await task, sha1('text'))
    assert.equal(stats().completed - before.completed, 1)
  })

  it('takes many steps without searching each among the others', () => {
    const { indexOf, includes } = Array.prototype
    let searches = 0
    const counting = (search) =>
      function (...args) {
        searches++
        return Reflect.apply(search, this, args)
      }
    const steps = Array.from({ length: 100 }, () => noop())
    Array.prototype.indexOf = counting(indexOf)
    Array.prototype.includes = counting(includes)
    try {
      chain(...steps)
    } finally {
      Object.assign(Array.prototype, { indexOf, includes })
      for (const name of ['indexOf', 'includes']) {
        Object.defineProperty(Array.prototype, name, { enumerable: false })
      }
    }
    assert.equal(searches, 0)
    const twice = noop()
    assert.throws(() => chain(noop(), twice, twice), /step 2 \(noop\) is in use already/)
  })

  it('hands every type on that the next step takes', async () => {
    const digits = new Float64Array([3, 1, 2])
    assert.deepEqual(
      await parallel([
        chain(sort(digits), sum(previous)), // typed array to typed array
        chain(sort(digits), hash('sha1', previous)), // typed array to bytes
        chain(hash('sha1', 'x'), hash('sha1', previous)), // string to bytes
        chain(gzip('x'), sum(previous)), // Buffer to typed array
      ]),
      [
        6,
        sha1(Buffer.from(new Float64Array([1, 2, 3]).buffer)),
        sha1(sha1('x')),
        zlib.gzipSync('x').reduce((a, b) => a + b, 0),
      ],
    )
  })

  it('names the argument when the previous result does not fit', async () => {
    await assert.rejects(parallel([noop(), chain(noop(), hash('sha1', previous))]), {
      name: 'TypeError',
      code: 'ERR_HEDDLE_INVALID_ARG_TYPE',
      index: 1,
      message: /^hash: argument "data" must be a string, .*, got undefined from the previous step$/,
    })
    await assert.rejects(chain(sum(new Int8Array(1)), gzip(previous)), /got a number from the previous/)
  })

  it('stops at the first failure', async () => {
    const before = stats()
    await assert.rejects(chain(gunzip('no gzip'), hash('sha1', previous)), { code: 'Z_DATA_ERROR' })
    assert.equal(stats().failed - before.failed, 1)
  })

  it('flattens chains of chains', async () => {
    const inner = chain(gzip('text'), gunzip(previous))
    assert.equal(await chain(inner, hash('sha1', previous)), sha1('text'))
  })

  it('goes in sequences, and stops between its steps', async () => {
    const [first, second] = await sequential([hash('sha1', 'a'), chain(gzip('b'), gunzip(previous))])
    assert.equal(first, sha1('a'))
    assert.equal(second.toString(), 'b')
    const stop = new AbortController()
    const held = parallel([chain(sleep(1e6), sleep(1e6))], { signal: stop.signal, join: true })
    while (stats().running === 0) await new Promise((resolve) => setImmediate(resolve))
    stop.abort(new Error('enough'))
    await assert.rejects(held, { message: 'enough' })
  })

  it('runs one after the other in a sequence, also with JavaScript steps', async () => {
    const times = thread(async (_before) => {
      const began = Date.now()
      await new Promise((resolve) => setTimeout(resolve, 30))
      return [began, Date.now()]
    })
    const one = () => chain(crc32('a'), times(previous))
    const [[, ended], [began]] = await sequential([one(), one()])
    assert.ok(began >= ended)
  })

  it('runs bounded in parallel', async () => {
    const { threads } = configure({ threads: 4 })
    try {
      const chains = Array.from({ length: 40 }, (_, i) => chain(gzip(`${i}`), gunzip(previous)))
      const results = await parallel(chains, { concurrency: 2 })
      assert.deepEqual(results.map(String), Array.from({ length: 40 }, (_, i) => `${i}`))
    } finally {
      configure({ threads })
    }
  })

  it('owns its steps', async () => {
    const step = hash('sha1', 'a')
    const whole = chain(step)
    assert.throws(() => chain(step), { code: 'ERR_HEDDLE_MISUSE', message: /in use already/ })
    await assert.rejects(parallel([step]), { code: 'ERR_HEDDLE_MISUSE', message: /step of a chain/ })
    await assert.rejects(step.then(), { code: 'ERR_HEDDLE_MISUSE' })
    assert.equal(await whole, sha1('a'))
  })

  it('refuses what cannot be a step', () => {
    const twice = noop()
    assert.throws(() => chain(), TypeError)
    assert.throws(() => chain(5), { name: 'TypeError', message: /step 0 must be a Task, got number 5/ })
    assert.throws(() => chain(noop(), Promise.resolve()), /step 1 must be a Task/)
    assert.throws(() => chain(hash('sha1', previous)), /first step has no previous result/)
    assert.throws(() => chain(twice, twice), /step 1 .* in use already/)
  })
})
