'use strict'
// Tasks for which there is no memory when they go down: they fail as members, and
// the others go on. scripts/faults.js makes real allocations fail.

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const { allSettled, any, map, parallel, race, run, sequential, stats, thread } = require('../lib/index.js')
const { native } = require('../lib/task/native.js')
const { crc32 } = require('../lib/tasks.js')
const { noop, sleep } = require('../lib/testing.js')
const { FOREVER, idle, range, rejection, until, whenSettled } = require('./support.js')

const code = 'ERR_HEDDLE_NO_MEMORY'
const CRC = 3904355907 // of 'a'

/** Refuses the calls of open() and append() for which `which(name, number)` holds. */
async function refusing(which, use, why = code) {
  const { open, append } = native
  let number = 0
  const guarded = (name, real) => (...args) => {
    if (which(name, number++)) throw Object.assign(new Error('out of memory'), { code: why })
    return real(...args)
  }
  native.open = guarded('open', open)
  native.append = guarded('append', append)
  try {
    return await use()
  } finally {
    Object.assign(native, { open, append })
    await idle()
    await until(() => native.mailbox.groups.size === 0)
  }
}

const always = () => true
const first = (_, number) => number === 0

describe('Tasks that find no memory when they go down', () => {
  for (const options of [{}, { join: true }, { concurrency: 1 }, { concurrency: 1, join: true }]) {
    it(`are rejections of allSettled, ${JSON.stringify(options)}`, async () => {
      const work = [crc32('a'), () => 2, () => crc32('a'), crc32('b')]
      const results = await refusing(always, () => allSettled(work, options))
      assert.deepEqual(results.map(({ reason, value }) => value ?? [reason.code, reason.index]), [
        [code, 0],
        2,
        [code, 2],
        [code, 3],
      ])
      assert.equal(results[0].reason.message, 'out of memory')
      assert.match(results[0].reason.stack, /refused\.test\.js/)
    })
  }

  it('end parallel, race, sequential and run with that', async () => {
    for (const call of [parallel, race, sequential]) {
      for (const join of [false, true]) {
        const after = crc32('b')
        const error = await refusing(always, () => rejection(call([crc32('a'), after], { join })))
        assert.deepEqual([error.code, error.index], [code, 0])
        assert.match(inspect(after), /not started/)
      }
    }
    const error = await refusing(always, () => rejection(run(crc32('a'), { join: true })))
    assert.equal(error.code, code)
  })

  it('leave the others of any, and of stopOnError: false', async () => {
    assert.equal(await refusing(always, () => any([crc32('a'), () => 2], { join: true })), 2)
    const { errors } = await refusing(always, () =>
      rejection(parallel([crc32('a'), () => 2], { stopOnError: false, join: true })),
    )
    assert.deepEqual(errors.map((error) => [error.code, error.index]), [[code, 0]])
  })

  it('are listed twice', async () => {
    const task = crc32('a')
    const results = await refusing(first, () => allSettled([task, task, () => task], { join: true }))
    assert.deepEqual(results.map(({ reason }) => reason.code), [code, code, code])
  })

  it('are the first of those that others start', async () => {
    const results = await refusing(first, () =>
      map([1, 2, 3], () => crc32('a'), { concurrency: 1, stopOnError: false }).catch(({ errors }) => errors),
    )
    assert.deepEqual(results.map((error) => [error.code, error.index]), [[code, 0]])
  })

  it('are those of a window of a long list', async () => {
    for (const refused of [0, 1, 2]) {
      const work = range(12_000).map(() => noop())
      const results = await refusing((_, number) => number === refused, () => allSettled(work, { join: true }))
      const failed = results.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))
      assert.equal(failed.length, refused < 2 ? 4096 : 12_000 - 2 * 4096)
      assert.equal(failed[0], refused * 4096)
      assert.equal(failed.at(-1), Math.min(12_000, (refused + 1) * 4096) - 1)
    }
  })

  it('are awaited', async () => {
    const tasks = range(3).map(() => crc32('a'))
    const results = await refusing(always, () => Promise.allSettled(tasks))
    for (const { reason } of results) assert.equal(reason.code, code)
  })

  it('are asked for by another call, before and while they fail', async () => {
    const [a, b] = [crc32('a'), crc32('a')]
    const [mine, other] = await refusing(first, () => {
      const call = allSettled([() => a, () => b], { join: true }) // goes down at the end of the turn
      return Promise.all([call, allSettled([a, b], { join: true })])
    })
    assert.deepEqual(mine.map(({ reason }) => reason.code), [code, code])
    assert.deepEqual(other.map(({ reason }) => reason.code), [code, code])
    const [c, d] = [crc32('a'), crc32('a')]
    let late
    const ask = () => {
      if (late !== undefined) return
      late = null // the call tells of members that have failed by now
      late = allSettled([c, d])
    }
    const results = await refusing(first, () => whenSettled(ask, () => allSettled([c, d])))
    assert.deepEqual(results.map(({ reason }) => reason.code), [code, code])
    assert.deepEqual((await late).map(({ reason }) => reason.code), [code, code])
  })

  it('go down beside Tasks of threads', async () => {
    const twice = thread((n) => 2 * n)
    const results = await refusing(always, () => allSettled([twice(1), crc32('a'), twice(2)], { join: true }))
    assert.deepEqual(results.map(({ reason, value }) => value ?? reason.code), [2, code, 4])
    await twice.close()
  })

  it('leave alone what went before them and what follows', async () => {
    const controller = new AbortController()
    const held = parallel([sleep(FOREVER)], { signal: controller.signal })
    const values = await refusing(first, async () => {
      await rejection(parallel([crc32('a'), crc32('b')]))
      const value = await run(crc32('a'))
      controller.abort()
      return [value, (await rejection(held)).name]
    })
    assert.deepEqual(values, [CRC, 'AbortError'])
    assert.equal(stats().queued, 0)
  })

  it('end the call as a whole when it is threads that are missing, and can be run later', async () => {
    const [a, b] = [crc32('a'), crc32('a')]
    const missing = 'ERR_HEDDLE_NO_THREAD'
    const error = await refusing(always, () => rejection(allSettled([a, b], { join: true })), missing)
    assert.equal(error.code, missing)
    assert.deepEqual(await allSettled([a, b]), range(2).map(() => ({ status: 'fulfilled', value: CRC })))
  })
})
