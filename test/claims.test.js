'use strict'
// Who keeps a Task that several ask for, and what becomes of it when they stop.

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const { parallel, race, run, sequential, stats } = require('../lib/index.js')
const { gunzip, hash } = require('../lib/tasks.js')
const { noop, sleep } = require('../lib/testing.js')
const support = require('./support.js')

const { FOREVER, abortable, hold, ran, range, rejection, sent, turns, withThreads } = support

const NOT_STARTED = /<not started>/
const digest = () => hash('sha256', 'a', { outputEncoding: 'buffer' })

describe('claims', () => {
  describe('of several calls', () => {
    it('share one run and one result', async () => {
      const before = await sent()
      const task = digest()
      const [[a], { b }, c, [d, e], f] = await Promise.all([
        parallel([task]),
        parallel({ b: task }),
        race([task]),
        sequential([task, task]),
        run(task),
      ])
      assert.equal(await sent(), before + 1)
      for (const result of [b, c, d, e, f]) assert.equal(result, a)
    })

    it('share one error, which names the place in the first call', async () => {
      const task = gunzip('x')
      const first = parallel([noop(), noop(), task])
      const second = parallel({ key: task })
      const error = await rejection(first)
      assert.equal(await rejection(second), error)
      assert.equal(await rejection(task), error)
      assert.equal(error.index, 2)
    })

    it('in great number, on many Tasks', async () => {
      const before = await sent()
      const tasks = Array.from({ length: 1000 }, (_, i) => hash('sha256', `${i}`))
      const calls = Array.from({ length: 20 }, () => parallel(tasks))
      const [first, ...rest] = await Promise.all(calls)
      assert.equal(await sent(), before + 1000)
      for (const results of rest) assert.deepEqual(results, first)
    })

    it('still get it when all but one stop', async () => {
      const release = await hold()
      const before = ran()
      const task = digest()
      const calls = Array.from({ length: 100 }, () => abortable(parallel, [task]))
      for (const [i, call] of calls.entries()) if (i !== 57) call.abort()
      await release()
      assert.equal((await calls[57].promise)[0].length, 32)
      for (const [i, call] of calls.entries()) {
        if (i !== 57) assert.equal((await rejection(call.promise)).name, 'AbortError')
      }
      assert.equal(ran(), before + 1)
    })
  })

  describe('in one call', () => {
    it('a Task listed twice runs once, and its result appears twice', async () => {
      const before = await sent()
      const [a, b] = [digest(), digest()]
      const list = await parallel([a, b, a, a])
      const object = await parallel({ x: b, y: b })
      const steps = await sequential([a, noop(), a])
      assert.equal(await sent(), before + 3)
      assert.equal(list.length, 4)
      assert.equal(list[0], list[2])
      assert.equal(list[0], list[3])
      assert.notEqual(list[0], list[1])
      assert.equal(object.x, list[1])
      assert.equal(object.y, list[1])
      assert.deepEqual(steps, [list[0], undefined, list[0]])
    })

    it('a Task listed twice in a race or a sequence runs once', async () => {
      const before = await sent()
      const task = digest()
      const steps = await sequential([task, task, task])
      assert.equal(new Set(steps).size, 1)
      const other = digest()
      assert.equal((await race([other, other])).length, 32)
      assert.equal(await sent(), before + 2)
    })

    it('a Task listed twice that fails makes one error', async () => {
      const task = gunzip('x')
      const error = await rejection(parallel([task, task], { stopOnError: false }))
      assert.equal(error.errors.length, 2)
      assert.equal(error.errors[0], error.errors[1])
    })

    it('a Task listed twice is withdrawn altogether', async () => {
      const release = await hold()
      const before = ran()
      const task = noop()
      const call = abortable(parallel, [task, task])
      call.abort()
      await release()
      await rejection(call.promise)
      assert.match(inspect(task), NOT_STARTED)
      assert.equal(ran(), before)
    })
  })

  describe('in order', () => {
    withThreads(1)

    it('the first owns the priority', async () => {
      const release = await hold()
      const order = []
      const note = (name) => () => order.push(name)
      const task = noop()
      const calls = [
        parallel([task], { priority: 0 }).then(note('first')),
        parallel([noop()], { priority: 1 }).then(note('between')),
        parallel([task], { priority: 2 }).then(note('second')),
      ]
      await release()
      await Promise.all(calls)
      assert.deepEqual(order, ['between', 'first', 'second'])
    })

    it('the first owns the limits', async () => {
      const free = sleep(100)
      const calls = [parallel([free]), parallel([free], { itemTimeout: 1 })]
      assert.deepEqual(await Promise.all(calls), [[undefined], [undefined]])

      const bound = sleep(FOREVER)
      const both = [parallel([bound], { itemTimeout: 10 }), parallel([bound])]
      const error = await rejection(both[0])
      assert.equal(error.code, 'ERR_HEDDLE_TIMEOUT')
      assert.equal(await rejection(both[1]), error)
    })

    it('a later one waits, and does not queue it again', async () => {
      const release = await hold()
      const task = noop()
      const first = parallel([task])
      assert.equal(stats().queued, 1)
      const later = parallel([task, task, task])
      assert.equal(stats().queued, 1)
      await release()
      assert.deepEqual(await first, [undefined])
      assert.deepEqual(await later, [undefined, undefined, undefined])
    })

    it('those who stay are told in their order, whoever left before', async () => {
      for (const leaving of [[0, 1], [5, 4], [2, 3], [0, 5], [4, 1, 3, 0, 2]]) {
        const release = await hold()
        const task = noop()
        const owner = run(task)
        const told = []
        const calls = range(6).map((i) => {
          const { promise, abort } = abortable(([one], options) => run(one, options), [task])
          promise.then(
            () => told.push(i),
            () => {},
          )
          return abort
        })
        let promised = false
        task.then(() => (promised = true))
        for (const i of leaving) calls[i]()
        await release()
        await owner
        await turns()
        assert.deepEqual(told, range(6).filter((i) => !leaving.includes(i)))
        assert.equal(promised, true)
      }
    })

    it('one Task has one promise, whoever asked before and after', async () => {
      const release = await hold()
      const task = noop()
      const all = [run(task)]
      const promise = task.finally(() => {})
      for (let i = 0; i < 5; i++) all.push(run(task), task.then())
      await release()
      assert.deepEqual(await Promise.all([promise, ...all]), Array(12).fill(undefined))
    })
  })
})
