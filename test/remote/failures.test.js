'use strict'
// heddle/remote when something fails: what was started is known, and nothing stays pending.

const assert = require('node:assert/strict')
const { allSettled, delay, parallel, run } = require('heddle')
const { connect } = require('heddle/remote')
const { until } = require('../helpers/load.js')
const { needsRedis, startWorker, TestRedis } = require('./support.js')

describe('heddle/remote, once or known', function () {
  this.timeout(120_000)
  const redis = new TestRedis()
  let worker
  let remote
  let made

  before(needsRedis)
  before(async () => {
    await redis.start()
    worker = await startWorker(redis, { lockDuration: 3000 })
    remote = connect({ queue: 'test', connection: redis.connection })
    made = Object.fromEntries(['add', 'note', 'halves', 'sleep'].map((name) => [name, remote(name)]))
  })
  after(async () => {
    await remote?.close()
    await worker?.close()
    await redis.stop()
  })
  beforeEach(() => redis.forget())

  it('runs on while its loop is free: locks are renewed', async () => {
    const busy = remote('busy')
    assert.equal(await busy(8000), 'done') // the lock is for 3 s
    assert.deepEqual(redis.noted(), ['busy'])
  })

  it('starts nothing twice whose worker died, and says so', async () => {
    const doomed = await startWorker(redis, { queue: 'doomed', lockDuration: 1000 })
    const other = connect({ queue: 'doomed', connection: redis.connection, waitTimeout: 5000 })
    const end = run(other('note')('once', 60_000))
    await until(() => redis.noted().includes('once'))
    await doomed.kill()
    const second = await startWorker(redis, { queue: 'doomed', lockDuration: 1000 })
    await assert.rejects(end, { code: 'ERR_HEDDLE_REMOTE_LOST', message: /note: the job was lost: its worker was lost while it ran/ })
    await delay(1500)
    assert.deepEqual(redis.noted(), ['once'])
    // An idempotent one runs again.
    redis.forget()
    const third = await startWorker(redis, { queue: 'doomed', lockDuration: 1000 })
    await second.close()
    const again = run(other('note', { idempotent: true })('again', 1500))
    await until(() => redis.noted().includes('again'))
    await third.kill()
    const last = await startWorker(redis, { queue: 'doomed', lockDuration: 1000 })
    assert.equal(await again, 'again')
    assert.deepEqual(redis.noted(), ['again', 'again'])
    await other.close()
    await last.close()
  })

  it('gives members of a batch that had not begun to another worker', async () => {
    const doomed = await startWorker(redis, { queue: 'half', lockDuration: 1000, threads: 1 })
    const other = connect({ queue: 'half', connection: redis.connection, batch: 8, waitTimeout: 20_000 })
    const note = other('note')
    let ended = 0
    const onProgress = ({ done }) => (ended = done)
    const end = allSettled([note('0'), note('1'), note('2', 60_000), ...['3', '4', '5', '6', '7'].map((name) => note(name))], { onProgress })
    await until(() => ended === 2 && redis.noted().includes('2'))
    await doomed.kill()
    const second = await startWorker(redis, { queue: 'half', lockDuration: 1000 })
    const ends = await end
    assert.deepEqual(ends.map(({ value, reason }) => value ?? reason.code), ['0', '1', 'ERR_HEDDLE_REMOTE_LOST', '3', '4', '5', '6', '7'])
    assert.deepEqual(redis.noted().sort(), ['0', '1', '2', '3', '4', '5', '6', '7'])
    await other.close()
    await second.close()
  })

  it('does not listen to a worker that stood still, and went on', async () => {
    const still = await startWorker(redis, { queue: 'still', lockDuration: 1000, threads: 1 })
    const other = connect({ queue: 'still', connection: redis.connection, batch: 4, waitTimeout: 20_000 })
    const note = other('note')
    const end = allSettled([note('a', 500), note('b'), note('c'), note('d')])
    await until(() => redis.noted().includes('a'))
    await still.kill('SIGSTOP')
    const second = await startWorker(redis, { queue: 'still', lockDuration: 1000 })
    const ends = await end
    await still.kill('SIGCONT')
    assert.deepEqual(ends.map(({ value, reason }) => value ?? reason.code), ['ERR_HEDDLE_REMOTE_LOST', 'b', 'c', 'd'])
    assert.equal(await note('e'), 'e')
    await still.close()
    assert.deepEqual(redis.noted().sort(), ['a', 'b', 'c', 'd', 'e'])
    await other.close()
    await second.close()
  })

  it('ends gracefully: one of two workers goes, and nothing is lost', async () => {
    const [one, two] = [await startWorker(redis, { queue: 'pair' }), await startWorker(redis, { queue: 'pair' })]
    const other = connect({ queue: 'pair', connection: redis.connection, batch: 1 })
    const end = parallel(Array.from({ length: 30 }, (_, i) => other('note')(`${i}`, 50)))
    await until(() => redis.noted().length > 3)
    await one.close()
    assert.deepEqual(await end, Array.from({ length: 30 }, (_, i) => `${i}`))
    assert.equal(redis.noted().length, 30)
    await other.close()
    await two.close()
  })

  // ---- Redis ----

  it('settles all when Redis is emptied, and goes on', async () => {
    const end = run(made.note('emptied', 60_000))
    await until(() => redis.noted().includes('emptied'))
    await redis.ask('FLUSHALL')
    await assert.rejects(end, { code: 'ERR_HEDDLE_REMOTE_LOST' })
    assert.equal(await made.add(1, 2), 3)
  })

  it('goes on when Redis is killed and comes again', async () => {
    const end = parallel(Array.from({ length: 5 }, (_, i) => made.add(i, 1)))
    await end
    const during = run(made.note('during', 1000))
    await until(() => redis.noted().includes('during'))
    await redis.kill()
    await redis.start()
    assert.ok(['during'].includes(await during.catch(({ code }) => assert.equal(code, 'ERR_HEDDLE_REMOTE_LOST') ?? 'during')))
    assert.equal(await made.add(1, 2), 3)
    assert.deepEqual(redis.noted(), ['during'])
  })

  it('rejects what waits for a Redis that is not there', async () => {
    const other = connect({ queue: 'test', connection: { path: `${redis.folder}/none` }, waitTimeout: 700 })
    await assert.rejects(run(other('add')(1, 2)), { code: 'ERR_HEDDLE_REMOTE_UNSERVED', message: 'add: there is no connection to Redis, for 700 ms' })
    await other.close()
  })

  // ---- Arguments ----
})
