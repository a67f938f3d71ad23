'use strict'

const assert = require('node:assert/strict')
const { configure, parallel, run, stats, thread } = require('heddle')
const { rejection, until, idle } = require('../support.js')
const { repetitions } = require('../helpers/child.js')
const { forSuite, gate, newCells, open } = require('./support.js')

const { threads } = configure()

describe('thread: cancelling', () => {
  const loop = forSuite(gate.loop, { killAfter: 1 })
  const wait = forSuite(gate.wait)
  const add = forSuite((a, b = 1) => a + b)

  it('a signal ends an infinite loop, with its thread', async () => {
    const cells = newCells()
    const controller = new AbortController()
    const task = loop(cells)
    const call = run(task, { signal: controller.signal, join: true })
    await until(() => cells[0] === 1)
    controller.abort()
    assert.equal(await rejection(call), controller.signal.reason)
    assert.equal(await rejection(task), controller.signal.reason)
    assert.equal(stats().running, 0)
    assert.equal(await add(1), 2)
  })

  it('itemTimeout does, and counts from the start', async () => {
    const cells = newCells()
    const list = [loop(cells), ...Array.from({ length: 20 }, (_, i) => add(i))]
    const error = await rejection(parallel(list, { itemTimeout: 30, stopOnError: false, join: true }))
    assert.deepEqual(error.errors.map(({ name, index }) => [name, index]), [['TimeoutError', 0]])
    assert.equal(await list[20], 20)
  })

  it('a promise that never settles is stopped likewise', async () => {
    const never = thread(() => new Promise(() => setInterval(() => {}, 1000)), { killAfter: 1 })
    assert.equal((await rejection(run(never(), { itemTimeout: 10, join: true }))).name, 'TimeoutError')
    await never.close()
  })

  it('a function that looks at its signal keeps its thread', async () => {
    const polite = thread(
      (cells, { signal }) => {
        Atomics.add(cells, 0, 1)
        while (!signal.aborted);
        Atomics.add(cells, 2, 1)
        signal.throwIfAborted()
      },
      { context: true, killAfter: Infinity, idleTimeout: 60_000 },
    )
    const cells = newCells()
    const controller = new AbortController()
    const call = run(polite(cells), { signal: controller.signal, join: true })
    await until(() => cells[0] === 1)
    controller.abort()
    assert.equal(await rejection(call), controller.signal.reason)
    assert.equal(cells[2], 1)
    await polite.close()
  })

  it('an asynchronous function hears the abort event', async () => {
    const listen = thread(
      (cells, { signal }) =>
        new Promise((resolve) => {
          const timer = setInterval(() => {}, 1000)
          signal.addEventListener('abort', () => {
            clearInterval(timer)
            Atomics.add(cells, 2, 1)
            resolve(signal.reason.name)
          })
          Atomics.add(cells, 0, 1)
        }),
      { context: true, killAfter: Infinity },
    )
    const cells = newCells()
    const controller = new AbortController()
    const call = run(listen(cells), { signal: controller.signal, join: true })
    await until(() => cells[0] === 1)
    controller.abort()
    assert.equal(await rejection(call), controller.signal.reason)
    assert.equal(cells[2], 1)
    await listen.close()
  })

  it('a signal of one Task says nothing to the next', async () => {
    const aborted = thread((_, { signal }) => signal.aborted, { context: true })
    const controller = new AbortController()
    const call = run(loop(newCells()), { signal: controller.signal })
    controller.abort()
    await rejection(call)
    assert.deepEqual(await parallel([1, 2, 3].map((n) => aborted(n))), [false, false, false])
  })

  it('without join the promise rejects while the thread is still busy', async () => {
    await idle()
    const stuck = thread(gate.wait, { killAfter: Infinity })
    const cells = newCells()
    const controller = new AbortController()
    const call = run(stuck(cells), { signal: controller.signal })
    await until(() => cells[0] === 1)
    controller.abort()
    assert.equal(await rejection(call), controller.signal.reason)
    assert.equal(stats().running, 1)
    open(cells)
    await idle()
    await stuck.close()
  })

  it('others on the ended thread: flushed results stand, unstarted ones move', async () => {
    const cells = newCells()
    const step = thread(
      (c, n) => {
        Atomics.add(c, 2, 1)
        if (n === 100) {
          Atomics.add(c, 0, 1)
          for (;;);
        }
        return n
      },
      { killAfter: 1 },
    )
    await parallel(Array.from({ length: 300 }, () => step(cells, 0))) // its time is known now
    Atomics.store(cells, 2, 0)
    const list = Array.from({ length: 400 }, (_, n) => step(cells, n))
    const all = Promise.allSettled(list)
    const controller = new AbortController()
    const call = run(list[100], { signal: controller.signal })
    const timed = parallel(list, { itemTimeout: 50, stopOnError: false })
    await until(() => cells[0] === 1)
    controller.abort()
    await rejection(call)
    timed.catch(() => {})
    // The claim of allSettled stays, so the loop has to be ended by the function's end.
    await step.terminate()
    const ends = await all
    for (const [n, { status, value, reason }] of ends.entries()) {
      if (status === 'fulfilled') assert.equal(value, n)
      else assert.equal(reason.code, 'ERR_HEDDLE_CLOSED')
    }
    assert.equal(ends[100].status, 'rejected')
  })

  it('the culprit rejects with the reason, a started one is lost or runs again', async () => {
    for (const idempotent of [false, true]) {
      const cells = newCells(600)
      const count = thread(
        (c, n) => {
          Atomics.add(c, n + 2, 1)
          if (n === 250 && Atomics.load(c, n + 2) === 1) for (;;);
          return n
        },
        { killAfter: 1, idempotent },
      )
      const list = Array.from({ length: 500 }, (_, n) => count(cells, n))
      const call = parallel(list, { itemTimeout: 40, stopOnError: false, join: true })
      const { errors } = await rejection(call)
      const culprit = errors.filter(({ name }) => name === 'TimeoutError')
      assert.deepEqual(culprit.map(({ index }) => index), [250])
      const lost = errors.filter(({ code }) => code === 'ERR_HEDDLE_THREAD_LOST')
      assert.equal(lost.length + 1, errors.length)
      if (idempotent) assert.equal(lost.length, 0)
      for (let n = 0; n < 500; n++) {
        const ran = cells[n + 2]
        if (idempotent) assert.ok(ran >= 1)
        else assert.equal(ran, 1)
      }
      await count.close()
    }
  })

  it('1,000 cancellations in a row leave no thread behind', async function () {
    const polite = thread(
      (cells, { signal }) => {
        Atomics.add(cells, 0, 1)
        while (!signal.aborted) Atomics.wait(cells, 3, 0, 1)
      },
      { context: true, killAfter: 60_000 },
    )
    this.timeout(120_000)
    for (let i = 0; i < repetitions(1000); i++) {
      const cells = newCells()
      const controller = new AbortController()
      const kill = i % 100 === 0 // with the thread
      const task = kill ? loop(cells) : polite(cells)
      const call = run(task, { signal: controller.signal, join: true })
      if (i % 3 !== 0) await until(() => cells[0] === 1) // else it has hardly begun
      controller.abort()
      assert.equal(await rejection(call), controller.signal.reason)
    }
    await until(() => stats().running === 0)
    assert.ok(stats().jsThreads <= threads, `${stats().jsThreads} threads`)
    assert.equal(stats().lentThreads, 0)
    await polite.close()
  })

  it('queued Tasks are dropped at once', async () => {
    const cells = newCells()
    const hold = parallel(Array.from({ length: threads }, () => wait(cells)))
    await until(() => cells[0] === threads)
    const late = newCells()
    const list = Array.from({ length: 2000 }, () => wait(late))
    const controller = new AbortController()
    const call = parallel(list, { signal: controller.signal })
    controller.abort()
    await rejection(call)
    open(cells)
    await hold
    await idle()
    assert.equal(late[0], 0)
  })
})
