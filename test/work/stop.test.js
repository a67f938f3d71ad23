'use strict'
// Mappers that end the call, and streams that go on.

const assert = require('node:assert/strict')
const { map, mapSkip, mapStop, stream } = require('../../lib/index.js')
const { crc32 } = require('../../lib/tasks.js')
const { idle, range, rejection } = require('../support.js')

async function read(iterator) {
  const items = []
  for await (const item of iterator) items.push(item)
  return items
}

const never = () => new Promise(() => {})

/** Numbers without end, which tell when they are closed. */
function endless(isAsync, log) {
  function* numbers() {
    try {
      for (let i = 0; ; i++) yield i
    } finally {
      log.push('closed')
    }
  }
  return isAsync ? (async function* () { yield* numbers() })() : numbers()
}

describe('mapStop', () => {
  for (const options of [undefined, {}, { concurrency: 2 }, { concurrency: 1 }]) {
    it(`ends map with what there is, ${JSON.stringify(options)}`, async () => {
      const called = []
      const mapper = (n) => (called.push(n), n === 3 ? mapStop : n)
      assert.deepEqual(await map(range(10), mapper, options), [0, 1, 2])
      assert.deepEqual(called, [0, 1, 2, 3])
      assert.deepEqual(await map([1], () => mapStop, options), [])
    })

    it(`leaves out and stops what runs, ${JSON.stringify(options)}`, async () => {
      const aborted = []
      const mapper = (n, _index, { signal }) => {
        if (n === 0) {
          signal.addEventListener('abort', () => aborted.push(signal.reason.code))
          return options?.concurrency === 1 ? 'first' : never()
        }
        return n === 1 ? undefined : Promise.resolve(n === 2 ? mapStop : mapSkip)
      }
      const results = await map(range(3), mapper, options)
      assert.deepEqual(results, options?.concurrency === 1 ? ['first', undefined] : [undefined])
      assert.deepEqual(aborted, options?.concurrency === 1 ? [] : ['ERR_HEDDLE_ABORTED'])
    })
  }

  for (const isAsync of [false, true]) {
    it(`closes the source, async: ${isAsync}`, async () => {
      const log = []
      const results = await map(endless(isAsync, log), (n) => (n > 4 ? mapStop : n), { concurrency: 2 })
      assert.deepEqual(results, [0, 1, 2, 3, 4])
      await idle()
      assert.deepEqual(log, ['closed'])
    })
  }

  it('is a value of a promise, a function or another copy', async () => {
    for (const stop of [async () => mapStop, () => () => mapStop, () => Symbol.for('heddle.mapStop')]) {
      assert.deepEqual(await map([1, 2], (n) => (n === 1 ? crc32('a') : stop()), { concurrency: 1 }), [3904355907])
    }
  })

  it('fails with what had failed, if stopOnError is false', async () => {
    const mapper = async (n) => {
      if (n === 0) throw new Error('zero')
      return n === 2 ? mapStop : n
    }
    const error = await rejection(map(range(4), mapper, { stopOnError: false, concurrency: 1 }))
    assert.equal(error.errors[0].message, 'zero')
  })

  it('a failure that comes first counts', async () => {
    const mapper = async (n) => {
      if (n === 0) throw new Error('zero')
      return mapStop
    }
    assert.equal((await rejection(map([0, 1], mapper))).message, 'zero')
  })

  for (const ordered of [false, true]) {
    it(`ends stream, what was done before is read, ordered: ${ordered}`, async () => {
      const log = []
      const results = stream(endless(false, log), (n) => (n > 2 ? mapStop : n), { ordered, concurrency: 2 })
      assert.deepEqual((await read(results)).map(({ value }) => value), [0, 1, 2])
      assert.deepEqual(log, ['closed'])
    })
  }

  it('gives what waited for its turn in a stream', async () => {
    const work = [never(), 1, 2, Promise.resolve(1).then(() => mapStop)]
    const results = await read(stream(range(4), (i) => () => work[i], { ordered: true, concurrency: 4 }))
    assert.deepEqual(results, [{ index: 1, value: 1 }, { index: 2, value: 2 }])
  })
})

describe('stream with stopOnError: false', () => {
  const mapper = (n) => {
    if (n === 1) throw new Error('one')
    return n === 2 ? Promise.reject(mapSkip) : n === 3 ? mapSkip : n
  }

  for (const options of [{ ordered: true }, { ordered: false }, { ordered: true, concurrency: 1 }]) {
    it(`goes on, and gives how each has settled, ${JSON.stringify(options)}`, async () => {
      const items = await read(stream(range(5), mapper, { ...options, stopOnError: false }))
      const sorted = items.sort((a, b) => a.index - b.index)
      assert.equal(sorted[1].reason.message, 'one')
      assert.deepEqual(sorted, [
        { index: 0, status: 'fulfilled', value: 0 },
        { index: 1, status: 'rejected', reason: sorted[1].reason },
        { index: 2, status: 'rejected', reason: mapSkip },
        { index: 4, status: 'fulfilled', value: 4 },
      ])
    })
  }

  it('gives failures of Tasks, with their index', async () => {
    const { gunzip } = require('../../lib/tasks.js')
    const options = { ordered: true, stopOnError: false }
    const [first, second] = await read(stream(['x', 'y'], gunzip, options))
    assert.deepEqual([first.reason.index, second.reason.index], [0, 1])
  })

  it('throws what its source throws, and what the signal says', async () => {
    function* source() {
      yield 1
      throw new Error('source')
    }
    assert.equal((await rejection(read(stream(source(), (n) => n, { stopOnError: false })))).message, 'source')
    const options = { stopOnError: false, signal: AbortSignal.abort('over') }
    assert.equal(await rejection(read(stream([1], (n) => n, options))), 'over')
  })

  it('is refused if it is no boolean', async () => {
    const error = await rejection(read(stream([1], (n) => n, { stopOnError: 'no' })))
    assert.equal(error.code, 'ERR_HEDDLE_INVALID_ARG_TYPE')
  })
})
