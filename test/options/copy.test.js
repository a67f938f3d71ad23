'use strict'
// The option copy: what a Task reads may go. Memory that is freed under a thread is
// in test/lifecycle/buffers.test.js.

const assert = require('node:assert/strict')
const { createHash } = require('node:crypto')
const { map, parallel, run, sequential, stream } = require('../../lib/index.js')
const { hash, sum } = require('../../lib/tasks.js')
const { noop } = require('../../lib/testing.js')
const { abortable, combinators, sent, turns } = require('../support.js')

const MIB = 1 << 20
const LARGE = 128 * MIB // takes several slices

const bytes = (length, byte = 1) => new Uint8Array(length).fill(byte)
const detach = ({ buffer }) => structuredClone(buffer, { transfer: [buffer] })
const md5 = (data) => createHash('md5').update(data).digest('hex')

describe('option copy', () => {
  for (const [name, call] of Object.entries(combinators)) {
    it(`${name}: what is small is copied by the call itself`, async () => {
      const data = bytes(2 * MIB)
      const expected = md5(data)
      const promise = call([hash('md5', data)], { copy: true })
      detach(data)
      assert.deepEqual([await promise].flat(), [expected])
    })
  }

  const returned = (data) => () => hash('md5', data)
  const ways = {
    'parallel, a function': (data) => parallel([returned(data)], { copy: true }),
    'parallel, a few at a time': (data) => {
      return parallel([() => {}, returned(data)], { copy: true, concurrency: 1 }).then((all) => all.slice(1))
    },
    sequential: (data) => sequential([noop(), hash('md5', data)], { copy: true }).then(([, one]) => [one]),
    'sequential, a function': (data) => sequential([returned(data)], { copy: true }),
    map: (data) => map([data], (one) => hash('md5', one), { copy: true }),
    'map, a few at a time': (data) => map([data], (one) => hash('md5', one), { copy: true, concurrency: 1 }),
    stream: async (data) => {
      const all = []
      for await (const { value } of stream([data], (one) => hash('md5', one), { copy: true })) all.push(value)
      return all
    },
    run: async (data) => [await run(hash('md5', data), { copy: true })],
  }
  for (const [name, way] of Object.entries(ways)) {
    it(`${name}: what is large is copied while the loop goes on`, async () => {
      const data = bytes(LARGE)
      const before = await sent()
      const promise = way(data)
      await null
      assert.equal(await sent(), before) // it has not started
      await turns()
      assert.deepEqual(await promise, [md5(data)])
    })
  }

  it('rejects what is transferred before its turn', async () => {
    const data = bytes(LARGE)
    const promise = parallel([noop(), hash('md5', data)], { copy: true })
    detach(data)
    await assert.rejects(promise, { code: 'ERR_HEDDLE_DETACHED', index: 1 })
  })

  it('an abort meanwhile leaves the Task as it was', async () => {
    const data = bytes(LARGE)
    const task = sum(data)
    const { promise, abort } = abortable(parallel, [task], { copy: true })
    await turns(1)
    abort('why')
    await assert.rejects(promise, (reason) => reason === 'why')
    assert.equal(await task, LARGE)
  })

  it('another call may start the Task meanwhile', async () => {
    const task = sum(bytes(LARGE))
    const [first, second] = [parallel([task], { copy: true }), run(task)]
    assert.deepEqual([await first, await second], [[LARGE], LARGE])
  })

  it('must be a boolean', async () => {
    await assert.rejects(parallel([], { copy: 1 }), {
      code: 'ERR_HEDDLE_INVALID_ARG_TYPE',
      message: 'parallel: option "copy" must be a boolean, got number 1',
    })
  })
})
