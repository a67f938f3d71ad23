'use strict'

const assert = require('node:assert/strict')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const { inspect } = require('node:util')
const zlib = require('node:zlib')
const { chain, configure, parallel, previous, sequential, stats } = require('../lib/index.js')
const { gunzip, gzip, hash, sort, sum, writeFile, crc32, file } = require('../lib/tasks.js')
const { noop, sleep } = require('../lib/testing.js')
const support = require('./support.js')
const { FOREVER, idle, ran, range, rejection, sent, turns, until } = support

const sha256 = (data) => createHash('sha256').update(data).digest('hex')
const bytes = (data) => hash('sha256', data, { outputEncoding: 'buffer' })

describe('sequential', () => {
  const temporary = support.temporaryFolder()

  describe('gives results', () => {
    it('of all steps, as a list or an object', async () => {
      const list = await sequential([hash('sha256', 'a'), noop(), hash('sha256', 'b')])
      assert.deepEqual(list, [sha256('a'), undefined, sha256('b')])
      const object = await sequential({ b: hash('sha256', 'b'), a: hash('sha256', previous) })
      assert.deepEqual(Object.entries(object), [
        ['b', sha256('b')],
        ['a', sha256(sha256('b'))],
      ])
    })

    it('of any iterable, and of nothing', async () => {
      function* steps() {
        yield hash('sha256', 'a')
        yield hash('sha256', previous)
      }
      const expected = [sha256('a'), sha256(sha256('a'))]
      assert.deepEqual(await sequential(steps()), expected)
      assert.deepEqual(await sequential(new Set(steps())), expected)
      assert.deepEqual(await sequential([]), [])
      assert.deepEqual(await sequential({}), {})
    })

    it('of 10,000 steps, each on the result of the one before', async () => {
      const steps = [hash('md5', ''), ...range(9999).map(() => hash('md5', previous))]
      let expected = ''
      for (const result of await sequential(steps)) {
        expected = createHash('md5').update(expected).digest('hex')
        assert.equal(result, expected)
      }
    })
  })

  describe('runs steps', () => {
    it('one after the other, in order', async () => {
      // Each writes over the file that the next one reads.
      const path = temporary('order')
      fs.writeFileSync(path, 'start')
      const steps = []
      let text = 'start'
      const expected = []
      for (let i = 0; i < 50; i++) {
        steps.push(hash('sha256', file(path)), writeFile(path, previous))
        text = sha256(text)
        expected.push(text, undefined)
      }
      assert.deepEqual(await sequential(steps), expected)
      assert.equal(fs.readFileSync(path, 'utf8'), text)
    })

    it('never two at once', async () => {
      const before = configure().threads
      configure({ threads: 4 })
      await idle()
      const controller = new AbortController()
      const { signal } = controller
      const held = sequential(range(20).map(() => sleep(FOREVER)), { signal, join: true })
      await until(() => stats().running > 0)
      let most = 0
      for (let i = 0; i < 200; i++) {
        most = Math.max(most, stats().running)
        await turns(1)
      }
      controller.abort()
      await rejection(held)
      configure({ threads: before })
      assert.equal(most, 1)
    })

    it('but not those after one that failed', async () => {
      const before = ran()
      const after = writeFile(temporary('after'), 'a')
      const error = await rejection(sequential([noop(), gunzip('x'), after, noop()]))
      assert.equal(error.code, 'Z_BUF_ERROR')
      assert.equal(error.index, 1)
      await until(() => inspect(after).includes('<not started>'))
      assert.equal(fs.existsSync(temporary('after')), false)
      assert.equal(ran(), before + 2)
      await after
      assert.equal(fs.existsSync(temporary('after')), true)
    })

    it('but not those after one that was aborted', async () => {
      const after = writeFile(temporary('aborted'), 'a')
      const controller = new AbortController()
      const { signal } = controller
      const aborted = sequential([noop(), sleep(FOREVER), after], { signal, join: true })
      await until(() => stats().running === 1)
      const reason = new Error('enough')
      controller.abort(reason)
      assert.equal(await rejection(aborted), reason)
      assert.equal(fs.existsSync(temporary('aborted')), false)
    })

    it('and names the key of the one that failed', async () => {
      const error = await rejection(sequential({ a: noop(), b: hash('nope', 'x'), c: noop() }))
      assert.equal(error.index, 'b')
      assert.equal(error.code, 'ERR_CRYPTO_INVALID_DIGEST')
    })
  })

  describe('puts the previous result in place', () => {
    it('strings, bytes, typed arrays and numbers', async () => {
      const data = Float64Array.of(3, 1, 2)
      const [packed, unpacked, digest] = await sequential([
        gzip('text'.repeat(1000)),
        gunzip(previous),
        hash('sha256', previous),
      ])
      assert.equal(zlib.gunzipSync(packed).toString(), 'text'.repeat(1000))
      assert.equal(unpacked.toString(), 'text'.repeat(1000))
      assert.equal(digest, sha256('text'.repeat(1000)))
      const [sorted, total, crc] = await sequential([sort(data), sum(previous), crc32('a', previous)])
      assert.deepEqual(sorted, Float64Array.of(1, 2, 3))
      assert.equal(total, 6)
      assert.equal(crc, await crc32('a', 6))
      const [, sortedDigest] = await sequential([sort(data), hash('sha256', previous)])
      assert.equal(sortedDigest, sha256(Buffer.from(Float64Array.of(1, 2, 3).buffer)))
    })

    it('more than once in one step, and large ones', async () => {
      const big = Buffer.alloc(3 << 20, 'abc')
      const [packed, unpacked] = await sequential([gzip(big), gunzip(previous)])
      assert.ok(unpacked.equals(big))
      assert.ok(packed.length < big.length)
      const { hmac } = require('../lib/tasks.js')
      const [key, mac] = await sequential([bytes('a'), hmac('sha256', previous, previous)])
      assert.equal(mac, await hmac('sha256', key, key))
    })

    it('the result of a Task that had settled, or was started elsewhere', async () => {
      const settled = bytes('a')
      const raw = await settled
      const running = sleep(30).then()
      const shared = bytes('b')
      const other = parallel([sleep(10), shared])
      const results = await sequential([settled, hash('sha256', previous), shared, bytes(previous)])
      assert.equal(results[0], raw)
      assert.equal(results[1], sha256(raw))
      assert.equal(results[2], (await other)[1])
      assert.deepEqual(results[3], await bytes(results[2]))
      await running
    })

    it('the result of a chain', async () => {
      const steps = [chain(gzip('a'), gunzip(previous)), hash('sha256', previous)]
      const [text, digest] = await sequential(steps)
      assert.equal(text.toString(), 'a')
      assert.equal(digest, sha256('a'))
    })

    it('but not one of another type: it says which came, and where', async () => {
      const cases = [
        [[noop(), hash('sha256', previous)], /^hash: argument "data" must be a string, .* got undefined/],
        [[hash('md5', 'a'), sort(previous)], /^sort: argument "array" must be a TypedArray, got .*string/],
        [[sort(new Int8Array(1)), sleep(previous)], /^sleep: argument "ms" must be a number.*, got /],
        [[bytes('a'), crc32('a', previous)], /^crc32: argument "value" must be an integer.*, got /],
        [[sum(Int8Array.of(-1)), crc32('a', previous)], /^crc32: argument "value".*from 0 to 4294967295/],
      ]
      for (const [steps, words] of cases) {
        const error = await rejection(sequential(steps))
        assert.match(error.message, words)
        assert.ok(error instanceof TypeError || error instanceof RangeError)
        assert.equal(error.index, 1)
        assert.match(error.code, /^ERR_HEDDLE_/, error.message)
      }
    })

    it('with the same error when the previous step had settled before', async () => {
      const steps = () => [noop(), hash('sha256', previous)]
      const fresh = await rejection(sequential(steps()))
      const known = steps()
      await known[0]
      const late = await rejection(sequential(known))
      assert.equal(late.code, fresh.code)
      assert.equal(late.constructor, fresh.constructor)
      assert.equal(late.index, 1)
      assert.match(late.message, /^hash: argument "data" must be a string, .* got undefined/)
    })

    it('and never in the first step', async () => {
      const before = await sent()
      const error = await rejection(sequential([hash('sha256', previous), noop()]))
      assert.ok(error instanceof TypeError)
      assert.equal(error.code, 'ERR_HEDDLE_MISUSE')
      assert.match(error.message, /first step/)
      assert.equal(await sent(), before)
    })
  })

  describe('of steps that have a life elsewhere', () => {
    it('settled, running, queued, duplicated, all mixed', async () => {
      const before = await sent()
      const settled = bytes('settled')
      await settled
      const running = sleep(30)
      const runs = running.then()
      const twice = bytes('twice')
      const steps = [settled, running, twice, bytes(previous), twice, settled, bytes(previous)]
      const results = await sequential(steps)
      assert.equal(results[0], await settled)
      assert.equal(results[2], results[4])
      assert.deepEqual(results[3], await bytes(results[2]))
      assert.deepEqual(results[6], await bytes(results[0]))
      await runs
      // settled, running, twice, two on the previous result; and the two above
      assert.equal(await sent(), before + 7)
    })

    it('waits for one that runs, before it starts the next', async () => {
      const controller = new AbortController()
      const { signal } = controller
      const long = sleep(FOREVER)
      const after = writeFile(temporary('waits'), 'a')
      const other = parallel([long], { signal })
      await until(() => stats().running === 1)
      const waiting = sequential([noop(), long, after], { signal })
      await turns(20)
      assert.match(inspect(after), /<not started>/)
      const impatient = sequential([long, noop()], { timeout: 1 })
      assert.equal((await rejection(impatient)).name, 'TimeoutError')
      await until(() => stats().running === 1)
      controller.abort('enough')
      assert.equal(await other.catch((reason) => reason), 'enough')
      assert.equal(await waiting.catch((reason) => reason), 'enough')
      assert.equal(fs.existsSync(temporary('waits')), false)
    })

    it('waits for what comes before one that had settled', async () => {
      const [settled, failed] = [bytes('a'), gunzip('x')]
      await Promise.allSettled([settled, failed])
      for (const known of [settled, failed]) {
        const controller = new AbortController()
        const after = noop()
        const steps = [sleep(FOREVER), known, known, after]
        const waiting = sequential(steps, { signal: controller.signal, join: true })
        await until(() => stats().running === 1)
        await turns(20)
        assert.match(inspect(after), /<not started>/)
        controller.abort('enough')
        assert.equal(await waiting.catch((reason) => reason), 'enough')
      }
    })

    it('goes on when one that ran elsewhere has ended', async () => {
      const shared = sleep(50)
      const other = parallel([shared])
      const steps = sequential([bytes('a'), shared, bytes('b'), bytes(previous)])
      await other
      const results = await steps
      assert.deepEqual(results[3], await bytes(results[2]))
      assert.equal(results[1], undefined)
    })

    it('fails with one that fails elsewhere', async () => {
      const bad = gunzip('x')
      const error = await rejection(parallel({ bad }))
      const after = noop()
      assert.equal(await rejection(sequential([noop(), bad, after])), error)
      assert.match(inspect(after), /<not started>/)
    })

    it('refuses one with the previous result in it that has run', async () => {
      const step = hash('sha256', previous)
      const results = await sequential([hash('sha256', 'a'), step])
      assert.equal(results[1], sha256(sha256('a')))
      assert.equal(await step, results[1])
      assert.deepEqual(await parallel([step]), [results[1]])
    })
  })

  it('leads to the call in the stack of a failure', async () => {
    async function callerOfSequential() {
      await sequential([noop(), gunzip('x')])
    }
    assert.match((await rejection(callerOfSequential())).stack, /callerOfSequential/)
  })
})
