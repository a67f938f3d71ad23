'use strict'

const assert = require('node:assert/strict')
const { AsyncLocalStorage } = require('node:async_hooks')
const { channel, tracingChannel } = require('node:diagnostics_channel')
const { parallel, map, race, sequential, stream } = require('../../lib/index.js')
const { crc32, hash } = require('../../lib/tasks.js')
const { sleep } = require('../../lib/testing.js')
const { FOREVER } = require('../support.js')

const events = ['start', 'end', 'asyncStart', 'asyncEnd', 'error']

/** What is published meanwhile: [event, message as it was then]. */
async function traced(name, use) {
  const log = []
  const handlers = Object.fromEntries(
    events.map((event) => [event, (message) => log.push([event, { ...message }])]),
  )
  tracingChannel(name).subscribe(handlers)
  try {
    await use()
  } finally {
    tracingChannel(name).unsubscribe(handlers)
  }
  return log
}

describe('tracing channels', () => {
  it('heddle:call tells of calls', async () => {
    const log = await traced('heddle:call', () => parallel([1, 2]))
    assert.deepEqual(log, [
      ['start', { name: 'parallel', total: undefined }],
      ['end', { name: 'parallel', total: 2 }],
      ['asyncStart', { name: 'parallel', total: 2, result: [1, 2] }],
      ['asyncEnd', { name: 'parallel', total: 2, result: [1, 2] }],
    ])
    const error = new Error('mine')
    const failed = await traced('heddle:call', () => race([Promise.reject(error)]).catch(() => {}))
    assert.deepEqual(failed.map(([event]) => event), ['start', 'end', 'error', 'asyncStart', 'asyncEnd'])
    assert.equal(failed[2][1].error, error)
  })

  it('heddle:call tells of streams, when they are read', async () => {
    const log = await traced('heddle:call', async () => {
      const results = stream([1], (n) => n)
      await results.next()
      await results.next()
    })
    assert.deepEqual(log.map(([event, { name }]) => [event, name]).slice(0, 2), [['start', 'stream'], ['end', 'stream']])
    assert.equal(log.at(-1)[0], 'asyncEnd')
  })

  const named = function named() {
    return 'function'
  }

  for (const [name, call] of Object.entries({
    parallel: (work) => parallel(work),
    'parallel, one at a time,': (work) => parallel(work, { concurrency: 1 }),
    sequential: (work) => sequential(work),
  })) {
    it(`heddle:member tells of members of ${name}`, async () => {
      const log = await traced('heddle:member', () => call([named, crc32('a'), Promise.resolve('p')]))
      const ends = log.filter(([event]) => event === 'asyncEnd').map(([, message]) => message)
      ends.sort((a, b) => a.index - b.index)
      const combinator = name.split(',')[0]
      assert.deepEqual(ends, [
        { call: combinator, name: 'named', index: 0, result: 'function' },
        { call: combinator, name: 'crc32', index: 1, result: 3904355907 },
        { call: combinator, name: 'promise', index: 2, result: 'p' },
      ])
      for (const event of ['start', 'end', 'asyncStart']) {
        assert.equal(log.filter(([e]) => e === event).length, 3)
      }
      assert.equal(log.filter(([event]) => event === 'error').length, 0)
    })

    it(`heddle:member tells of failures in ${name}`, async () => {
      for (const bad of [() => hash('md6', ''), () => Promise.reject(new Error('no'))]) {
        const log = await traced('heddle:member', () => call([bad]).catch(() => {}))
        assert.deepEqual(log.map(([event]) => event), ['start', 'end', 'error', 'asyncStart', 'asyncEnd'])
        assert.ok(log[2][1].error instanceof Error)
      }
    })
  }

  it('heddle:member tells of items', async () => {
    const log = await traced('heddle:member', () => map(['a', 'b'], named, { concurrency: 1 }))
    const ends = log.filter(([event]) => event === 'asyncEnd').map(([, message]) => message)
    assert.deepEqual(ends, [
      { call: 'map', name: 'named', index: 0, result: 'function' },
      { call: 'map', name: 'named', index: 1, result: 'function' },
    ])
  })

  it('tells of each member once that is stopped', async () => {
    const log = await traced('heddle:member', () => race({ won: 1, lost: sleep(FOREVER), late: () => new Promise(() => {}) }))
    const ends = log.filter(([event]) => event === 'asyncEnd').map(([, { index, error }]) => [index, error?.name])
    assert.deepEqual(ends.sort(), [['late', 'AbortError'], ['lost', 'AbortError'], ['won', undefined]])
  })

  it('binds stores to members', async () => {
    const storage = new AsyncLocalStorage()
    const start = channel('tracing:heddle:member:start')
    start.bindStore(storage, ({ index }) => `member ${index}`)
    try {
      const found = await parallel([() => storage.getStore(), async () => storage.getStore()])
      assert.deepEqual(found, ['member 0', 'member 1'])
    } finally {
      start.unbindStore(storage)
    }
  })
})
