'use strict'
// heddle/trace: every member that ran is there once, or counted as missing.

const assert = require('node:assert/strict')
const { PerformanceObserver } = require('node:perf_hooks')
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')
const fc = require('fast-check')
const heddle = require('heddle')
const { configure, chain, map, parallel, race, run, sequential, stats, stream, thread } = heddle
const { crc32, hash } = require('heddle/tasks')
const { sleep } = require('heddle/testing')
const { trace } = require('heddle/trace')
const { idle } = require('../support.js')

const spin = thread((ms) => {
  const end = performance.now() + ms
  while (performance.now() < end);
  return ms
})
const fails = thread(() => {
  throw new Error('as told')
})
const later = thread((ms) => new Promise((resolve) => setTimeout(resolve, ms)))
const bytes = Buffer.alloc(20_000, 'x')

/** Collects garbage, and waits until observers have been told. */
async function collected() {
  setFlagsFromString('--expose-gc')
  const told = new Promise((resolve) => {
    const observer = new PerformanceObserver(() => resolve(observer.disconnect()))
    observer.observe({ entryTypes: ['gc'] })
  })
  runInNewContext('gc')()
  await told
}

/** What is true of any Trace. */
function check(given) {
  const ids = new Set(given.threads.map(({ id }) => id))
  const calls = new Set(given.calls.map(({ id }) => id))
  const ends = new Map()
  for (const { thread: id, call, queued, started, ended } of given.members) {
    assert.ok(ids.has(id))
    assert.ok(call === null || calls.has(call))
    assert.ok(queued >= 0 && queued <= started && started <= ended, `${queued} ${started} ${ended}`)
    assert.ok(ended <= given.duration + 1)
    assert.ok(started >= (ends.get(id) ?? 0) - 0.005, `overlap on thread ${id}`) // clocks agree to some µs
    ends.set(id, ended)
  }
}

const count = (members, state) => members.filter((member) => member.state === state).length

describe('a recording', () => {
  const { threads } = configure()
  before(idle)
  afterEach(async () => {
    await idle()
    configure({ threads, histograms: false })
  })

  it('has members with their call, key, task and thread, and calls with their place', async () => {
    const recording = trace()
    await parallel({ a: hash('sha256', bytes), b: spin(1), c: async () => 1 })
    await hash('md5', bytes)
    const { members, calls, missing, version } = recording.stop()
    assert.equal(version, 1)
    assert.equal(missing, 0)
    assert.equal(calls.length, 1)
    const [call] = calls
    assert.equal(call.name, 'parallel')
    assert.match(call.place, /recording\.test\.js:\d+:\d+$/)
    assert.equal(call.state, 'fulfilled')
    assert.equal(call.total, 3)
    assert.ok(call.began <= call.ended)
    const found = members.map(({ call: id, key, task, state }) => [id, key, task, state])
    found.sort(([, a], [, b]) => String(a).localeCompare(String(b)))
    assert.deepEqual(found, [
      [call.id, 'a', 'hash', 'fulfilled'],
      [call.id, 'b', 'thread', 'fulfilled'],
      [null, null, 'hash', 'fulfilled'],
    ])
  })

  it('stops once, and gives the same each time', () => {
    const recording = trace()
    assert.equal(recording.stop(), recording.stop())
  })

  it('knows items by their index, wherever they wait', async () => {
    const recording = trace()
    await map([5, 6, 7, 8, 9], (n) => (n % 2 ? crc32(bytes) : spin(n / 10)), { concurrency: 2 })
    const { members, calls } = recording.stop()
    assert.equal(calls[0].name, 'map')
    assert.deepEqual(members.map(({ key }) => key).sort(), [0, 1, 2, 3, 4])
  })

  it('tells failures, what nobody wanted any more, and what took too long', async () => {
    const recording = trace()
    await assert.rejects(parallel([fails()]))
    await assert.rejects(parallel([hash('no-such-digest', '')]))
    await race([sleep(1e6), hash('md5', '')], { join: true })
    await assert.rejects(parallel([later(1e6)], { timeout: 50, join: true }))
    await assert.rejects(parallel([sleep(1e6)], { itemTimeout: 10, join: true }))
    await assert.rejects(parallel([later(40)], { itemTimeout: 10, join: true }))
    await idle()
    const { members, calls } = recording.stop()
    assert.equal(count(members, 'rejected'), 2)
    assert.equal(count(members, 'cancelled'), 2)
    assert.equal(count(members, 'expired'), 2)
    assert.equal(count(members, 'fulfilled'), 1)
    assert.equal(calls[0].error, 'Error: as told')
    assert.equal(calls.filter(({ state }) => state === 'rejected').length, 5)
  }).timeout(10_000)

  it('counts what it has no room for', async () => {
    const recording = trace({ members: 10 })
    await parallel(Array.from({ length: 25 }, () => crc32(bytes)))
    const { members, missing } = recording.stop()
    assert.equal(members.length, 10)
    assert.equal(missing, 15)
  })

  it('goes on beside another, which has its own', async () => {
    const outer = trace()
    await crc32(bytes)
    const inner = trace({ members: 500_000 })
    await crc32(bytes)
    assert.equal(inner.stop().members.length, 1)
    await crc32(bytes)
    const { members, missing } = outer.stop()
    assert.equal(members.length, 3)
    assert.equal(missing, 0)
    check({ ...outer.stop(), calls: [] })
  })

  it('has calls that go on, and not those that had begun', async () => {
    const before = run(later(60))
    const recording = trace()
    const after = run(later(60))
    const { calls } = recording.stop()
    assert.deepEqual(calls.map(({ name, state, ended }) => [name, state, ended]), [['run', 'running', null]])
    await Promise.all([before, after])
  })

  it('shows a loop that was held for 150 ms as one stall', async () => {
    const recording = trace()
    await new Promise((resolve) => setTimeout(resolve, 40))
    const end = process.hrtime.bigint() + 150_000_000n
    while (process.hrtime.bigint() < end);
    const held = recording.stop().stalls.filter(({ duration }) => duration > 120)
    assert.equal(held.length, 1)
  })

  it('has garbage collections, the start of threads, and threads that were lent', async () => {
    const own = thread((n) => n, { workerData: 'of its own' })
    const recording = trace()
    await parallel([own(1), own(2)])
    await collected()
    const given = recording.stop()
    assert.ok(given.threads.some(({ kind, started }) => kind === 'javascript' && started !== null))
    assert.ok(given.lent.some(({ count: lent }) => lent > 0))
    assert.ok(given.collections.length > 0)
    await own.terminate()
  })

  it('refuses what it cannot do', () => {
    assert.throws(() => trace(null), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE', message: /trace: options must be an object, got null/ })
    assert.throws(() => trace({ members: '1' }), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE', message: /"members" must be a number, got string '1'/ })
    assert.throws(() => trace({ members: 0 }), { code: 'ERR_HEDDLE_OUT_OF_RANGE', message: /an integer from 1 to 16777216, got number 0/ })
    assert.throws(() => trace({ size: 1 }), { code: 'ERR_HEDDLE_MISUSE', message: /no option 'size'/ })
  })

  it('has each member once that ran, in any program', async () => {
    const work = fc.oneof(
      fc.record({ is: fc.constant('crc32') }),
      fc.record({ is: fc.constant('sleep'), ms: fc.nat(3) }),
      fc.record({ is: fc.constant('spin'), ms: fc.nat(2) }),
      fc.record({ is: fc.constant('later'), ms: fc.nat(2) }),
      fc.record({ is: fc.constant('fails') }),
      fc.record({ is: fc.constant('chain') }),
    )
    const make = {
      crc32: () => crc32(bytes),
      sleep: ({ ms }) => sleep(ms),
      spin: ({ ms }) => spin(ms),
      later: ({ ms }) => later(ms),
      fails: () => fails(),
      chain: () => chain(hash('md5', bytes), crc32('x')),
    }
    const call = fc.record({
      name: fc.constantFrom('allSettled', 'sequential', 'race', 'map', 'stream', 'then'),
      list: fc.array(work, { maxLength: 20 }),
      concurrency: fc.integer({ min: 1, max: 4 }),
    })
    const perform = async ({ name, list, concurrency }) => {
      const tasks = list.map((one) => make[one.is](one))
      if (name === 'then') return Promise.allSettled(tasks)
      if (name === 'map') return map(tasks.keys(), (i) => tasks[i], { concurrency, stopOnError: false })
      if (name === 'sequential') return sequential(tasks)
      if (name === 'allSettled') return heddle.allSettled(tasks, { concurrency })
      if (name === 'race') return race(tasks, { concurrency, join: true })
      for await (const result of stream(tasks.keys(), (i) => tasks[i], { concurrency })) void result
      return undefined
    }
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 4 }), fc.boolean(), async (program, small) => {
        await idle()
        const figures = stats()
        const recording = trace({ members: small ? 8 : 10_000 })
        await Promise.allSettled(program.map(perform))
        await idle()
        const measured = stats()
        const given = recording.stop()
        check(given)
        const ended = (name) => measured[name] - figures[name]
        const ran = given.members.length + given.missing
        // What was cancelled before it started is counted, and has not run.
        const least = ended('completed') + ended('failed')
        assert.ok(ran >= least && ran <= least + ended('cancelled'), `${ran} of ${least}`)
        const named = given.members.filter(({ call: id, key }) => id !== null && key !== null)
        const one = new Set(named.map(({ call: id, key }) => `${id} ${key}`))
        assert.equal(one.size, named.length)
        const times = Object.values(measured.tasks)
        assert.equal(times.reduce((sum, { run: { count: n } }) => sum + n, 0), ran)
        if (given.missing > 0) return
        const busy = given.members.reduce((sum, member) => sum + member.ended - member.started, 0)
        const byThread = measured.perThread.reduce((sum, one) => sum + one.busy, 0)
        const byTask = times.reduce((sum, { run: { sum: ms } }) => sum + ms, 0)
        for (const other of [byTask, byThread, ended('runTime')]) {
          assert.ok(Math.abs(busy - other) <= 0.05 * busy + 0.1, `${busy} ms, and ${other}`)
        }
      }),
      { numRuns: 150 },
    )
  }).timeout(60_000)
})
