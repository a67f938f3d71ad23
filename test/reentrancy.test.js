'use strict'
// User code that runs while members settle: it may start, ask for and abort anything.

const assert = require('node:assert/strict')
const { tracingChannel } = require('node:diagnostics_channel')
const { allSettled, map, parallel, previous, race, run, sequential, stream } = require('../lib/index.js')
const { file, hash } = require('../lib/tasks.js')
const { noop, sleep } = require('../lib/testing.js')
const { FOREVER, abortable, hold, idle, ran, range, rejection, whenSettled } = require('./support.js')
const { withThreads } = require('./support.js')

const digest = (text = 'a') => hash('sha256', text)

/** Calls a function when members start, while `use` goes on. */
async function whenStarted(callback, use) {
  const handlers = { start: callback }
  tracingChannel('heddle:member').subscribe(handlers)
  try {
    return await use()
  } finally {
    tracingChannel('heddle:member').unsubscribe(handlers)
  }
}

describe('user code while members settle', () => {
  withThreads(2)

  it('asks for one that is about to settle: it runs once, and all are told', async () => {
    await idle()
    const before = ran()
    const list = [digest('a'), digest('b'), digest('c')]
    let asked
    const results = await whenSettled(() => (asked ??= run(list[2])), () => parallel(list))
    assert.equal(await asked, results[2])
    await idle()
    assert.equal(ran(), before + 3)
  })

  it('asks for one that times out in the same moment: all are told', async () => {
    const list = [sleep(FOREVER), sleep(FOREVER)]
    const call = allSettled(list, { itemTimeout: 50 })
    const asked = list.map((task, i) => task.catch(() => rejection(run(list[1 - i]))))
    // Both are overdue when the loop goes on.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    const ends = await call
    assert.deepEqual(ends.map(({ reason }) => reason.name), ['TimeoutError', 'TimeoutError'])
    assert.deepEqual(await Promise.all(asked), [ends[1].reason, ends[0].reason])
  })

  it('starts one that is listed twice in a race that is over: the race has no claim on it', async () => {
    await idle()
    const task = sleep(200)
    const before = ran()
    const first = race([noop(), task, task], { concurrency: 1 })
    while (ran() === before); // the race is over, and its end not told yet
    const { promise, abort } = abortable(parallel, [task])
    const wanted = run(task)
    await first
    abort()
    await rejection(promise)
    assert.equal(await wanted, undefined)
  })

  it('asks for one that its call cannot start any more: it is started for who asks', async () => {
    await idle()
    const [bad, late] = [hash('sha256', file('no such file')), digest()]
    let asked
    const before = ran()
    const failFirst = () => {
      run(bad).catch(() => {})
      while (ran() === before);
    }
    await rejection(parallel([bad, failFirst, late, () => (asked = run(late))]))
    assert.equal(await asked, await digest())
  })

  it('starts a step that its sequence is about to start: it runs once', async () => {
    await idle()
    const before = ran()
    const list = [digest('a'), digest('b'), digest('c')]
    const call = () => sequential(list)
    const results = await whenStarted(({ index }) => void (index > 0 && list[index].then()), call)
    assert.deepEqual(results, await Promise.all(list))
    await idle()
    assert.equal(ran(), before + 3)
  })

  it('has frozen the error of a Task that others ask for', async () => {
    const task = hash('sha256', file('no such file'))
    const error = Object.freeze(await rejection(task))
    assert.equal(await rejection(parallel([task])), error)
  })

  it('asks for a step of a sequence that has been dropped', async () => {
    const release = await hold()
    const step = hash('sha256', previous)
    const { promise, abort } = abortable(sequential, [digest(), step])
    abort()
    const error = await rejection(step)
    await release()
    await rejection(promise)
    assert.equal(error.code, 'ERR_HEDDLE_MISUSE')
  })
})

describe('a source that aborts the call it is pulled by', () => {
  const calls = {
    map: (items, mapper, options) => map(items, mapper, options),
    'map, one at a time,': (items, mapper, options) => map(items, mapper, { ...options, concurrency: 1 }),
    stream: async (items, mapper, options) => {
      for await (const result of stream(items, mapper, { ...options, concurrency: 1 })) void result
    },
  }
  for (const [name, call] of Object.entries(calls)) {
    it(`${name} maps nothing of it any more`, async () => {
      const controller = new AbortController()
      const { signal } = controller
      const mapped = []
      const items = function* () {
        for (const item of range(3)) {
          if (item === 1) controller.abort()
          yield item
        }
      }
      assert.equal(await rejection(call(items(), (item) => mapped.push(item), { signal })), signal.reason)
      assert.deepEqual(mapped, [0])
    })
  }
})
