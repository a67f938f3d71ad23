'use strict'
// Work of every kind, mixed, in the combinators that take lists and objects.

const assert = require('node:assert/strict')
const vm = require('node:vm')
const heddle = require('../../lib/index.js')
const { native } = require('../../lib/task/native.js')
const { crc32, hash } = require('../../lib/tasks.js')
const { noop, sleep } = require('../../lib/testing.js')
const { FOREVER, range, rejection, sent } = require('../support.js')

const { allSettled, any, parallel, race, run, sequential } = heddle
const CRC_OF_A = 3904355907

/** One of each kind, with the value that each gives. */
function ofEachKind() {
  return {
    work: [
      crc32('a'),
      () => 'function',
      async () => 'async function',
      () => crc32('a'),
      async () => crc32('a'),
      Promise.resolve('promise'),
      { then: (resolve) => resolve('thenable') },
      vm.runInNewContext('Promise.resolve("of another realm")'),
      'text',
      0,
      null,
      undefined,
      false,
      5n,
      Symbol.iterator,
      NaN,
    ],
    values: [
      CRC_OF_A,
      'function',
      'async function',
      CRC_OF_A,
      CRC_OF_A,
      'promise',
      'thenable',
      'of another realm',
      'text',
      0,
      null,
      undefined,
      false,
      5n,
      Symbol.iterator,
      NaN,
    ],
  }
}

/** Counts how often groups are opened meanwhile. */
async function groupsOpened(use) {
  const { open } = native
  let count = 0
  native.open = (...args) => {
    count++
    return open(...args)
  }
  try {
    await use()
  } finally {
    native.open = open
  }
  return count
}

describe('work of every kind', () => {
  for (const concurrency of [undefined, 1, 3, 100]) {
    it(`in parallel, in input order (concurrency: ${concurrency})`, async () => {
      const { work, values } = ofEachKind()
      const results = await parallel(work, { concurrency })
      assert.deepEqual(results, values)
      assert.deepEqual(Object.keys(results), Object.keys(values)) // no holes
    })

    it(`in allSettled (concurrency: ${concurrency})`, async () => {
      const { work, values } = ofEachKind()
      const expected = values.map((value) => ({ status: 'fulfilled', value }))
      assert.deepEqual(await allSettled(work, { concurrency }), expected)
    })
  }

  it('in sequential, one after the other', async () => {
    const { work, values } = ofEachKind()
    assert.deepEqual(await sequential(work), values)
  })

  it('each alone, in race and any', async () => {
    for (const combinator of [race, any]) {
      const { work, values } = ofEachKind()
      for (let i = 0; i < work.length; i++) {
        assert.deepEqual(await combinator([work[i]]), values[i])
      }
    }
  })

  it('under the keys of an object', async () => {
    const work = { b: () => 1, a: crc32('a'), 2: Promise.resolve('x'), __proto__: null, ['__proto__']: 5 }
    for (const combinator of [parallel, sequential]) {
      const results = await combinator(work)
      assert.deepEqual(Object.keys(results), ['2', 'b', 'a', '__proto__'])
      assert.deepEqual(Object.values(results), ['x', 1, CRC_OF_A, 5])
    }
    const settled = await allSettled({ good: 1, bad: Promise.reject(new Error('bad')) })
    assert.deepEqual(Object.keys(settled), ['good', 'bad'])
    assert.equal(settled.bad.reason.message, 'bad')
  })

  it('of Sets, generators and strings made iterable', async () => {
    const one = () => 1
    assert.deepEqual(await parallel(new Set([one, one, 2])), [1, 2])
    function* generate() {
      yield one
      yield crc32('a')
    }
    assert.deepEqual(await parallel(generate()), [1, CRC_OF_A])
    assert.deepEqual(await parallel(['a', 'b'].values()), ['a', 'b'])
  })

  it('a Task that is listed twice, also by a function, runs once', async () => {
    const before = await sent()
    const task = crc32('a')
    const results = await parallel([task, () => task, task, async () => task, 1])
    assert.deepEqual(results, [CRC_OF_A, CRC_OF_A, CRC_OF_A, CRC_OF_A, 1])
    assert.equal(await sent(), before + 1)
  })

  it('a Task that several calls ask for in one turn runs once, for all of them', async () => {
    const ask = [
      (task) => parallel([task, 1], { concurrency: 1 }).then(([value]) => value),
      (task) => heddle.map([1, 2], () => task, { concurrency: 1 }).then(([value]) => value),
      (task) => heddle.stream([1], () => task).next().then((result) => result.value.value),
      (task) => sequential([() => task]).then(([value]) => value),
      (task) => parallel([task]).then(([value]) => value),
      (task) => race([() => task]),
      (task) => task.then((value) => value),
    ]
    for (const first of ask) {
      for (const second of ask) {
        const before = await sent()
        const task = crc32('a')
        assert.deepEqual(await Promise.all([first(task), second(task)]), [CRC_OF_A, CRC_OF_A])
        assert.equal(await sent(), before + 1)
      }
    }
  })

  it('Tasks among others go down as one group', async () => {
    const mixed = range(50).flatMap((i) => [crc32(`${i}`), () => i, Promise.resolve(i), () => crc32('a')])
    assert.equal(await groupsOpened(() => parallel(mixed)), 1)
    const steps = [crc32('a'), crc32('b'), () => 1, crc32('c'), crc32('d')]
    assert.equal(await groupsOpened(() => sequential(steps)), 2)
  })

  it('Tasks that one turn of a bounded call starts go down as one group', async () => {
    const mixed = range(10).flatMap((i) => [crc32(`${i}`), () => i])
    assert.equal(await groupsOpened(() => parallel(mixed, { concurrency: 19 })), 1)
  })

  it('functions are called in order, with their index and signal alone', async () => {
    const calls = []
    const work = (context, ...more) => {
      calls.push([context.index, context.signal.aborted, more])
    }
    await parallel([work, 1, work])
    await parallel({ a: work, b: work }, { concurrency: 1 })
    await allSettled([work])
    await race([work])
    await any({ x: work })
    const expected = [0, 2, 'a', 'b', 0, 0, 'x'].map((index) => [index, false, []])
    assert.deepEqual(calls, expected)
  })

  it('functions of sequential are called with the result before', async () => {
    const calls = []
    const step = (previous, { index }) => {
      calls.push([previous, index])
      return `of ${index}`
    }
    await sequential([step, crc32('a'), step, step, hash('md5', heddle.previous)])
    await sequential({ a: step, b: step })
    assert.deepEqual(calls, [
      [undefined, 0],
      [CRC_OF_A, 2],
      ['of 2', 3],
      [undefined, 'a'],
      ['of a', 'b'],
    ])
  })

  it('previous stands for what a function or promise gave', async () => {
    const md5 = await hash('md5', 'x')
    assert.deepEqual(await sequential([() => 'x', hash('md5', heddle.previous)]), ['x', md5])
    assert.deepEqual(await sequential([Promise.resolve('x'), hash('md5', heddle.previous)]), ['x', md5])
    const error = await rejection(sequential([() => 5, hash('md5', heddle.previous)]))
    assert.equal(error.code, 'ERR_HEDDLE_INVALID_ARG_TYPE')
    assert.equal(error.index, 1)
  })

  it('steps start when the one before has ended, and not after a failure', async () => {
    const events = []
    const step = (name) => async () => {
      events.push(`${name} starts`)
      await new Promise(setImmediate)
      events.push(`${name} ends`)
      if (name === 'c') throw new Error(name)
    }
    const error = await rejection(sequential([step('a'), noop(), step('b'), step('c'), step('d')]))
    assert.equal(error.message, 'c')
    const expected = ['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']
    assert.deepEqual(events, expected)
  })

  it('what functions throw and promises reject with is passed on untouched', async () => {
    const reasons = [new Error('mine'), Object.freeze(new TypeError('frozen')), 5, undefined, null, { then() {} }]
    for (const reason of reasons) {
      const failures = [
        () => {
          throw reason
        },
        () => Promise.reject(reason),
        Promise.reject(reason),
        { then: (_, reject) => reject(reason) },
      ]
      for (const failure of failures) {
        for (const [name, combinator] of Object.entries({ parallel, sequential, race })) {
          const outcome = combinator([failure, noop()]).then(
            () => assert.fail(`${name} fulfilled`),
            (error) => assert.equal(error, reason),
          )
          await outcome
        }
        const [settled] = await allSettled([failure])
        assert.deepEqual(settled, { status: 'rejected', reason })
      }
    }
  })

  it("a Task's failure has its index, wherever the Task came from", async () => {
    const bad = () => hash('md6', 'a')
    assert.equal((await rejection(parallel([1, bad()]))).index, 1)
    assert.equal((await rejection(parallel([1, bad]))).index, 1)
    assert.equal((await rejection(parallel({ a: 1, b: bad }, { concurrency: 1 }))).index, 'b')
    assert.equal((await rejection(sequential([1, 2, bad]))).index, 2)
  })

  it('with stopOnError: false failures of all kinds come in input order', async () => {
    const work = [Promise.reject(1), hash('md6', ''), () => Promise.reject(2), async () => 'good', () => { throw 3 }] // prettier-ignore
    const error = await rejection(parallel(work, { stopOnError: false }))
    assert.equal(error.code, 'ERR_HEDDLE_AGGREGATE')
    assert.deepEqual(error.errors.map((e) => e.code ?? e), [1, 'ERR_CRYPTO_INVALID_DIGEST', 2, 3])
  })

  it('run takes Tasks only', async () => {
    for (const work of [() => 1, Promise.resolve(1), 5]) {
      assert.equal((await rejection(run(work))).code, 'ERR_HEDDLE_INVALID_ARG_TYPE')
    }
  })

  it('refuses a Task that refers to a previous step, before anything starts', async () => {
    let called = false
    const spy = () => (called = true)
    for (const combinator of [parallel, race, any, allSettled]) {
      const error = await rejection(combinator([spy, hash('md5', heddle.previous)]))
      assert.equal(error.code, 'ERR_HEDDLE_MISUSE')
    }
    const first = await rejection(sequential([hash('md5', heddle.previous), spy]))
    assert.equal(first.code, 'ERR_HEDDLE_MISUSE')
    assert.equal(called, false)
  })

  describe('concurrency bounds the whole call', () => {
    for (const [name, combinator] of Object.entries({ parallel, allSettled })) {
      for (const concurrency of [1, 2, 5]) {
        it(`${name}, ${concurrency} at a time`, async () => {
          let most = 0
          let now = 0
          const enter = () => (most = Math.max(most, ++now))
          const leave = () => now--
          const work = range(30).map((i) => {
            if (i % 3 === 0) return () => (enter(), sleep(1).finally(leave))
            return async () => {
              enter()
              for (let turn = 0; turn < i % 4; turn++) await new Promise(setImmediate)
              leave()
            }
          })
          await combinator([...work, noop(), 1], { concurrency })
          assert.equal(most, concurrency)
          assert.equal(now, 0)
        })
      }
    }

    it('functions wait for Tasks, and Tasks for functions', async () => {
      let release
      const gate = new Promise((resolve) => (release = resolve))
      const events = []
      const stopper = new AbortController()
      const long = sleep(FOREVER)
      const call = parallel([() => gate, long, () => events.push('third')], {
        concurrency: 2,
        signal: stopper.signal,
      })
      await new Promise(setImmediate)
      assert.deepEqual(events, [])
      release()
      while (events.length === 0) await new Promise(setImmediate)
      stopper.abort('enough')
      assert.equal(await call.catch((reason) => reason), 'enough')
    })
  })
})
