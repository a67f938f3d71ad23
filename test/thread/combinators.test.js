'use strict'

const assert = require('node:assert/strict')
const { AsyncLocalStorage } = require('node:async_hooks')
const { chain, configure, parallel, previous, race, run, sequential, stats, stream, thread } = require('heddle')
const { hash } = require('heddle/tasks')
const { noop, sleep } = require('heddle/testing')
const { FOREVER, rejection, until, idle } = require('../support.js')
const { forSuite, gate, newCells, open } = require('./support.js')

const threads = configure().threads

describe('thread Tasks in combinators', () => {
  const add = forSuite((a, b = 1) => a + b, { name: 'add' })
  const fail = forSuite((text) => { throw new RangeError(text) }, { name: 'fail' })
  const wait = forSuite(gate.wait)
  const loop = forSuite(gate.loop, { killAfter: 5 })

  it('is lazy, runs once and is shared', async () => {
    const count = thread((cells) => Atomics.add(cells, 0, 1))
    const cells = newCells()
    const task = count(cells)
    const { length } = await parallel([task, task, run(task)].slice(0, 2))
    assert.equal(length, 2)
    assert.equal(await task, 0)
    count(cells) // nobody asks for this one
    await idle()
    assert.equal(cells[0], 1)
  })

  it('shows what it is', async () => {
    const task = add(1, 2)
    assert.equal(require('node:util').inspect(task), 'Task add { <not started> }')
    assert.equal(task.name, 'add')
    await task
    assert.equal(require('node:util').inspect(task), 'Task add { 3 }')
  })

  it('stream: one that takes longer than itemTimeout fails, once', async () => {
    const results = stream([0, 1, 2], (n) => (n === 1 ? wait(newCells()) : add(n)), {
      itemTimeout: 300,
      concurrency: 1,
    })
    assert.deepEqual(await results.next(), { done: false, value: { index: 0, value: 1 } })
    const error = await rejection(results.next())
    assert.equal(error.code, 'ERR_HEDDLE_TIMEOUT')
    assert.equal(error.index, 1)
    await idle()
  })

  it('parallel: lists, objects, thousands', async () => {
    assert.deepEqual(await parallel({ a: add(1), b: add(2) }), { a: 2, b: 3 })
    const list = Array.from({ length: 10_000 }, (_, i) => add(i))
    assert.deepEqual(await parallel(list), list.map((_, i) => i + 1))
  })

  it('mixes with native Tasks', async () => {
    const list = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? hash('md5', `${i}`) : add(i)))
    const got = await parallel(list)
    assert.equal(got[3], await hash('md5', '3'))
    assert.equal(got[299], 300)
  })

  it('Promise.all and await', async () => {
    const list = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? add(i) : noop()))
    const got = await Promise.all(list)
    assert.equal(got[998], 999)
    assert.equal(got[999], undefined)
  })

  it('the first failure rejects and stops the rest', async () => {
    const cells = newCells()
    const list = [loop(cells), fail('stop'), ...Array.from({ length: 50 }, () => loop(cells))]
    const error = await rejection(parallel(list.slice(0, threads > 1 ? 52 : 0).concat(threads > 1 ? [] : [fail('stop')])))
    assert.equal(error.message, 'stop')
    await idle()
    assert.ok(cells[0] <= threads)
  })

  it('stopOnError: false runs everything', async () => {
    const error = await rejection(parallel([fail('a'), add(1), fail('b')], { stopOnError: false }))
    assert.deepEqual(error.errors.map(({ message }) => message), ['a', 'b'])
  })

  it('concurrency is the most at once', async () => {
    const peak = thread((cells) => {
      const now = Atomics.add(cells, 0, 1) + 1
      for (let most = Atomics.load(cells, 1); now > most; most = Atomics.load(cells, 1)) {
        Atomics.compareExchange(cells, 1, most, now)
      }
      for (let i = 0; i < 1e5; i++) Math.sqrt(i)
      Atomics.sub(cells, 0, 1)
    })
    const cells = newCells()
    await parallel(Array.from({ length: 100 }, () => peak(cells)), { concurrency: 1 })
    assert.equal(cells[1], 1)
  })

  it('no more at once than there are threads', async () => {
    const cells = newCells()
    const all = parallel(Array.from({ length: 3 * threads }, (_, i) => wait(cells, i)))
    await until(() => cells[0] === threads)
    assert.equal(stats().running, threads)
    assert.equal(stats().lentThreads, threads)
    open(cells)
    assert.equal((await all).length, 3 * threads)
    await until(() => stats().lentThreads === 0)
  })

  it('a higher priority goes first', async () => {
    const cells = newCells()
    const order = []
    const hold = parallel(Array.from({ length: threads }, () => wait(cells)))
    await until(() => cells[0] === threads)
    const low = run(add(1), { priority: -1 }).then(() => order.push('low'))
    const high = run(thread((a) => a)(1), { priority: 1 }).then(() => order.push('high'))
    const one = thread((list, cell, n) => { list[Atomics.add(list, cell, 1) + 3] = n })
    const seen = newCells(8)
    const late = run(one(seen, 0, 1), { priority: 0 })
    const early = run(one(seen, 0, 2), { priority: 5 })
    open(cells)
    await Promise.all([hold, low, high, late, early])
    if (threads === 1) assert.deepEqual([...seen.slice(3, 5)], [2, 1])
    assert.deepEqual(order.sort(), ['high', 'low'])
  })

  it('sequential: steps in order, with previous', async () => {
    assert.deepEqual(await sequential([add(1), add(previous), add(previous, 10)]), [2, 3, 13])
    const many = [add(0), ...Array.from({ length: 600 }, () => add(previous))]
    assert.equal((await sequential(many)).at(-1), 601)
  })

  it('sequential: steps on one thread, each with its own copy of the result', async () => {
    const grow = thread((list, n) => [...(list.push(n), list), require('node:worker_threads').threadId])
    const [first, second] = await sequential([grow([], 1), grow(previous, 2)])
    assert.equal(first.length, 2)
    assert.equal(second.length, 4)
    assert.equal(second.at(-1), first.at(-1))
  })

  it('sequential: native and thread steps', async () => {
    const upper = thread((text) => text.toUpperCase())
    const steps = [hash('md5', 'abc'), upper(previous), hash('md5', previous), noop(), upper('x'), upper(previous)]
    const got = await sequential(steps)
    assert.equal(got[1], got[0].toUpperCase())
    assert.equal(got[2], await hash('md5', got[1]))
    assert.equal(got[5], 'X')
  })

  it('sequential: a failure stops what comes after', async () => {
    const cells = newCells()
    const later = wait(cells)
    const error = await rejection(sequential([add(1), fail('here'), later]))
    assert.equal(error.message, 'here')
    await idle()
    assert.equal(cells[0], 0)
    open(cells)
    await later // it can still be asked for
  })

  it('sequential: steps that cannot be sent fail in their turn', async () => {
    const cells = newCells()
    open(cells)
    const error = await rejection(sequential([wait(cells), add(1), add(() => {}), wait(cells)]))
    assert.deepEqual([error.name, error.index], ['DataCloneError', 2])
    await idle()
    assert.equal(cells[0], 1)
  })

  it('race: the first to settle, losers are stopped', async () => {
    const cells = newCells()
    assert.equal(await race(threads > 1 ? [loop(cells), add(1)] : [add(1), loop(cells)], { join: true }), 2)
    assert.equal((await rejection(race([fail('lost'), sleep(FOREVER)]))).message, 'lost')
  })

  it('a claim of another call keeps a Task alive', async () => {
    const cells = newCells()
    const shared = wait(cells, 'kept')
    const mine = run(shared, { timeout: 1 })
    const yours = run(shared)
    assert.equal((await rejection(mine)).name, 'TimeoutError')
    open(cells)
    assert.equal(await yours, 'kept')
  })

  it('a Task that was queued when its call ended may be asked for again', async () => {
    const cells = newCells()
    const hold = parallel(Array.from({ length: threads }, () => wait(cells)))
    await until(() => cells[0] === threads)
    const queued = add(5)
    assert.equal((await rejection(run(queued, { timeout: 1 }))).name, 'TimeoutError')
    open(cells)
    assert.equal(await queued, 6)
    await hold
  })

  it('onProgress says how far it is, with what functions report', async () => {
    const cells = newCells()
    const report = thread(
      (c, { progress }) => {
        progress(0.5)
        Atomics.add(c, 0, 1)
        Atomics.wait(c, 1, 0)
      },
      { context: true },
    )
    const seen = []
    const all = parallel([report(cells)], { onProgress: (progress) => seen.push(progress) })
    await until(() => seen.some(({ fraction }) => fraction === 0.5))
    open(cells)
    await all
    assert.deepEqual(seen.at(-1), { done: 1, total: 1, failed: 0, fraction: 1 })
  })

  it('chain: thread steps, mixed steps, chains in chains', async () => {
    const upper = thread((text) => text.toUpperCase(), { name: 'upper' })
    const chains = ['a', 'b', 'c'].map((text) => chain(upper(text), hash('md5', previous), upper(previous)))
    assert.equal(require('node:util').inspect(chains[0]), 'Task chain(upper, hash, upper) { <not started> }')
    const got = await parallel(chains, { concurrency: 2 })
    assert.equal(got[2], (await hash('md5', 'C')).toUpperCase())
    const inner = chain(add(1), add(previous))
    assert.equal(await chain(inner, add(previous)), 4)
    assert.deepEqual(await sequential([add(1), chain(add(5), add(previous))]), [2, 7])
  })

  it('chain: a failing step fails it, and names its place in the call', async () => {
    const error = await rejection(parallel([noop(), chain(add(1), hash('md6', previous))]))
    assert.equal(error.code, 'ERR_HEDDLE_INVALID_ARG_TYPE')
    const other = await rejection(parallel([noop(), chain(add('a'), hash('md6', previous))]))
    assert.deepEqual([other.code, other.index], ['ERR_CRYPTO_INVALID_DIGEST', 1])
  })

  it('chain: is stopped', async () => {
    const cells = newCells()
    const stopped = chain(add(1), loop(cells))
    const error = await rejection(run(stopped, { itemTimeout: 50, join: true }))
    assert.deepEqual([error.name, error.message], ['TimeoutError', 'chain: timed out after 50 ms'])
    const controller = new AbortController()
    const more = Array.from({ length: 5 }, () => chain(add(1), loop(cells)))
    const before = cells[0]
    const call = parallel(more, { signal: controller.signal, join: true })
    await until(() => cells[0] > before)
    controller.abort()
    assert.equal(await rejection(call), controller.signal.reason)
    assert.equal((await rejection(more[0])), controller.signal.reason)
  })

  it('previous has its place in a sequence only', async () => {
    for (const use of [() => run(add(previous)), () => parallel([add(previous)]), () => add(previous).then()]) {
      assert.equal((await rejection(use())).code, 'ERR_HEDDLE_MISUSE')
    }
  })

  it('keeps the asynchronous context of those who wait', async () => {
    const storage = new AsyncLocalStorage()
    const seen = new Set()
    const onProgress = () => seen.add(storage.getStore())
    await Promise.all(
      [1, 2, 3].map((n) =>
        storage.run(n, async () => {
          await add(n)
          assert.equal(storage.getStore(), n)
          await parallel([add(n), add(n)], { onProgress })
          assert.equal(storage.getStore(), n)
        }),
      ),
    )
    assert.deepEqual([...seen].sort(), [1, 2, 3])
  })
})
