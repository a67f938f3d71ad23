'use strict'

const assert = require('node:assert/strict')
const { MessageChannel } = require('node:worker_threads')
const { parallel, run, thread, transfer } = require('heddle')
const { rejection } = require('../support.js')

const same = thread((value) => value)

describe('thread: data', () => {
  it('is cloned both ways', async () => {
    const value = {
      list: [1, 'a', null, undefined, 5n],
      map: new Map([[1, new Set(['x'])]]),
      date: new Date(0),
      regexp: /a/g,
      bytes: new Uint8Array([1, 2]),
      error: new RangeError('r'),
    }
    value.self = value
    const got = await same(value)
    assert.notEqual(got, value)
    assert.equal(got.self, got)
    assert.deepEqual({ ...got, self: 0 }, { ...value, self: 0 })
  })

  it('keeps undefined, null and holes of results in a list', async () => {
    const values = [undefined, null, 0, '', false, NaN, -0]
    assert.deepEqual(await parallel(values.map((value) => same(value))), values)
    assert.deepEqual(await parallel(values.map(() => same())), values.map(() => undefined))
  })

  it('each Task gets a copy of its own', async () => {
    const push = thread((list) => list.push(0))
    const list = []
    assert.deepEqual(await parallel(Array.from({ length: 50 }, () => push(list))), Array(50).fill(1))
    assert.deepEqual(list, [])
  })

  it('a function may reuse its result', async () => {
    const reuse = thread((n) => {
      globalThis.heddleTest ??= { n: 0 }
      globalThis.heddleTest.n = n
      return globalThis.heddleTest
    })
    const list = Array.from({ length: 500 }, (_, i) => reuse(i))
    assert.deepEqual(await parallel(list), list.map((_, n) => ({ n })))
  })

  it('SharedArrayBuffers are shared', async () => {
    const count = thread((cells) => Atomics.add(cells, 0, 1))
    const cells = new Int32Array(new SharedArrayBuffer(4))
    await parallel(Array.from({ length: 100 }, () => count(cells)))
    assert.equal(cells[0], 100)
  })

  it('WebAssembly modules pass', async () => {
    const empty = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))
    const exports = thread((module) => WebAssembly.Module.exports(module).length)
    assert.equal(await exports(empty), 0)
    assert.ok((await same(empty)) instanceof WebAssembly.Module)
  })

  it('transfer moves an argument', async () => {
    const length = thread((bytes) => bytes.byteLength)
    const buffers = Array.from({ length: 5 }, (_, i) => new ArrayBuffer(i + 1))
    assert.deepEqual(await parallel(buffers.map((b) => length(transfer(b)))), [1, 2, 3, 4, 5])
    assert.deepEqual(buffers.map((b) => b.byteLength), [0, 0, 0, 0, 0])
    const view = new Float64Array(2)
    assert.equal(await length(transfer(view)), 16)
    assert.equal(view.length, 0)
  })

  it('transfer takes a list of what is to be moved in a value', async () => {
    const { port1, port2 } = new MessageChannel()
    const say = thread(({ port, text }) => port.postMessage(text))
    const heard = new Promise((resolve) => port1.once('message', resolve))
    await say(transfer({ port: port2, text: 'hello' }, [port2]))
    assert.equal(await heard, 'hello')
    port1.close()
  })

  it('transfer moves a result', async () => {
    const make = thread(
      (size, { transfer }) => {
        const buffer = new ArrayBuffer(size)
        globalThis.heddleKept = buffer
        return transfer({ buffer }, [buffer])
      },
      { context: true },
    )
    const kept = thread(() => globalThis.heddleKept.byteLength)
    assert.equal((await make(10)).buffer.byteLength, 10)
    const all = await parallel([make(1), make(2), make(3)])
    assert.deepEqual(all.map(({ buffer }) => buffer.byteLength), [1, 2, 3])
    assert.equal(await kept(), 0)
  })

  it('refuses to transfer what is no object or list', () => {
    assert.throws(() => transfer(7), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE', message: /"value"/ })
    assert.throws(() => transfer({}, 7), { code: 'ERR_HEDDLE_INVALID_ARG_TYPE', message: /"list"/ })
  })

  it('an argument that cannot be cloned rejects its own Task', async () => {
    const list = [1, () => {}, 3, Symbol('s'), 5].map((value) => same(value))
    const error = await rejection(parallel(list))
    assert.ok(error instanceof DOMException)
    assert.equal(error.name, 'DataCloneError')
    assert.equal(error.index, 1)
    assert.match(error.message, /^thread: an argument cannot be sent between threads: .*could not be cloned/)
    const all = await Promise.allSettled([1, () => {}, 3].map((value) => same(value)))
    assert.deepEqual(all.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled'])
  })

  it('what cannot be transferred rejects, too', async () => {
    assert.equal((await rejection(run(same(transfer({}))))).name, 'DataCloneError')
    const give = thread((_, context) => context.transfer({}), { context: true })
    assert.equal((await rejection(run(give(1)))).name, 'DataCloneError')
  })

  it('a result that cannot be cloned rejects its own Task, and the thread goes on', async () => {
    const odd = thread((n) => (n % 10 === 7 ? { f: () => n } : n), { name: 'odd' })
    const list = Array.from({ length: 30 }, (_, i) => odd(i))
    const error = await rejection(parallel(list, { stopOnError: false }))
    assert.deepEqual(error.errors.map(({ name, index }) => [name, index]), [
      ['DataCloneError', 7],
      ['DataCloneError', 17],
      ['DataCloneError', 27],
    ])
    assert.match(error.errors[0].message, /^odd: the result cannot be sent between threads/)
    assert.equal(await list[8], 8)
  })

  it('what a getter of an argument throws rejects its own Task', async () => {
    const reason = new Error('no')
    const bad = Object.defineProperty({}, 'a', { enumerable: true, get: () => { throw reason } })
    assert.equal(await rejection(run(same(bad))), reason)
  })

  it('what is gone already fails its Task alone', async () => {
    const calls = thread((bytes) => [(globalThis.calls = (globalThis.calls ?? 0) + 1), bytes?.length ?? bytes?.byteLength])
    const gone = () => {
      const bytes = new Uint8Array(8)
      structuredClone(bytes, { transfer: [bytes.buffer] })
      return bytes
    }
    const [view] = [gone()]
    const marks = [transfer(view), transfer(view.buffer), transfer({ view }, [view.buffer]), view]
    const ends = await Promise.allSettled([calls(), ...marks.map((mark) => calls(mark)), calls(transfer(new Uint8Array(3)))])
    assert.deepEqual(ends.map(({ status }) => status[0]).join(''), 'frrrrf')
    for (const { reason } of ends.slice(1, 4)) assert.equal(reason.code, 'ERR_HEDDLE_DETACHED')
    assert.equal(ends[4].reason.name, 'DataCloneError')
    assert.equal(ends[5].value[1], 3)
    assert.deepEqual(await calls(transfer(new ArrayBuffer(0))).then(([, length]) => length), 0)
  })

  it('so does what is gone from a result', async () => {
    const id = thread(() => require('node:worker_threads').threadId)
    const twice = thread(
      (bytes, { transfer: move }) => {
        const view = new Uint8Array(8)
        structuredClone(view, { transfer: [view.buffer] })
        return move(view)
      },
      { context: true },
    )
    const before = await id()
    assert.equal((await rejection(run(twice(0)))).name, 'DataCloneError')
    assert.equal(await id(), before)
  })
})

describe('thread: errors', () => {
  it('arrive with what can be read of them', async () => {
    for (const key of ['message', 'name', 'stack', 'cause', 'errors', 'more']) {
      const source = `return () => {
        const error = Object.assign(new RangeError('disk'), { note: 'full' })
        throw Object.defineProperty(error, '${key}', { enumerable: true, get() { throw new Error('no') } })
      }`
      const error = await rejection(thread(new Function(source)())())
      assert.ok(error instanceof RangeError, key)
      assert.equal(error.note, 'full')
      assert.equal(error.message, key === 'message' ? '' : 'disk')
    }
    const error = await rejection(
      thread(() => { throw Object.assign(new Error('x'), { message: Object.create(null), note: 'full' }) })(),
    )
    assert.equal(error.note, 'full')
  })

  it('whatever is thrown comes, or words for it', async () => {
    const thrown = {
      undefined: [() => { throw undefined }, (e) => e === undefined],
      null: [async () => { throw null }, (e) => e === null],
      bigint: [() => { throw 1n }, (e) => e === 1n],
      method: [() => { throw { message: 'full', again() {} } }, (e) => e.message === 'full'],
      getter: [() => { throw { a: 1, get b() { throw new Error('no') } } }, (e) => e.a === 1],
      symbol: [() => { throw Symbol('full') }, (e) => /Symbol\(full\)/.test(e.message)],
      function: [async () => { throw function full() {} }, (e) => /full/.test(e.message)],
      proxy: [
        () => { throw new Proxy({}, { get() { throw new Error('no') }, getPrototypeOf() { throw new Error('no') } }) },
        (e) => e.name === 'DataCloneError',
      ],
      list: [() => { throw [new TypeError('full')] }, (e) => e[0] instanceof TypeError],
    }
    for (const [name, [source, isRight]] of Object.entries(thrown)) {
      const [{ reason, status }] = await Promise.allSettled([thread(source)()])
      assert.equal(status, 'rejected')
      assert.ok(isRight(reason), name)
    }
  })

  it('each error of a graph comes once', async () => {
    const error = await rejection(
      thread(() => {
        const all = new AggregateError([], 'several')
        all.errors = Array.from({ length: 100 }, (_, i) => Object.assign(new Error(`part ${i}`), { all }))
        all.cause = all
        all.map = new Map([['first', all.errors[0]]])
        all.set = new Set(all.errors)
        all.deep = { list: [{ error: all.errors[1] }] }
        for (const part of all.errors) part.siblings = all.errors
        throw all
      })(),
    )
    assert.equal(error.cause, error)
    assert.ok(error.errors.every((part) => part.all === error && part.siblings === error.errors[0].siblings))
    assert.equal(error.map.get('first'), error.errors[0])
    assert.equal(error.set.size, 100)
    assert.ok(error.set.has(error.errors[99]))
    assert.equal(error.deep.list[0].error, error.errors[1])
  })

  it('causes of any depth', async () => {
    const error = await rejection(
      thread(() => {
        let last = new Error('0')
        for (let i = 1; i < 5000; i++) last = new Error(`${i}`, { cause: last })
        throw last
      })(),
    )
    let depth = 0
    for (let at = error; at.cause !== undefined; at = at.cause) depth++
    assert.equal(depth, 4999)
  })

  const fail = thread((which) => {
    class OwnError extends RangeError {
      constructor(message) {
        super(message)
        this.name = 'OwnError'
        this.extra = 1
      }
    }
    const errors = {
      type: () => new TypeError('t'),
      dom: () => new DOMException('d', 'AbortError'),
      aggregate: () => new AggregateError([new Error('a'), 2], 'agg'),
      own: () => new OwnError('o'),
      rich: () =>
        Object.assign(new Error('r', { cause: new TypeError('c', { cause: 'deep' }) }), {
          code: 'E_RICH',
          list: [1, { a: 2 }],
          inner: new RangeError('i'),
          method: () => {},
        }),
      string: () => 'just words',
      object: () => ({ a: 1 }),
      nothing: () => undefined,
      function: () => () => {},
      circular: () => {
        const error = new Error('c')
        error.cause = error
        return error
      },
    }
    throw errors[which]()
  })

  it('keep class, message and stack', async () => {
    const error = await rejection(fail('type'))
    assert.ok(error instanceof TypeError)
    assert.equal(error.message, 't')
    assert.match(error.stack, /^TypeError: t\n.*data\.test\.js:\d+:\d+/)
    assert.deepEqual(Object.keys(error), [])
  })

  it('keep code, cause and own properties that can be cloned', async () => {
    const error = await rejection(fail('rich'))
    assert.equal(error.code, 'E_RICH')
    assert.deepEqual(error.list, [1, { a: 2 }])
    assert.ok(error.inner instanceof RangeError)
    assert.equal('method' in error, false)
    assert.ok(error.cause instanceof TypeError)
    assert.equal(error.cause.cause, 'deep')
    assert.equal(Object.keys(error).includes('cause'), false)
  })

  it('of classes of their own have the nearest built-in class, and their name', async () => {
    const error = await rejection(fail('own'))
    assert.ok(error instanceof RangeError)
    assert.deepEqual([error.name, error.message, error.extra], ['OwnError', 'o', 1])
  })

  it('of the platform', async () => {
    const dom = await rejection(fail('dom'))
    assert.ok(dom instanceof DOMException)
    assert.deepEqual([dom.name, dom.message], ['AbortError', 'd'])
    const aggregate = await rejection(fail('aggregate'))
    assert.ok(aggregate instanceof AggregateError)
    assert.deepEqual(aggregate.errors.map(String), ['Error: a', '2'])
  })

  it('a cause that goes round ends somewhere', async () => {
    assert.equal((await rejection(fail('circular'))).message, 'c')
  })

  it('what is thrown and no error comes as it is', async () => {
    assert.equal(await rejection(fail('string')), 'just words')
    assert.deepEqual(await rejection(fail('object')), { a: 1 })
    assert.equal(await rejection(fail('nothing')), undefined)
    assert.equal((await rejection(fail('function'))).name, 'DataCloneError')
  })

  it('are given an index, whoever made them', async () => {
    assert.equal((await rejection(parallel([same(1), fail('type')]))).index, 1)
    assert.equal((await rejection(parallel([same(1), same(() => {})]))).index, 1)
  })
})
