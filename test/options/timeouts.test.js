'use strict'

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const { chain, load, map, parallel, run, sequential, stats } = require('../../lib/index.js')
const { crc32, pbkdf2 } = require('../../lib/tasks.js')
const { noop, sleep, spin } = require('../../lib/testing.js')
const { compileTasks } = require('../helpers/plugin.js')
const { FOREVER, child, combinators, hold, idle, range, rejection, turns, until, withThreads } = require('../support.js')

describe('option timeout', () => {
  for (const [name, call] of Object.entries(combinators)) {
    it(`${name}: rejects with a TimeoutError`, async () => {
      const error = await rejection(call([sleep(FOREVER)], { timeout: 5, join: true }))
      assert.equal(error.name, 'TimeoutError')
      assert.equal(error.code, 'ERR_HEDDLE_TIMEOUT')
      assert.equal(error.message, `${name}: timed out after 5 ms`)
      assert.equal('index' in error, false)
      assert.equal(stats().running, 0)
    })
  }

  it('counts the time in the queue', async () => {
    const release = await hold()
    const task = noop()
    assert.equal((await rejection(parallel([task], { timeout: 5 }))).name, 'TimeoutError')
    assert.match(inspect(task), /<not started>|<pending>/)
    await release()
    await until(() => /not started/.test(inspect(task)))
  })

  it('may be Infinity, and leaves nothing behind that keeps the process', () => {
    const { status, stdout } = child(`
      const { parallel } = require('./lib/index.js')
      const { noop } = require('./lib/testing.js')
      const calls = [{ timeout: 2 ** 31 - 1 }, { timeout: Infinity, itemTimeout: Infinity },
        { itemTimeout: 2 ** 31 - 1 }, { onProgress() {} }]
      Promise.all(calls.map((options) => parallel([noop()], options))).then(() => console.log('done'))
    `)
    assert.equal(stdout, 'done\n')
    assert.equal(status, 0)
  })
})

describe('option itemTimeout', () => {
  withThreads(1)

  it('stops the member, and says which', async () => {
    const error = await rejection(parallel([noop(), sleep(FOREVER)], { itemTimeout: 20 }))
    assert.equal(error.name, 'TimeoutError')
    assert.equal(error.code, 'ERR_HEDDLE_TIMEOUT')
    assert.equal(error.message, 'sleep: timed out after 20 ms')
    assert.equal(error.index, 1)
  })

  it('counts from the start of each member, not from queueing', async () => {
    // On one thread they take 30 * 20 ms: all but the first few wait longer.
    const results = await parallel(range(30).map(() => sleep(20)), { itemTimeout: 400 })
    assert.equal(results.length, 30)
  })

  it('fails one member alone with stopOnError: false', async () => {
    const work = { a: sleep(1), b: sleep(FOREVER), c: sleep(1), d: spin(FOREVER) }
    const error = await rejection(parallel(work, { itemTimeout: 100, stopOnError: false }))
    assert.deepEqual(error.errors.map(({ index, name }) => [index, name]), [
      ['b', 'TimeoutError'],
      ['d', 'TimeoutError'],
    ])
  })

  it('ends a sequence at the step that took too long', async () => {
    const after = noop()
    const error = await rejection(
      sequential([sleep(1), sleep(FOREVER), after], { itemTimeout: 100 }),
    )
    assert.equal(error.index, 1)
    await until(() => /<not started>/.test(inspect(after)))
  })

  it('bounds a chain as a whole', async () => {
    const error = await rejection(run(chain(noop(), sleep(FOREVER)), { itemTimeout: 20 }))
    assert.equal(error.message, 'chain: timed out after 20 ms')
  })

  it('rejects at once though pbkdf2 cannot be stopped', async () => {
    const error = await rejection(run(pbkdf2('a', 'b', 1e6, 8, 'sha1'), { itemTimeout: 1 }))
    assert.equal(error.code, 'ERR_HEDDLE_TIMEOUT')
    assert.equal(stats().running, 1)
    await idle()
  })

  describe('of a member that does not look, and ends late', () => {
    const source = `#include <stdatomic.h>
static heddle_status gate(heddle_call *call) {
  const _Atomic int32_t *open = heddle_arg(call, 0)->as.data;
  uint64_t until = heddle_now(call) + 240 * UINT64_C(1000000000);
  while (atomic_load(open) == 0 && heddle_now(call) < until) {
  }
  heddle_result_f64(call, 1);
  return HEDDLE_OK;
}
`
    let gate

    before(() => {
      gate = load(compileTasks(source, '{"gate", "open: i32[] -> f64", gate, 0}')).gate
    })

    /** A call whose second Task waits in the place that the first has left, which runs on. */
    async function successor(call) {
      const open = new Int32Array(new SharedArrayBuffer(4))
      let calls = 0
      const promise = call(() => (calls++ === 0 ? gate(open) : crc32('a')))
      promise.catch(() => {})
      await until(() => calls === 2)
      await turns() // its Task has gone down, behind the one that runs
      Atomics.store(open, 0, 1)
      return promise
    }

    it('leaves the next attempt alone', async () => {
      const retry = { retries: 1, minTimeout: 0 }
      const result = await successor((fn) => parallel([fn], { itemTimeout: 20, retry }))
      assert.deepEqual(result, [3904355907])
    })

    it('leaves the next item alone', async () => {
      const options = { itemTimeout: 20, stopOnError: false, concurrency: 1 }
      const { errors } = await rejection(successor((fn) => map([1, 2], fn, options)))
      assert.deepEqual(errors.map(({ name, index }) => [name, index]), [['TimeoutError', 0]])
    })
  })

  it('is none when it is Infinity', async () => {
    assert.deepEqual(await parallel([sleep(30)], { itemTimeout: Infinity }), [undefined])
  })
})
