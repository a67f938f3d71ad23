'use strict'

const assert = require('node:assert/strict')
const { run, stats } = require('heddle')
const { hash } = require('heddle/tasks')
const { noop, sleep } = require('heddle/testing')

describe('run', () => {
  it('settles as the Task does', async () => {
    const task = hash('md5', 'x')
    assert.equal(await run(task), '9dd4e461268c8034f5c8564e155c67a6')
    assert.equal(await run(task, {}), await task)
    await assert.rejects(run(hash('none', 'x')), (error) => !('index' in error) && error.code === 'ERR_CRYPTO_INVALID_DIGEST')
  })

  it('stops the Task at its timeout, and says whose it was', async () => {
    await assert.rejects(run(sleep(1e6), { timeout: 1, join: true }), {
      name: 'TimeoutError',
      code: 'ERR_HEDDLE_TIMEOUT',
      message: 'run: timed out after 1 ms',
    })
    await assert.rejects(run(sleep(1e6), { itemTimeout: 1, join: true }), {
      name: 'TimeoutError',
      message: 'sleep: timed out after 1 ms',
    })
    assert.equal(stats().running, 0)
  })

  it('reports the progress inside the Task', async () => {
    const seen = []
    await run(sleep(300), { onProgress: (progress) => seen.push(progress) })
    assert.deepEqual(seen.at(-1), { done: 1, total: 1, failed: 0, fraction: 1 })
    assert.ok(seen.some(({ done, fraction }) => done === 0 && fraction > 0 && fraction < 1))
    assert.deepEqual(seen, seen.toSorted((a, b) => a.fraction - b.fraction))
  })

  it('refuses what is no Task, and options that do not apply', async () => {
    await assert.rejects(run(Promise.resolve()), { name: 'TypeError', message: /must be a Task, got an instance of Promise/ })
    await assert.rejects(run(noop(), { stopOnError: true }), { code: 'ERR_HEDDLE_MISUSE', message: /'stopOnError' does not apply/ })
  })
})
