'use strict'
// Times by task and by thread.

const assert = require('node:assert/strict')
const fc = require('fast-check')
const { allSettled, configure, parallel, run, stats, thread } = require('heddle')
const { hash } = require('heddle/tasks')
const { sleep } = require('heddle/testing')
const { bucketOf, BUCKETS, Histogram, startOf } = require('../../lib/task/histogram.js')
const { idle, withThreads } = require('../support.js')

const waits = thread((ms) => new Promise((resolve) => setTimeout(resolve, ms)))

describe('a histogram', () => {
  it('has each time in the bucket that begins before it and ends behind it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e14, noNaN: true }), (ns) => {
        const bucket = bucketOf(ns)
        assert.ok(startOf(bucket) * 1e6 <= ns * (1 + 1e-12) || bucket === 0)
        if (bucket < BUCKETS - 1) assert.ok(startOf(bucket + 1) * 1e6 > ns * (1 - 1e-12))
      }),
    )
    assert.equal(bucketOf(0), 0)
    assert.equal(bucketOf(0.5), 0)
  })

  it('gives percentiles that are wrong by 3.2 % at most', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.001, max: 1e5, noNaN: true }), { minLength: 1 }), (times) => {
        const histogram = new Histogram()
        for (const ms of times) histogram.add(ms)
        const sorted = Float64Array.from(times).sort()
        for (const fraction of [0.5, 0.95, 0.99]) {
          const exact = sorted[Math.max(1, Math.ceil(fraction * sorted.length)) - 1]
          const given = histogram.percentile(fraction)
          assert.ok(Math.abs(given - exact) <= 0.032 * exact, `${given} for ${exact}`)
        }
        assert.equal(histogram.summary().max, sorted.at(-1))
      }),
    )
  })

  it('of nothing has no times', () => {
    assert.deepEqual(new Histogram().summary(), { count: 0, sum: 0, p50: 0, p95: 0, p99: 0, max: 0, buckets: [] })
  })
})

describe('stats() with histograms', () => {
  withThreads(2)
  beforeEach(idle)
  afterEach(async () => {
    await idle()
    configure({ histograms: false })
  })

  it('has times by task, native ones and those on JavaScript threads', async () => {
    assert.equal(configure({ histograms: true }).histograms, true)
    await allSettled([sleep(5), sleep(20), hash('no-such-digest', ''), waits(5)])
    await assert.rejects(run(sleep(1e6), { itemTimeout: 5, join: true }))
    const { tasks, perThread, utilization } = stats()
    assert.deepEqual(Object.keys(tasks).sort(), ['hash', 'sleep', 'thread'])
    const { sleep: times, thread: others } = tasks
    assert.deepEqual([times.completed, times.failed, times.cancelled, times.expired], [2, 0, 0, 1])
    assert.equal(times.run.count, 3)
    assert.equal(times.run.buckets.reduce((sum, { count }) => sum + count, 0), 3)
    assert.ok(times.run.max >= 20 && times.run.p50 >= 4)
    assert.ok(times.run.sum >= 25)
    assert.equal(tasks.hash.failed, 1)
    assert.equal(others.completed, 1)
    assert.ok(others.run.max >= 4)
    assert.ok(others.wait.count === 1)
    const js = perThread.filter(({ thread: name, busy }) => name.startsWith('javascript ') && busy > 0)
    assert.equal(js.length, 1)
    assert.ok(js[0].busy >= 4 && js[0].heapUsed > 1e5)
    assert.ok(perThread.every(({ utilization: part }) => part >= 0 && part <= 1))
    assert.ok(utilization > 0 && utilization <= 1)
  })

  it('begins at nothing each time, and has nothing when they are off', async () => {
    configure({ histograms: true })
    await parallel([sleep(1)])
    configure({ histograms: true })
    assert.equal(stats().tasks.sleep.completed, 1)
    configure({ histograms: false })
    assert.equal('tasks' in stats(), false)
    configure({ histograms: true })
    assert.deepEqual(Object.keys(stats().tasks), [])
  })

  it('counts what a task waits from when it was given, not from when its call began', async () => {
    configure({ histograms: true })
    const before = stats().waitTime
    // Members of one call that come later.
    await parallel([async () => {
      await new Promise((resolve) => setTimeout(resolve, 60))
      return hash('md5', '')
    }])
    assert.ok(stats().waitTime - before < 60)
    assert.ok(stats().tasks.hash.wait.max < 60)
  })

  it('takes names as they come', async () => {
    configure({ histograms: true })
    const odd = thread({ ['__proto__']() {} }['__proto__'])
    await odd()
    assert.equal(stats().tasks['__proto__'].completed, 1)
  })

  it('refuses what is no boolean', () => {
    assert.throws(() => configure({ histograms: 1 }), {
      code: 'ERR_HEDDLE_INVALID_ARG_TYPE',
      message: 'configure: option "histograms" must be a boolean, got number 1',
    })
  })
})
