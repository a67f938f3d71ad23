'use strict'
// What becomes of a Task that nobody wants any more, and of one that somebody does.

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const { configure, parallel, race, run, stats } = require('../lib/index.js')
const { gunzip, hash } = require('../lib/tasks.js')
const { noop, sleep } = require('../lib/testing.js')
const { FOREVER, abortable, hold, idle, ran, rejection, turns, until } = require('./support.js')

const digest = () => hash('sha256', 'a', { outputEncoding: 'buffer' })

describe('a claim withdrawn while the Task is queued', () => {
  let release
  beforeEach(async () => {
    release = await hold()
  })
  afterEach(() => release())

  it('by the one that asked: it has not started, and can be run', async () => {
    const before = ran()
    const task = digest()
    const { promise, abort } = abortable(parallel, [task])
    const reason = new Error('not now')
    abort(reason)
    assert.equal(await rejection(promise), reason)
    await release()
    await until(() => inspect(task).includes('not started'))
    assert.equal(ran(), before)
    assert.equal((await task).length, 32)
    assert.equal(ran(), before + 1)
  })

  it('and asked for in the same turn', async () => {
    const before = ran()
    const task = digest()
    const { promise, abort } = abortable(parallel, [task])
    abort()
    const again = parallel([task, task])
    await rejection(promise)
    await release()
    assert.equal((await again)[0].length, 32)
    assert.equal(ran(), before + 1)
  })

  it('by the first of two: it runs for the other', async () => {
    const before = ran()
    const task = digest()
    const first = abortable(parallel, [noop(), task])
    const second = abortable(parallel, [task, noop()])
    first.abort()
    await release()
    assert.equal((await second.promise)[0].length, 32)
    await rejection(first.promise)
    assert.equal(ran(), before + 2)
  })

  it('by the second of two: it runs for the first', async () => {
    const before = ran()
    const task = digest()
    const first = abortable(parallel, [noop(), task])
    const second = abortable(parallel, [task, noop()])
    second.abort()
    await release()
    assert.equal((await first.promise)[1].length, 32)
    await rejection(second.promise)
    assert.equal(ran(), before + 2)
  })

  it('by both, in either order: it has not started', async () => {
    for (const order of [[0, 1], [1, 0]]) {
      const before = ran()
      const task = digest()
      const calls = [abortable(parallel, [task]), abortable(parallel, [task])]
      for (const i of order) calls[i].abort()
      for (const { promise } of calls) await rejection(promise)
      await release()
      await until(() => inspect(task).includes('not started'))
      assert.equal(ran(), before)
      assert.equal((await run(task)).length, 32)
      release = await hold()
    }
  })

  it('by a failure elsewhere: it runs for the other', async () => {
    const before = ran()
    const task = digest()
    const bad = gunzip('x')
    const failing = parallel([bad, task, noop()], { concurrency: 1 })
    failing.catch(() => {})
    const other = parallel([task])
    await release()
    assert.equal((await rejection(failing)).code, 'Z_BUF_ERROR')
    assert.equal((await other)[0].length, 32)
    await turns()
    assert.equal(ran(), before + 2) // not the noop
  })

  it('by a race that was won: it runs for the other', async () => {
    const task = digest()
    const won = race([noop(), task], { concurrency: 1 })
    const other = parallel([task])
    await release()
    assert.equal(await won, undefined)
    assert.equal((await other)[0].length, 32)
  })

  it('by a race that was won: losers have not started', async () => {
    const before = ran()
    const losers = [digest(), digest()]
    const won = race([noop(), ...losers], { concurrency: 1 })
    await release()
    await won
    await until(() => losers.every((task) => inspect(task).includes('not started')))
    assert.equal(ran(), before + 1)
    assert.equal((await parallel(losers)).length, 2)
  })

  it('but not by those that wait with .then', async () => {
    const task = digest()
    const { promise, abort } = abortable(parallel, [task])
    const waiting = task.then((bytes) => bytes.length)
    abort()
    await rejection(promise)
    await release()
    assert.equal(await waiting, 32)
  })

  it('nor when .then was first', async () => {
    const task = digest()
    const waiting = task.then((bytes) => bytes.length)
    const { promise, abort } = abortable(parallel, [task])
    abort()
    const late = abortable(parallel, [task])
    await turns()
    late.abort()
    await rejection(promise)
    await rejection(late.promise)
    await release()
    assert.equal(await waiting, 32)
  })
})

describe('a claim withdrawn while the Task runs', () => {
  const running = async (task, ...more) => {
    await idle()
    const calls = [abortable(parallel, [task]), ...more.map((call) => abortable(call, [task]))]
    await until(() => stats().running === 1)
    return calls
  }

  it('by the one that asked: it settles for good, with the reason', async () => {
    const before = stats().cancelled
    const task = sleep(FOREVER)
    const [{ promise, abort }] = await running(task)
    const reason = new Error('enough')
    abort(reason)
    assert.equal(await rejection(promise), reason)
    assert.equal(await rejection(task), reason)
    assert.equal(await rejection(parallel([noop(), task])), reason)
    await until(() => stats().running === 0)
    assert.equal(stats().cancelled, before + 1)
  })

  it('and asked for in the same turn: it is too late', async () => {
    const task = sleep(FOREVER)
    const [{ promise, abort }] = await running(task)
    const reason = new Error('enough')
    abort(reason)
    const late = parallel([task])
    assert.equal(await rejection(late), reason)
    assert.equal(await rejection(promise), reason)
  })

  it('by one of two, whichever: it runs on for the other', async () => {
    for (const [gone, left] of [[0, 1], [1, 0]]) {
      const task = sleep(300)
      const calls = await running(task, parallel)
      calls[gone].abort()
      assert.equal((await rejection(calls[gone].promise)).name, 'AbortError')
      assert.equal(stats().running, 1)
      assert.deepEqual(await calls[left].promise, [undefined])
    }
  })

  it('by all: it settles with the reason of the last', async () => {
    for (const order of [[0, 1, 2], [2, 1, 0], [1, 0, 2]]) {
      const task = sleep(FOREVER)
      const calls = await running(task, parallel, race)
      for (const i of order) calls[i].abort(`reason ${i}`)
      for (const [i, { promise }] of calls.entries()) {
        assert.equal(await task.catch(() => promise).catch((reason) => reason), `reason ${i}`)
      }
      assert.equal(await task.catch((reason) => reason), `reason ${order[2]}`)
    }
  })

  it('by a timeout: it runs on for the other', async () => {
    const task = sleep(300)
    const impatient = parallel([task], { timeout: 20 })
    const patient = parallel([task])
    assert.equal((await rejection(impatient)).name, 'TimeoutError')
    assert.equal(stats().running, 1)
    assert.deepEqual(await patient, [undefined])
  })

  it('by a timeout, with nobody left: it settles with the TimeoutError', async () => {
    const task = sleep(FOREVER)
    const error = await rejection(parallel([task], { timeout: 20 }))
    assert.equal(error.code, 'ERR_HEDDLE_TIMEOUT')
    assert.equal(await rejection(task), error)
  })

  it('but not by those that wait with .then', async () => {
    const task = sleep(300)
    const [{ promise, abort }] = await running(task)
    const waiting = task.then(() => 'slept')
    abort()
    await rejection(promise)
    assert.equal(await waiting, 'slept')
  })

  it('by a race that was won: losers settle with an AbortError', async () => {
    const before = configure().threads
    configure({ threads: 2 })
    const loser = sleep(FOREVER)
    await race([loser, sleep(50)])
    configure({ threads: before })
    const error = await rejection(loser)
    assert.equal(error.name, 'AbortError')
    assert.equal(error.code, 'ERR_HEDDLE_ABORTED')
  })

  it('by a race that was won: it runs on for the other', async () => {
    const before = configure().threads
    configure({ threads: 2 })
    const task = sleep(300)
    const other = parallel([task])
    await race([task, sleep(10)])
    configure({ threads: before })
    assert.deepEqual(await other, [undefined])
  })
})
