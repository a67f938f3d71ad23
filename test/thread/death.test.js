'use strict'

const assert = require('node:assert/strict')
const path = require('node:path')
const { allSettled, configure, map, parallel, run, sequential, previous, stats, thread, transfer } = require('heddle')
const { idle, rejection, until } = require('../support.js')
const { repetitions } = require('../helpers/child.js')
const { forSuite, newCells } = require('./support.js')

const fixture = (name) => path.join(__dirname, 'fixtures', name)

describe('thread: threads that die', () => {
  const add = forSuite((a, b = 1) => a + b)

  it('process.exit in a function loses it, and nothing else', async () => {
    const exit = thread(() => process.exit(7), { name: 'exit' })
    const error = await rejection(run(exit()))
    assert.equal(error.code, 'ERR_HEDDLE_THREAD_LOST')
    assert.equal(error.message, 'exit: the thread ended with exit code 7, while it ran')
    const list = Array.from({ length: 40 }, (_, i) => (i % 10 === 5 ? exit() : add(i)))
    const { errors } = await rejection(parallel(list, { stopOnError: false }))
    assert.deepEqual(errors.map(({ index }) => index), [5, 15, 25, 35])
    assert.ok(errors.every(({ code }) => code === 'ERR_HEDDLE_THREAD_LOST'))
  })

  const RESULTS = {
    number: (n) => n,
    string: (n) => `${n}`,
    object: (n) => ({ n }),
    bytes: (n) => new Uint8Array([n]),
    nothing: () => undefined,
    boolean: (n) => n > 5,
    null: () => null,
  }
  // ends after the one before, and takes its thread with it
  const ENDINGS = {
    'never ends': () => { for (;;); },
    exits: () => process.exit(),
    'fails late': () => new Promise(() => setTimeout(() => { throw new Error('late') })),
  }
  for (const [ending, end] of Object.entries(ENDINGS)) {
    it(`what had ended stands when a neighbour ${ending}`, async () => {
      const before = configure()
      configure({ threads: 1 })
      try {
        for (const result of Object.values(RESULTS)) {
          const source = `return (n) => n === 20 ? (${end})() : (${result})(n)`
          const make = thread(new Function(source)())
          await map(Array(60).fill(1), make) // so that it is known to be short
          const list = Array.from({ length: 40 }, (_, n) => make(n))
          const ends = await allSettled(list, { itemTimeout: 100 })
          const failed = ends.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))
          assert.deepEqual(failed, [20])
          assert.deepEqual(ends[19].value, result(19))
          assert.deepEqual(ends[39].value, result(39))
          await make.terminate()
        }
      } finally {
        configure({ threads: before.threads })
      }
    })
  }

  it('what had ended stands when its function is terminated', async () => {
    const cells = newCells()
    const make = thread((c, n) => {
      if (n === 20) {
        Atomics.store(c, 0, 1)
        for (;;);
      }
      return n
    })
    await map(Array(60).fill(1), () => make(cells, 1))
    const before = configure()
    configure({ threads: 1 })
    const list = Array.from({ length: 40 }, (_, n) => make(cells, n))
    const ends = Promise.allSettled(list)
    await until(() => cells[0] === 1)
    await make.terminate()
    configure({ threads: before.threads })
    const states = await ends
    assert.ok(states.slice(0, 20).every(({ status, value }, n) => status === 'fulfilled' && value === n))
    assert.ok(states.slice(20).every(({ reason }) => reason.code === 'ERR_HEDDLE_CLOSED'))
  })

  it('a guarded proxy as a result is an error of its own', async () => {
    const refuse = "() => { throw new Error('guarded') }"
    const id = thread(() => require('node:worker_threads').threadId)
    for (const trap of ['has', 'get', 'ownKeys', 'getPrototypeOf']) {
      for (const kind of ['', 'async ']) {
        const source = `return ${kind}() => new Proxy({ a: 1 }, { ${trap}: ${refuse} })`
        const before = await id()
        const error = await rejection(run(thread(new Function(source)())()))
        assert.notEqual(error.code, 'ERR_HEDDLE_THREAD_LOST')
        assert.equal(await id(), before)
      }
    }
    const revoked = thread(async () => {
      const { proxy, revoke } = Proxy.revocable({}, {})
      setImmediate(revoke)
      return { proxy }
    })
    assert.equal((await rejection(revoked())).name, 'DataCloneError')
  })

  it('a guarded proxy as an argument fails its Task alone', async () => {
    const guarded = new Proxy({}, { has() { throw new Error('guarded') } })
    const ends = await allSettled([add(1), add(guarded), add(2)])
    assert.deepEqual(ends.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled'])
    assert.equal(ends[1].reason.name, 'DataCloneError')
  })

  it('a heap that overflows', async () => {
    const grow = thread(
      () => {
        const list = []
        // With turns: in Node 24 and later a Worker that only allocates arrays may pass its
        // limit, and terminate() does not end it.
        return new Promise(() => {
          setInterval(() => {
            for (let i = 0; i < 100; i++) list.push(new Array(1000).fill(i))
          })
        })
      },
      { resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 } },
    )
    const error = await rejection(grow())
    assert.equal(error.code, 'ERR_HEDDLE_THREAD_LOST')
    assert.equal(error.cause.code, 'ERR_WORKER_OUT_OF_MEMORY')
    assert.equal(await add(1), 2)
  })

  it('an uncaught error in a timer', async () => {
    const late = thread(
      () => new Promise(() => setTimeout(() => { throw new RangeError('late') }, 1)),
    )
    const error = await rejection(late())
    assert.equal(error.code, 'ERR_HEDDLE_THREAD_LOST')
    assert.match(error.message, /the thread ended: late, while it ran/)
    assert.ok(error.cause instanceof RangeError)
  })

  it('an uncaught error on an idle thread is a warning', async () => {
    const later = thread(() => void setTimeout(() => { throw new Error('too late') }, 1))
    const warning = new Promise((resolve) => process.once('warning', resolve))
    await later()
    assert.equal((await warning).message, 'too late')
    assert.equal(await add(1), 2)
  })

  it('a module that exits while it loads', async () => {
    const list = Array.from({ length: 3 }, () => thread(fixture('exit-load.cjs'))())
    for (const { reason } of await Promise.allSettled(list)) {
      assert.equal(reason.code, 'ERR_HEDDLE_THREAD_LOST')
      assert.match(reason.message, /exit code 9, before it ran/)
    }
  })

  it('a thread that ends before it begins', async () => {
    const never = thread((n) => n, { execArgv: ['--require', fixture('exit-load.cjs')] })
    const error = await rejection(parallel([never(1), never(2)], { stopOnError: false }))
    for (const { code } of error.errors) assert.equal(code, 'ERR_HEDDLE_THREAD_START')
    await never.close()
  })

  it('an idempotent function runs again, but not for ever', async () => {
    const cells = newCells()
    const source = (c, least) => {
      if (Atomics.add(c, 0, 1) + 1 < least) process.exit()
      return 'done'
    }
    assert.equal(await thread(source, { idempotent: true })(cells, 2), 'done')
    Atomics.store(cells, 0, 0)
    const error = await rejection(thread(source, { idempotent: true })(cells, 100))
    assert.equal(error.code, 'ERR_HEDDLE_THREAD_LOST')
    assert.equal(cells[0], 3)
  })

  it('what was transferred is gone with the thread', async () => {
    const exit = thread(() => process.exit(), { idempotent: true })
    assert.equal((await rejection(exit(transfer(new ArrayBuffer(8))))).code, 'ERR_HEDDLE_THREAD_LOST')
  })

  it('in the middle of a sequence', async () => {
    const cells = newCells()
    const exit = thread(
      (value, c) => {
        if (Atomics.add(c, 0, 1) === 0) process.exit()
        return value + 1
      },
      { idempotent: true },
    )
    assert.deepEqual(await sequential([add(1), exit(previous, cells), add(previous)]), [2, 3, 4])
    const once = thread(() => process.exit())
    const error = await rejection(sequential([add(1), once(), add(previous)]))
    assert.equal(error.code, 'ERR_HEDDLE_THREAD_LOST')
    assert.equal(error.index, 1)
  })

  for (const idempotent of [false, true]) {
    it(`${repetitions(100_000).toLocaleString('en')} Tasks under a rolling kill${idempotent ? ', idempotent' : ''}`, async function () {
      this.timeout(120_000)
      const COUNT = repetitions(100_000)
      const starts = new Int32Array(new SharedArrayBuffer(4 * COUNT))
      const settled = new Uint8Array(COUNT)
      const work = thread(
        (cells, n, deadly) => {
          const before = Atomics.add(cells, n, 1)
          if (deadly && before === 0) process.exit()
          return n
        },
        { idempotent },
      )
      const DEADLY = Math.floor(COUNT / 20) // every so many
      const outcomes = { fulfilled: 0, lost: 0 }
      const list = Array.from({ length: COUNT }, (_, n) => work(starts, n, n % DEADLY === DEADLY - 1))
      await Promise.all(
        list.map((task, n) =>
          task.then(
            (value) => {
              assert.equal(value, n)
              settled[n]++
              outcomes.fulfilled++
            },
            (error) => {
              assert.equal(error.code, 'ERR_HEDDLE_THREAD_LOST')
              settled[n]++
              outcomes.lost++
            },
          ),
        ),
      )
      assert.ok(settled.every((times) => times === 1))
      assert.ok(starts.every((times) => times >= 1))
      if (idempotent) {
        assert.ok(starts.some((times) => times > 1))
        for (let n = DEADLY - 1; n < COUNT; n += DEADLY) assert.equal(starts[n], 2)
      } else {
        assert.ok(starts.every((times) => times === 1))
        assert.ok(outcomes.lost >= Math.floor(COUNT / DEADLY))
      }
      await idle()
      await until(() => stats().lentThreads === 0)
      assert.ok(stats().jsThreads <= configure().threads)
    })
  }
})
