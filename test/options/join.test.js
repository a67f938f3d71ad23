'use strict'

const assert = require('node:assert/strict')
const { configure, parallel, previous, sequential, stats } = require('../../lib/index.js')
const { crc32, gunzip, pbkdf2 } = require('../../lib/tasks.js')
const { noop, sleep } = require('../../lib/testing.js')
const { FOREVER, combinators, range, rejection, until } = require('../support.js')

describe('option join', () => {
  for (const [name, call] of Object.entries(combinators)) {
    it(`${name}: waits until what it started has stopped`, async () => {
      const controller = new AbortController()
      const { signal } = controller
      const task = pbkdf2('a', 'b', 1e6, 8, 'sha1') // cannot be interrupted
      const promise = call([task], { signal, join: true })
      await until(() => stats().running === 1)
      controller.abort('why')
      assert.equal(await promise.catch((reason) => reason), 'why')
      assert.equal(stats().running, 0)
    })
  }

  it('fulfils as without it', async () => {
    assert.deepEqual(await parallel([crc32('a')], { join: true }), [await crc32('a')])
    assert.deepEqual(await sequential([crc32('a'), crc32('b', previous)], { join: true }), [
      await crc32('a'),
      await crc32('b', await crc32('a')),
    ])
  })

  it('waits for the members that run when one fails', async () => {
    const before = configure().threads
    configure({ threads: 2 })
    const work = [sleep(FOREVER), gunzip('x'), ...range(10).map(() => noop())]
    assert.equal((await rejection(parallel(work, { join: true }))).index, 1)
    assert.equal(stats().running, 0)
    assert.equal(stats().queued, 0)
    configure({ threads: before })
  })

  it('does not wait for a Task that others keep', async () => {
    const shared = sleep(300)
    const other = parallel([shared])
    const joined = parallel([shared, noop()], { join: true, timeout: 20 })
    assert.equal((await rejection(joined)).name, 'TimeoutError')
    assert.equal(stats().running, 1)
    await other
  })
})
