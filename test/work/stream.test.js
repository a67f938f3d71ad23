'use strict'

const assert = require('node:assert/strict')
const { mapSkip, stream } = require('../../lib/index.js')
const { crc32, hash } = require('../../lib/tasks.js')
const { sleep } = require('../../lib/testing.js')
const { FOREVER, child, idle, range, rejection } = require('../support.js')

/** Numbers without end; `log` says how many were pulled, and whether it was closed. */
function endless(isAsync) {
  const log = { pulled: 0, closed: false }
  function* numbers() {
    try {
      for (;;) yield log.pulled++
    } finally {
      log.closed = true
    }
  }
  async function* later() {
    yield* numbers()
  }
  return { log, items: isAsync ? later() : numbers() }
}

async function collect(iterator) {
  const results = []
  for await (const result of iterator) results.push(result)
  return results
}

/** Gates that tests open one by one. */
function gates(count) {
  const open = []
  const promises = range(count).map((i) => new Promise((resolve) => (open[i] = () => resolve(i))))
  return { open, promises }
}

describe('stream', () => {
  it('gives results as they come, with the index of the item', async () => {
    const { open, promises } = gates(3)
    const results = stream(promises, (value) => value * 10, { concurrency: 3 })
    const first = results.next()
    open[2]()
    assert.deepEqual(await first, { done: false, value: { index: 2, value: 20 } })
    open[0]()
    assert.deepEqual((await results.next()).value, { index: 0, value: 0 })
    open[1]()
    assert.deepEqual((await results.next()).value, { index: 1, value: 10 })
    assert.deepEqual(await results.next(), { done: true, value: undefined })
    assert.deepEqual(await results.next(), { done: true, value: undefined })
  })

  it('gives them in the order of the items with ordered: true', async () => {
    const { open, promises } = gates(3)
    const results = collect(stream(promises, (value) => value, { concurrency: 3, ordered: true }))
    for (const i of [2, 1, 0]) open[i]()
    assert.deepEqual(await results, range(3).map((i) => ({ index: i, value: i })))
  })

  it('takes any work from the mapper, and leaves out what is skipped', async () => {
    const work = [crc32('a'), () => 1, async () => 2, mapSkip, Promise.resolve(mapSkip), 5]
    for (const ordered of [true, false]) {
      const results = await collect(stream(range(6), (i) => work[i], { ordered }))
      const values = results.sort((a, b) => a.index - b.index).map(({ value }) => value)
      assert.deepEqual(values, [3904355907, 1, 2, 5])
    }
  })

  it('of nothing is over at once', async () => {
    assert.deepEqual(await collect(stream([], () => 1)), [])
    assert.deepEqual(await collect(stream(new Set(), () => 1, { ordered: true })), [])
    assert.deepEqual(await collect(stream([1, 2], () => mapSkip)), [])
  })

  it('starts when it is first read', async () => {
    const { items, log } = endless()
    const results = stream(items, (n) => n, { concurrency: 2 })
    await new Promise(setImmediate)
    assert.equal(log.pulled, 0)
    await results.next()
    assert.ok(log.pulled > 0)
    await results.return()
  })

  for (const isAsync of [false, true]) {
    for (const ordered of [false, true]) {
      it(`pulls as results are taken (async: ${isAsync}, ordered: ${ordered})`, async () => {
        const { items, log } = endless(isAsync)
        const results = stream(items, async (n) => n, { concurrency: 2, backpressure: 5, ordered })
        for (let taken = 1; taken <= 20; taken++) {
          await results.next()
          for (let i = 0; i < 5; i++) await new Promise(setImmediate)
          assert.equal(log.pulled, taken + 5)
        }
        assert.deepEqual(await results.return('value'), { done: true, value: 'value' })
        assert.equal(log.closed, true)
      })
    }
  }

  it('has at most so many under way', async () => {
    let now = 0
    let most = 0
    const mapper = async () => {
      most = Math.max(most, ++now)
      await new Promise(setImmediate)
      now--
    }
    await collect(stream(range(20), mapper, { concurrency: 3, backpressure: 10 }))
    assert.equal(most, 3)
    most = 0
    await collect(stream(range(20), mapper, { concurrency: 10, backpressure: 2 }))
    assert.equal(most, 2)
  })

  it('answers several reads at once, in order', async () => {
    const results = stream(range(3), (n) => n, { ordered: true })
    const reads = await Promise.all(range(5).map(() => results.next()))
    assert.deepEqual(reads.map(({ value }) => value?.index), [0, 1, 2, undefined, undefined])
    assert.deepEqual(reads.map(({ done }) => done), [false, false, false, true, true])
  })

  it('throws at the one that fails, after what came before', async () => {
    const error = new Error('mine')
    for (const ordered of [true, false]) {
      const { items, log } = endless()
      const seen = []
      const mapper = async (n) => {
        if (n === 3) throw error
        return n
      }
      const read = async () => {
        for await (const { index } of stream(items, mapper, { concurrency: 1, ordered })) seen.push(index)
      }
      assert.equal(await rejection(read()), error)
      assert.deepEqual(seen, [0, 1, 2])
      assert.equal(log.closed, true)
    }
  })

  it('with ordered: a later failure waits for the results before it', async () => {
    const results = stream([30, 0], (ms, i) => (i === 0 ? sleep(ms) : hash('md6', '')), {
      ordered: true,
      concurrency: 2,
    })
    assert.deepEqual(await results.next(), { done: false, value: { index: 0, value: undefined } })
    const error = await rejection(results.next())
    assert.equal(error.code, 'ERR_CRYPTO_INVALID_DIGEST')
    assert.equal(error.index, 1)
    assert.equal((await results.next()).done, true)
  })

  it('stops what runs when it is left', async () => {
    const signals = []
    const mapper = (n, _index, { signal }) => {
      signals.push(signal)
      return n === 0 ? n : n === 1 ? sleep(FOREVER) : new Promise(() => {})
    }
    for await (const { index } of stream(range(3), mapper, { concurrency: 3 })) {
      assert.equal(index, 0)
      break
    }
    assert.deepEqual(signals.map((signal) => signal.aborted), [false, true, true])
    await idle()
  })

  it('does not keep the process alive once it is left', () => {
    const script = `
      const { stream } = require('./lib/index.js')
      const { noop, sleep } = require('./lib/testing.js')
      function* numbers() {
        for (let n = 0; ; n++) yield n
      }
      async function main() {
        for await (const { index } of stream(numbers(), (n) => (n > 2 ? sleep(60_000) : noop()))) {
          if (index === 2) break
        }
        await noop()
        console.log('over')
      }
      main()`
    assert.deepEqual(child(script), { status: 0, signal: null, stdout: 'over\n', stderr: '' })
  })

  it('is stopped by throw(), and by its asyncDispose', async () => {
    const { items, log } = endless()
    const results = stream(items, (n) => n)
    await results.next()
    assert.equal(await rejection(results.throw('mine')).catch((e) => e), 'mine')
    assert.equal(log.closed, true)
    assert.equal((await results.next()).done, true)
    assert.equal(results[Symbol.asyncIterator](), results)
  })

  it('left before it is read never starts', async () => {
    const { items, log } = endless()
    const results = stream(items, (n) => n)
    await results.return()
    assert.equal((await results.next()).done, true)
    assert.equal(log.pulled, 0)
  })

  it('rejects with the reason of its signal, and drops what was not taken', async () => {
    const controller = new AbortController()
    const results = stream(range(10), (n) => n, { concurrency: 5, signal: controller.signal })
    await results.next()
    controller.abort('why')
    assert.equal(await results.next().catch((reason) => reason), 'why')
    assert.equal((await results.next()).done, true)
  })

  it('rejects when its time is up, whoever waits', async () => {
    const results = stream([1], () => new Promise(() => {}), { timeout: 5 })
    const [first, second] = await Promise.allSettled([results.next(), results.next()])
    assert.equal(first.reason.code, 'ERR_HEDDLE_TIMEOUT')
    assert.deepEqual(second.value, { done: true, value: undefined })
  })

  it('fails with a Task that takes longer than itemTimeout', async () => {
    const mapper = (n) => (n === 1 ? sleep(50) : sleep(0))
    const options = { itemTimeout: 5, concurrency: 1 }
    const error = await rejection(collect(stream([0, 1, 2], mapper, options)))
    assert.equal(error.code, 'ERR_HEDDLE_TIMEOUT')
    assert.equal(error.index, 1)
    await idle()
  })

  it('waits with join until what it started has stopped', async () => {
    let over = false
    const mapper = async (n, _index, { signal }) => {
      if (n === 0) return n
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      await new Promise(setImmediate)
      over = true
    }
    const results = stream([0, 1], mapper, { concurrency: 2, join: true })
    await results.next()
    await results.return()
    assert.equal(over, true)
  })

  it('rejects bad arguments when it is read', async () => {
    const bad = [
      [stream('text', () => 1), /^stream: the items must be an iterable/],
      [stream([1], 5), /^stream: argument "mapper" must be a function/],
      [stream([1], () => 1, { concurrency: 0 }), /^stream: option "concurrency" must be/],
      [stream([1], () => 1, { backpressure: 1.5 }), /^stream: option "backpressure" must be/],
      [stream([1], () => 1, { ordered: 1 }), /^stream: option "ordered" must be a boolean/],
      [stream([1], () => 1, { stopOnError: 0 }), /^stream: option "stopOnError" must be a boolean/],
    ]
    for (const [results, message] of bad) {
      const error = await rejection(results.next())
      assert.match(error.message, message)
      assert.equal((await results.next()).done, true)
    }
  })

  it('of a long list in one go', async () => {
    const options = { concurrency: Infinity, backpressure: Infinity }
    const results = await collect(stream(range(50000), (n) => n, options))
    assert.equal(results.length, 50000)
  })
})
