'use strict'
// Memory that goes, moves, or is written while tasks use it.

const assert = require('node:assert/strict')
const path = require('node:path')
const { parallel, race, run, sequential } = require('../../lib/index.js')
const { crc32, gunzip, gzip, hash, sort } = require('../../lib/tasks.js')
const { noop } = require('../../lib/testing.js')
const { both } = require('../helpers/child.js')

const fixture = (name) => path.join(__dirname, 'fixtures', name)

/** Takes a buffer's memory away. */
const detach = (view) => structuredClone(view.buffer, { transfer: [view.buffer] })

/** A hash of memory that was there when it was made, and is not any more. */
function lost() {
  const bytes = new Uint8Array(1000)
  const task = hash('md5', bytes)
  detach(bytes)
  return task
}

const EMPTY = 'd41d8cd98f00b204e9800998ecf8427e'
const isLost = { name: 'HeddleError', code: 'ERR_HEDDLE_DETACHED' }

describe('memory that is detached between making and start', () => {
  it('rejects that Task alone when several were awaited in one turn', async () => {
    const settled = await Promise.allSettled([hash('md5', ''), lost(), noop(), lost()])
    const states = settled.map(({ status }) => status)
    assert.deepEqual(states, ['fulfilled', 'rejected', 'fulfilled', 'rejected'])
    assert.equal(settled[0].value, EMPTY)
    assert.equal(settled[1].reason.code, 'ERR_HEDDLE_DETACHED')
  })

  it('rejects when it goes between .then and the end of the turn', async () => {
    const bytes = new Uint8Array(1000)
    const promise = hash('md5', bytes).then()
    const other = hash('md5', '').then()
    detach(bytes)
    await assert.rejects(promise, isLost)
    assert.equal(await other, EMPTY)
  })

  it('rejects the call that it was given to, with its index', async () => {
    await assert.rejects(parallel([noop(), lost()]), { ...isLost, index: 1 })
    await assert.rejects(sequential([noop(), lost()]), { ...isLost, index: 1 })
    await assert.rejects(race([lost()]), { ...isLost, index: 0 })
    await assert.rejects(run(lost()), isLost)
  })

  it('throws when it is gone before', () => {
    const bytes = new Uint8Array(1000)
    detach(bytes)
    assert.throws(() => hash('md5', bytes), isLost)
    assert.throws(() => sort(bytes), isLost)
  })

  it('leaves the other Tasks of a rejected call as they were', async () => {
    const task = hash('md5', '')
    await assert.rejects(parallel([task, lost()]), isLost)
    assert.equal(await task, EMPTY)
  })
})

describe('memory that changes meanwhile', () => {
  both('is shared, and written by another thread', { file: fixture('shared-memory.js') }, (end) => {
    assert.deepEqual(end, { fulfilled: 40 })
  })

  both('is resizable, and resized', { file: fixture('resized.js') }, ({ results, expected }) => {
    assert.deepEqual(results, expected)
  })
})

describe('memory that is transferred while it is read', () => {
  const options = { file: fixture('transferred.js'), node: ['--expose-gc'] }
  both('by Tasks whose work is worth a copy', options, ({ came, expected }) => {
    assert.deepEqual(came, expected)
  })

  both('with the option copy', { ...options, args: ['copy'] }, ({ came, expected }) => {
    assert.deepEqual(came, expected)
  })
})

describe('results of any size', () => {
  const KIB = 1024

  async function expanded(length) {
    return gunzip(await gzip(Buffer.alloc(length, 'heddle')))
  }

  it('up to 64 KiB can be transferred', async () => {
    const result = await sort(new Uint8Array(64 * KIB).fill(1))
    const clone = structuredClone(result, { transfer: [result.buffer] })
    assert.deepEqual([result.length, clone.length], [0, 64 * KIB])
  })

  it('over 64 KiB cannot, and lose nothing when it is tried', async () => {
    const result = await expanded(64 * KIB + 1)
    let clone = result
    try {
      clone = structuredClone(result, { transfer: [result.buffer] })
    } catch (error) {
      assert.equal(error.name, 'DataCloneError') // since Node 22; before, it is a copy
    }
    assert.ok(Buffer.alloc(64 * KIB + 1, 'heddle').equals(clone))
    assert.ok(Buffer.alloc(64 * KIB + 1, 'heddle').equals(structuredClone(result)))
  })

  it('are right around the border, and are not shared', async () => {
    for (const length of [0, 1, 64 * KIB - 1, 64 * KIB, 64 * KIB + 1, 1 << 20]) {
      const [a, b] = await Promise.all([expanded(length), expanded(length)])
      assert.ok(Buffer.alloc(length, 'heddle').equals(a), `${length} bytes`)
      a.fill(0)
      assert.ok(Buffer.alloc(length, 'heddle').equals(b), `${length} bytes`)
    }
  })

  it('of zero bytes, from inputs of zero bytes', async () => {
    const nothing = [new Uint8Array(0), new ArrayBuffer(0), new SharedArrayBuffer(0), '']
    assert.deepEqual(await parallel(nothing.map((data) => hash('md5', data))), Array(4).fill(EMPTY))
    assert.deepEqual(await parallel(nothing.map((data) => crc32(data))), [0, 0, 0, 0])
    assert.deepEqual(await sort(new Float64Array(0)), new Float64Array(0))
    assert.equal((await expanded(0)).length, 0)
  })

  it('of views into a larger buffer', async () => {
    const all = Buffer.from('heddle carries the thread')
    const view = new DataView(all.buffer, all.byteOffset + 7, 7)
    const [a, b] = await parallel([hash('md5', view), hash('md5', 'carries')])
    assert.equal(a, b)
  })
})
