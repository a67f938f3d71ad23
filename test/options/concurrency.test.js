'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const { parallel, stats } = require('../../lib/index.js')
const { hash, writeFile } = require('../../lib/tasks.js')
const { noop, sleep } = require('../../lib/testing.js')
const { FOREVER, hold, idle, range, rejection, temporaryFolder, turns, until, withThreads } = require('../support.js')

describe('option concurrency', () => {
  withThreads(4)

  for (const most of [1, 2, 3, Infinity]) {
    it(`keeps at most ${most} under way, and that many`, async () => {
      await idle()
      let seen = 0
      const wanted = Math.min(most, 4)
      const controller = new AbortController()
      const { signal } = controller
      const held = parallel(range(50).map(() => sleep(FOREVER)), { concurrency: most, signal, join: true })
      await until(() => (seen = Math.max(seen, stats().running)) >= wanted)
      for (let i = 0; i < 200; i++) {
        seen = Math.max(seen, stats().running)
        await turns(1)
      }
      controller.abort()
      await rejection(held)
      assert.equal(seen, wanted)
    })
  }

  it('runs in the order of the list when it is 1', async () => {
    const order = []
    const work = range(100).map(() => noop())
    const done = parallel(work, { concurrency: 1 })
    await Promise.all(work.map((task, i) => task.then(() => order.push(i))))
    await done
    assert.deepEqual(order, range(100))
  })

  it('does not let one call take the threads of another', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const held = parallel(range(50).map(() => sleep(FOREVER)), { concurrency: 3, signal, join: true })
    await until(() => stats().running === 3)
    assert.equal((await parallel(range(50).map(() => noop()))).length, 50)
    await until(() => stats().running === 3) // a runner may be on its way out
    controller.abort()
    await rejection(held)
  })
})

describe('option priority', () => {
  const temporary = temporaryFolder()
  withThreads(1)

  it('goes by the number, higher first', async () => {
    const release = await hold()
    const order = []
    const priorities = [0, 5, -1, undefined, 1e9, 0.5, -1e300, 5]
    const calls = priorities.map((priority, i) =>
      parallel([noop(), noop()], { priority }).then(() => order.push(i)),
    )
    await release()
    await Promise.all(calls)
    const byNumber = (list) => list.map((i) => priorities[i] ?? 0)
    assert.deepEqual(byNumber(order), [1e9, 5, 5, 0.5, 0, 0, -1, -1e300])
  })

  it('goes before what waits, not before what runs', async () => {
    const path = temporary('priority')
    const release = await hold()
    const low = parallel(range(100).map((i) => writeFile(path, `low ${i}`)))
    const [seen] = await Promise.all([
      parallel([hash('md5', __filename), writeFile(path, 'high')], { priority: 1 }).then(
        () => stats().queued,
      ),
      release(),
    ])
    assert.ok(seen > 0)
    await low
    assert.match(fs.readFileSync(path, 'utf8'), /^low/)
  })
})
