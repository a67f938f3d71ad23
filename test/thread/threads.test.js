'use strict'

const assert = require('node:assert/strict')
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')
const { configure, parallel, run, stats, thread } = require('heddle')
const { sleep, spin } = require('heddle/testing')
const { FOREVER, child, idle, rejection, until, withThreads } = require('../support.js')
const { gate, newCells, open } = require('./support.js')
const { definitionOf } = require('../../lib/task/task.js')
const { Thread } = require('../../lib/thread/thread.js')

describe('thread: the threads', () => {
  withThreads(2)

  const ids = (make, count) => parallel(Array.from({ length: count }, () => make()))
  const where = () => require('node:worker_threads').threadId

  it('are started when they are needed, and kept', async () => {
    const id = thread(where, { env: { HEDDLE_TEST: 'kept' } })
    assert.equal(await id(), await id())
    await id.close()
  })

  it('are no more than configured', async () => {
    const id = thread(where)
    assert.ok(new Set(await ids(id, 200)).size <= 2)
    configure({ threads: 1 })
    const own = thread(where, { env: { HEDDLE_TEST: 'one' } })
    assert.equal(new Set(await ids(own, 50)).size, 1)
    await own.close()
  })

  it('are shared by functions with the same options', async () => {
    const env = { HEDDLE_TEST: 'shared' }
    const [a, b] = [thread(where, { env }), thread(where, { env: { ...env } })]
    assert.equal(await a(), await b())
    const other = thread(where, { env: { HEDDLE_TEST: 'other' } })
    assert.notEqual(await a(), await other())
    await Promise.all([a.close(), b.close(), other.close()])
  })

  it('give way to those of other options', async () => {
    configure({ threads: 1 })
    const makers = ['x', 'y', 'z'].map((name) => thread(() => process.env.NAME, { env: { NAME: name } }))
    const list = Array.from({ length: 9 }, (_, i) => makers[i % 3]())
    assert.deepEqual(await parallel(list), [...'xyzxyzxyz'])
    await until(() => stats().jsThreads <= 1)
    await Promise.all(makers.map((make) => make.close()))
  })

  it('are retired when idle', async () => {
    const id = thread(where, { idleTimeout: 1 })
    await idle()
    const first = await id()
    const before = stats().jsThreads
    await until(() => stats().jsThreads < before)
    assert.notEqual(await id(), first)
    await id.close()
  })

  it('are counted in stats', async () => {
    await idle()
    const cells = newCells()
    const wait = thread(gate.wait)
    const before = stats()
    const all = parallel(Array.from({ length: 5 }, () => wait(cells)))
    await until(() => cells[0] === 2)
    const { queued, running, lentThreads, jsThreads } = stats()
    assert.deepEqual({ queued, running, lentThreads }, { queued: 3, running: 2, lentThreads: 2 })
    assert.ok(jsThreads >= 2)
    open(cells)
    await all
    await idle()
    const after = stats()
    assert.equal(after.completed - before.completed, 5)
    assert.ok(after.runTime > before.runTime)
    assert.ok(after.waitTime > before.waitTime)
    await rejection(run(thread(() => { throw new Error('x') })()))
    assert.equal(stats().failed - before.failed, 1)
  })

  it('never keep the process alive, waiting work does', () => {
    const script = `
      const { thread, configure } = require('heddle')
      const add = thread((a, b) => a + b, { idleTimeout: Infinity })
      add(1, 2).then((three) => add(three, 4)).then((seven) => console.log(seven))
    `
    const { status, stdout, stderr } = child(script)
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '7\n', stderr: '' })
  })

  it('running work keeps the process alive until it is done', () => {
    const script = `
      const { thread } = require('heddle')
      thread(() => new Promise((resolve) => setTimeout(resolve, 50, 'late')))().then(console.log)
    `
    assert.equal(child(script).stdout, 'late\n')
  })

  it('process.exit ends them', () => {
    const script = `
      const { thread } = require('heddle')
      const cells = new Int32Array(new SharedArrayBuffer(4))
      thread((c) => { Atomics.store(c, 0, 1); for (;;); })(cells).then(() => {})
      setInterval(() => Atomics.load(cells, 0) === 1 && process.exit(4), 1)
    `
    assert.equal(child(script).status, 4)
  })
})

describe('thread: threads are shared with native Tasks', () => {
  withThreads(2)

  it('native Tasks wait while functions have them, and get them back', async () => {
    const cells = newCells()
    const wait = thread(gate.wait)
    const held = parallel(Array.from({ length: 2 }, () => wait(cells)))
    await until(() => cells[0] === 2)
    assert.equal(stats().running, 2)
    const native = parallel([sleep(1), sleep(1)])
    open(cells)
    await Promise.all([held, native])
    await until(() => stats().lentThreads === 0)
  })

  it('functions wait while native Tasks have them, and get them back', async () => {
    await idle()
    const controller = new AbortController()
    const held = parallel([sleep(FOREVER), sleep(FOREVER)], { signal: controller.signal, join: true })
    await until(() => stats().running === 2)
    const cells = newCells()
    const add = thread((c) => Atomics.add(c, 0, 1))
    const first = run(add(cells))
    await new Promise(setImmediate)
    assert.equal(stats().lentThreads, 0)
    assert.equal(stats().queued, 1)
    controller.abort()
    await rejection(held)
    assert.equal(await first, 0)
  })

  it('together they never run more than configured', async () => {
    configure({ threads: 2 })
    const cells = newCells()
    const turn = thread((c) => {
      for (let i = 0; i < 2e5; i++) Math.sqrt(i)
      return Atomics.add(c, 0, 1)
    })
    let most = 0
    let over = false
    const both = Promise.all([
      parallel(Array.from({ length: 300 }, () => turn(cells))),
      parallel(Array.from({ length: 100 }, () => spin(1))),
    ]).then(() => (over = true))
    await until(() => {
      most = Math.max(most, stats().lentThreads + stats().poolThreads)
      return over
    })
    await both
    // Runners that are on their way out still hold a slot of the pool.
    assert.ok(most <= 3, `${most} at once`)
    assert.equal(cells[0], 300)
  })

  it('a function that waits for Tasks of its own thread does not wait for ever', async () => {
    configure({ threads: 1 })
    const nested = thread(
      async (root) => {
        const heddle = require(root)
        const { crc32 } = require(`${root}/lib/tasks.js`)
        const inner = heddle.thread((n) => n + 1)
        return [await crc32('abc'), await inner(1)]
      },
      { idleTimeout: 1 },
    )
    assert.deepEqual(await nested(require('node:path').join(__dirname, '..', '..')), [891568578, 2])
    await nested.close()
  })
})

describe('thread: close and terminate', () => {
  it('what is closed or collected is forgotten on its threads', async () => {
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc')
    const forgotten = []
    const forget = Thread.prototype.forget
    Thread.prototype.forget = function (id) {
      if (this.known.has(id)) forgotten.push(id)
      return forget.call(this, id)
    }
    try {
      const keeper = thread(() => 0)
      const { id } = definitionOf(keeper())
      const younger = () => forgotten.filter((other) => other > id).length // not of other tests
      const one = thread((n) => n)
      await Promise.all([keeper(), one(1)])
      await one.close()
      assert.equal(younger(), 1)
      await (async () => thread((n) => n + 1)(1))()
      await until(() => (gc(), younger() === 2))
      await keeper.close()
    } finally {
      Thread.prototype.forget = forget
    }
  })

  it('close waits for what runs, and takes nothing new', async () => {
    const cells = newCells()
    const wait = thread(gate.wait, { env: { HEDDLE_TEST: 'close' } })
    const before = stats().jsThreads
    const task = run(wait(cells, 'done'))
    await until(() => cells[0] === 1)
    const late = wait(cells)
    const closed = wait.close()
    assert.throws(() => wait(cells), { code: 'ERR_HEDDLE_CLOSED', message: /^wait: .* closed$/ })
    assert.equal((await rejection(run(late))).code, 'ERR_HEDDLE_CLOSED')
    open(cells)
    await closed
    assert.equal(await task, 'done')
    await wait.close()
    assert.ok(stats().jsThreads <= before)
  })

  it('close leaves threads alone that other functions use', async () => {
    const env = { HEDDLE_TEST: 'close-shared' }
    const id = () => require('node:worker_threads').threadId
    const [one, two] = [thread(id, { env }), thread(id, { env })]
    const first = await one()
    await one.close()
    assert.equal(await two(), first)
    await two.close()
  })

  it('terminate does not wait', async () => {
    const cells = newCells()
    const loop = thread(gate.loop, { killAfter: Infinity })
    const list = Array.from({ length: 2 * configure().threads }, () => run(loop(cells)))
    await until(() => cells[0] > 0)
    const ends = Promise.allSettled(list)
    await loop.terminate()
    for (const { reason } of await ends) assert.equal(reason.code, 'ERR_HEDDLE_CLOSED')
    assert.throws(() => loop(cells), { code: 'ERR_HEDDLE_CLOSED' })
    await until(() => stats().lentThreads === 0)
  })

  it('Symbol.asyncDispose closes', async function () {
    if (Symbol.asyncDispose === undefined) this.skip()
    const add = thread((a) => a + 1)
    assert.equal(await add(1), 2)
    await add[Symbol.asyncDispose]()
    assert.throws(() => add(1), { code: 'ERR_HEDDLE_CLOSED' })
  })

  it('both keep the process alive until they are done', () => {
    const script = `
      const { thread } = require('heddle')
      const add = thread((a) => a + 1)
      const loop = thread(() => { for (;;); })
      const main = async () => {
        await add(1)
        await add.close()
        loop().catch(() => {})
        await add.terminate()
        await loop.terminate()
        console.log('closed')
      }
      main()
    `
    assert.equal(child(script).stdout, 'closed\n')
  })

  it('close of a function that never ran', async () => {
    const never = thread(() => {})
    await never.close()
    await thread(() => {}).terminate()
  })
})
