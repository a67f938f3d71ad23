'use strict'
// configure({ niceIncrement }): seen where Linux shows it.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const { Worker } = require('node:worker_threads')
const { configure, parallel, sequential, stats, thread } = require('heddle')
const { sleep } = require('heddle/testing')
const { sort } = require('heddle/tasks')
const { native } = require('../lib/task/native.js')

const linux = process.platform === 'linux'

/** The niceness of threads with that increment. */
const nicer = (increment) => Math.min(19, os.getPriority(process.pid) + increment)

/** How many threads of the process have it. */
function countNice(increment) {
  let count = 0
  for (const id of fs.readdirSync('/proc/self/task')) {
    let text
    try {
      text = fs.readFileSync(`/proc/self/task/${id}/stat`, 'utf8')
    } catch {
      continue // it has just ended
    }
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    if (Number(fields[16]) === nicer(increment)) count++
  }
  return count
}

const until = async (condition) => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

/** With tasks on all threads. */
async function whileBusy(look) {
  const { threads } = configure()
  const stop = new AbortController()
  const held = parallel(Array.from({ length: threads }, () => sleep(1e6)), { signal: stop.signal, join: true })
  await until(() => stats().running === threads)
  const seen = look()
  stop.abort()
  await assert.rejects(held, { name: 'AbortError' })
  return seen
}

describe('configure: niceIncrement', () => {
  const before = configure()
  afterEach(() => configure(before))

  for (const [value, Class, code, words] of [
    [-1, RangeError, 'ERR_HEDDLE_OUT_OF_RANGE', 'an integer from 0 to 19, got number -1'],
    [20, RangeError, 'ERR_HEDDLE_OUT_OF_RANGE', 'an integer from 0 to 19, got number 20'],
    [0.5, RangeError, 'ERR_HEDDLE_OUT_OF_RANGE', 'an integer from 0 to 19, got number 0.5'],
    [NaN, RangeError, 'ERR_HEDDLE_OUT_OF_RANGE', 'an integer from 0 to 19, got number NaN'],
    [2 ** 32, RangeError, 'ERR_HEDDLE_OUT_OF_RANGE', 'an integer from 0 to 19, got number 4294967296'],
    ['5', TypeError, 'ERR_HEDDLE_INVALID_ARG_TYPE', "a number, got string '5'"],
    [5n, TypeError, 'ERR_HEDDLE_INVALID_ARG_TYPE', 'a number, got bigint 5n'],
    [null, TypeError, 'ERR_HEDDLE_INVALID_ARG_TYPE', 'a number, got null'],
    [Infinity, RangeError, 'ERR_HEDDLE_OUT_OF_RANGE', 'an integer from 0 to 19, got number Infinity'],
    [true, TypeError, 'ERR_HEDDLE_INVALID_ARG_TYPE', 'a number, got boolean true'],
  ]) {
    it(`refuses ${typeof value} ${value}, and changes nothing`, () => {
      assert.throws(() => configure({ threads: 7, niceIncrement: value }), (error) => {
        assert.ok(error instanceof Class)
        assert.equal(error.code, code)
        assert.equal(error.message, `configure: option "niceIncrement" must be ${words}`)
        return true
      })
      assert.deepEqual(configure(), before)
    })
  }

  it('says so where no thread can have a priority of its own, and changes nothing', () => {
    const { nice } = native
    native.nice = (...args) => (args.length > 0 ? -os.constants.errno.ENOTSUP : nice())
    try {
      assert.throws(() => configure({ threads: 7, niceIncrement: 4 }), {
        name: 'HeddleError',
        code: 'ERR_HEDDLE_UNAVAILABLE',
        message: /^configure: option "niceIncrement" cannot be 4 here: .*ENOTSUP/,
      })
    } finally {
      native.nice = nice
    }
    assert.deepEqual(configure(), before)
  })

  it('may change while tasks run and wait: all of them finish', async () => {
    const array = Float64Array.from({ length: 600_000 }, (_, i) => (i * 7919) % 600_011)
    const sorted = array.toSorted()
    configure({ threads: 3 })
    const lists = [0, 4, 9, 0, 1, 0].map((niceIncrement) => {
      const list = parallel([sort(array), ...Array.from({ length: 200 }, () => sleep(0)), sort(array)])
      configure({ niceIncrement })
      return list
    })
    for (const list of lists) {
      const results = await list
      assert.deepEqual(results[0], sorted)
      assert.deepEqual(results.at(-1), sorted)
    }
    assert.equal(configure().niceIncrement, 0)
  })

  /** Changes it with work under way. */
  const changing = `
    const { configure, parallel } = require(${JSON.stringify(require.resolve('heddle'))})
    const { noop, spin } = require(${JSON.stringify(require.resolve('heddle/testing'))})
    function change() {
      for (const niceIncrement of [3, 0, 7, 1]) {
        parallel([spin(1), spin(1), spin(20), noop()]).catch(() => {})
        configure({ niceIncrement })
      }
    }
    change()`

  for (const end of ['', 'process.exit()', 'worker.terminate()']) {
    it(`may have changed when all ends${end && `: ${end}`}`, () => {
      const inWorker = `${changing}
        require('node:worker_threads').parentPort.postMessage('changed')`
      const source = `${changing}
        const { Worker } = require('node:worker_threads')
        const worker = new Worker(${JSON.stringify(inWorker)}, { eval: true })
        worker.on('message', () => { ${end} })
        worker.on('exit', change)`
      for (const UV_THREADPOOL_SIZE of ['1', '4']) {
        execFileSync(process.execPath, ['-e', source], { env: { ...process.env, UV_THREADPOOL_SIZE } })
      }
    })
  }

  if (!linux) return

  it('has all tasks on threads of that priority, and none of libuv\'s', async () => {
    configure({ threads: 3 })
    for (const niceIncrement of [5, 2, 19]) {
      assert.deepEqual(configure({ niceIncrement }), { threads: 3, niceIncrement, histograms: false })
      const seen = await whileBusy(() => [countNice(niceIncrement), stats().poolThreads])
      assert.deepEqual(seen, [3, 0])
    }
    configure({ niceIncrement: 0 })
    // One is left to others.
    const most = Number(process.env.UV_THREADPOOL_SIZE ?? 4) - 1
    assert.equal(await whileBusy(() => stats().poolThreads), Math.min(3, most))
    await until(() => countNice(19) === 0)
  })

  it('leaves what runs where it is, and ends its thread then', async () => {
    configure({ threads: 1, niceIncrement: 3 })
    const stop = new AbortController()
    const held = sequential([sleep(1e6)], { signal: stop.signal, join: true })
    held.catch(() => {})
    try {
      await until(() => stats().running === 1)
      configure({ niceIncrement: 8 })
      await until(() => countNice(3) === 1) // others of that priority, which have nothing to do, end
    } finally {
      stop.abort()
    }
    const waiting = parallel([sleep(0)])
    await assert.rejects(held, { name: 'AbortError' })
    await waiting
    await until(() => countNice(3) === 0)
  })

  it('leaves a function that runs where it is, and what follows does not', async () => {
    const gate = new Int32Array(new SharedArrayBuffer(8))
    const held = thread((cell) => {
      Atomics.add(cell, 0, 1)
      Atomics.notify(cell, 0)
      Atomics.wait(cell, 1, 0)
      return require('node:os').getPriority(0)
    })
    configure({ threads: 1 })
    const list = parallel([held(gate), held(gate), held(gate)])
    await until(() => Atomics.load(gate, 0) > 0)
    configure({ niceIncrement: 4 })
    Atomics.store(gate, 1, 1)
    Atomics.notify(gate, 1)
    const priorities = await list
    assert.equal(priorities[0], nicer(0))
    assert.equal(await held(gate), nicer(4))
    await held.close()
  })

  it('has functions on threads of that priority, too', async () => {
    const own = thread(() => require('node:os').getPriority(0))
    assert.equal(await own(), nicer(0))
    configure({ niceIncrement: 6 })
    assert.deepEqual(await parallel([own(), own(), own()]), [nicer(6), nicer(6), nicer(6)])
    configure({ niceIncrement: 1 })
    assert.equal(await own(), nicer(1))
    configure({ niceIncrement: 0 })
    assert.deepEqual(await parallel([own(), own()]), [nicer(0), nicer(0)])
    await own.close()
  })

  it('is the whole process\'s: what a worker sets goes for all', async () => {
    const source = `
      const { configure } = require(${JSON.stringify(require.resolve('heddle'))})
      const { noop } = require(${JSON.stringify(require.resolve('heddle/testing'))})
      const { parentPort } = require('node:worker_threads')
      configure({ niceIncrement: 9 })
      noop().then(() => parentPort.postMessage(configure()))`
    const worker = new Worker(source, { eval: true })
    const [settings] = await new Promise((resolve) => worker.on('message', (...args) => resolve(args)))
    assert.equal(settings.niceIncrement, 9)
    assert.equal(configure().niceIncrement, 9)
    await worker.terminate()
    assert.equal(await whileBusy(() => countNice(9)), before.threads)
  })

  it('adds to the niceness of the process', () => {
    const source = `
      const os = require('node:os')
      os.setPriority(process.pid, 15)
      const { configure, thread } = require(${JSON.stringify(require.resolve('heddle'))})
      configure({ niceIncrement: 3 })
      const own = thread(() => require('node:os').getPriority(0))
      own().then(async (first) => {
        configure({ niceIncrement: 10 })
        console.log(first, await own())
      })`
    assert.equal(execFileSync(process.execPath, ['-e', source], { encoding: 'utf8' }), '18 19\n')
  })
})
