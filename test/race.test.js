'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const { inspect } = require('node:util')
const { configure, race, stats } = require('../lib/index.js')
const { gunzip, hash, writeFile } = require('../lib/tasks.js')
const { noop, sleep } = require('../lib/testing.js')
const support = require('./support.js')
const { FOREVER, idle, ran, range, rejection, sent, until, withThreads } = support

const MD5_OF_A = '0cc175b9c0f1b6a831c399e269772661'

describe('race', () => {
  const temporary = support.temporaryFolder()
  withThreads(2)

  it('settles as the first member to settle', async () => {
    assert.equal(await race([sleep(FOREVER), hash('md5', 'a')]), MD5_OF_A)
    assert.equal(await race({ a: hash('md5', 'a'), b: sleep(FOREVER) }), MD5_OF_A)
    assert.equal(await race(new Set([sleep(FOREVER), hash('md5', 'a')])), MD5_OF_A)
    assert.equal(await race([hash('md5', 'a')]), MD5_OF_A)
  })

  it('rejects when that one failed, with its index or key', async () => {
    const list = await rejection(race([sleep(FOREVER), gunzip('x')]))
    assert.equal(list.code, 'Z_BUF_ERROR')
    assert.equal(list.index, 1)
    const object = await rejection(race({ slow: sleep(FOREVER), bad: gunzip('x') }))
    assert.equal(object.index, 'bad')
  })

  it('is decided by a Task that had settled before, and starts nothing more', async () => {
    const task = hash('md5', 'a')
    await task
    const failed = gunzip('x')
    const error = await rejection(failed)
    const before = await sent()
    assert.equal(await race([task, sleep(FOREVER)]), MD5_OF_A)
    assert.equal(await rejection(race([failed, task])), error)
    assert.equal(await sent(), before)
  })

  it('takes one that runs for somebody else, and leaves it to them', async () => {
    const shared = sleep(300)
    const mine = shared.then(() => 'slept')
    await until(() => stats().running === 1)
    assert.equal(await race([shared, hash('md5', 'a')]), MD5_OF_A)
    assert.equal(await mine, 'slept')
  })

  it('is won by one that runs for somebody else', async () => {
    const shared = sleep(50)
    const mine = shared.then(() => 'slept')
    assert.equal(await race([shared, sleep(FOREVER)]), undefined)
    assert.equal(await mine, 'slept')
    await idle()
  })

  it('stops losers that run', async () => {
    await idle()
    const before = stats().cancelled
    const loser = sleep(FOREVER)
    await race([loser, noop()])
    await idle()
    assert.equal(stats().cancelled, before + 1)
    const error = await rejection(loser)
    assert.equal(error.name, 'AbortError')
    assert.equal(error.code, 'ERR_HEDDLE_ABORTED')
  })

  it('stops losers also when it was lost by a failure', async () => {
    const loser = sleep(FOREVER)
    assert.equal((await rejection(race([loser, gunzip('x')]))).index, 1)
    await idle()
    assert.ok((await rejection(loser)) instanceof Error)
  })

  it('does not start losers that wait for a thread', async () => {
    configure({ threads: 1 })
    const before = ran()
    const losers = range(20).map((i) => writeFile(temporary(`${i}`), 'a'))
    assert.equal(await race([hash('md5', 'a'), ...losers]), MD5_OF_A)
    await until(() => losers.every((loser) => inspect(loser).includes('<not started>')))
    assert.equal(ran(), before + 1)
    assert.deepEqual(fs.readdirSync(temporary()), [])
    await Promise.all(losers)
    assert.equal(fs.readdirSync(temporary()).length, 20)
  })

  it('of many, is won by one of them', async () => {
    const before = ran()
    assert.equal(await race(range(20000).map(() => noop())), undefined)
    await idle()
    assert.ok(ran() - before < 20000)
  })

  it('has one member at a time with concurrency: 1', async () => {
    const before = ran()
    assert.equal(await race([sleep(20), noop(), noop()], { concurrency: 1 }), undefined)
    await idle()
    assert.equal(ran(), before + 1)
  })

  it('waits with join until losers have stopped', async () => {
    await race([sleep(FOREVER), noop()], { join: true })
    assert.equal(stats().running, 0)
  })

  it('of nothing is a RangeError', async () => {
    for (const work of [[], {}, new Set()]) {
      const error = await rejection(race(work))
      assert.ok(error instanceof RangeError)
      assert.equal(error.code, 'ERR_HEDDLE_OUT_OF_RANGE')
      assert.match(error.message, /^race: .*at least one/)
    }
  })

  it('refuses what is no list or object of work', async () => {
    for (const work of [undefined, null, 'text', noop(), Promise.resolve(), () => {}, { then: noop() }]) {
      const error = await rejection(race(work))
      assert.ok(error instanceof TypeError)
      assert.match(error.message, /^race: /)
    }
  })

  it('rejects with the reason of its signal', async () => {
    const controller = new AbortController()
    const losers = [sleep(FOREVER), sleep(FOREVER), sleep(FOREVER)]
    const aborted = race(losers, { signal: controller.signal, join: true })
    await until(() => stats().running === 2)
    const reason = { not: 'an Error' }
    controller.abort(reason)
    assert.equal(await aborted.catch((error) => error), reason)
    assert.equal(stats().running, 0)
    assert.match(inspect(losers[2]), /<not started>/)
  })
})
