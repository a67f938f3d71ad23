'use strict'

const assert = require('node:assert/strict')
const { configure, parallel, stats } = require('heddle')
const { hash } = require('heddle/tasks')
const { noop, sleep } = require('heddle/testing')
const { idle } = require('./support.js')

describe('configure and stats', () => {
  const { threads } = configure()
  afterEach(() => configure({ threads }))

  it('says the settings in force', () => {
    assert.deepEqual(configure({ threads: 3 }), { threads: 3, niceIncrement: 0, histograms: false })
    assert.deepEqual(configure({}), { threads: 3, niceIncrement: 0, histograms: false })
    assert.equal(stats().threads, 3)
  })

  it('runs as many tasks at once as there are threads, and no more', async () => {
    for (const wanted of [1, 3, 6]) {
      configure({ threads: wanted })
      const stop = new AbortController()
      const held = parallel(Array.from({ length: 20 }, () => sleep(1e6)), { signal: stop.signal, join: true })
      let most = 0
      while (most < wanted) {
        most = Math.max(most, stats().running)
        await new Promise((resolve) => setImmediate(resolve))
      }
      for (let turn = 0; turn < 50; turn++) {
        most = Math.max(most, stats().running)
        await new Promise((resolve) => setImmediate(resolve))
      }
      stop.abort()
      await assert.rejects(held, { name: 'AbortError' })
      assert.equal(most, wanted)
    }
  })

  it('counts what was done', async () => {
    const before = stats()
    await parallel([noop(), noop(), noop()])
    await assert.rejects(parallel([hash('no-such-digest', '')]))
    const signal = AbortSignal.abort()
    await assert.rejects(parallel([sleep(1e6)], { signal }))
    await idle()
    const after = stats()
    assert.equal(after.completed - before.completed, 3)
    assert.equal(after.failed - before.failed, 1)
    assert.equal(after.cancelled, before.cancelled) // it never started
    assert.equal(after.queued, 0)
    assert.equal(after.running, 0)
    assert.ok(after.runTime > before.runTime)
    assert.ok(after.waitTime > before.waitTime)
  })

  for (const [value, Class, code] of [
    [0, RangeError, 'ERR_HEDDLE_OUT_OF_RANGE'],
    [-1, RangeError, 'ERR_HEDDLE_OUT_OF_RANGE'],
    [1.5, RangeError, 'ERR_HEDDLE_OUT_OF_RANGE'],
    [NaN, RangeError, 'ERR_HEDDLE_OUT_OF_RANGE'],
    [2 ** 32 + 1, RangeError, 'ERR_HEDDLE_OUT_OF_RANGE'],
    ['2', TypeError, 'ERR_HEDDLE_INVALID_ARG_TYPE'],
    [2n, TypeError, 'ERR_HEDDLE_INVALID_ARG_TYPE'],
  ]) {
    it(`refuses ${typeof value} ${value} as the number of threads`, () => {
      assert.throws(() => configure({ threads: value }), (error) => {
        assert.ok(error instanceof Class)
        assert.equal(error.code, code)
        assert.match(error.message, /^configure: option "threads" must be (a number|an integer from 1 to 1024), got /)
        return true
      })
      assert.equal(stats().threads, threads)
    })
  }

  it('refuses unknown options', () => {
    assert.throws(() => configure({ thread: 2 }), { code: 'ERR_HEDDLE_MISUSE', message: /'thread'/ })
    assert.throws(() => configure(null), TypeError)
  })
})
