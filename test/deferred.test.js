'use strict'
// Promises of calls that are one group of Tasks: Node-API's, concluded in C, once.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const { createRequire } = require('node:module')
const path = require('node:path')
const { tracingChannel } = require('node:diagnostics_channel')
const vm = require('node:vm')
const { any, allSettled, parallel, race, run, sequential, map } = require('../lib/index.js')
const { native } = require('../lib/task/native.js')
const { gunzip } = require('../lib/tasks.js')
const { noop, sleep } = require('../lib/testing.js')
const { FOREVER, until } = require('./helpers/load.js')
const { idle, root, turns } = require('./support.js')

const fail = () => gunzip(new Uint8Array(30))

/** Evaluates heddle's files in a realm, as test runners do. */
function loadInto(context, file, loaded = new Map()) {
  if (loaded.has(file)) return loaded.get(file).exports
  const module = { exports: {} }
  loaded.set(file, module)
  const nodes = createRequire(file)
  const load = (name) => {
    const found = nodes.resolve(name)
    return path.isAbsolute(found) && found.endsWith('.js') ? loadInto(context, found, loaded) : nodes(name)
  }
  load.resolve = nodes.resolve
  const parameters = ['require', 'module', 'exports', '__dirname', '__filename']
  const options = { filename: file, parsingContext: context }
  const source = fs.readFileSync(file, 'utf8')
  const evaluate = vm.compileFunction(source, parameters, options)
  evaluate(load, module, module.exports, path.dirname(file), file)
  return module.exports
}

describe('promises that are concluded in C', () => {
  const { promise, conclude } = native
  let open
  let twice

  beforeEach(() => {
    open = new Map() // promises by their groups
    twice = 0
    native.promise = (id) => {
      const made = promise(id)
      assert.equal(open.has(id), false)
      open.set(id, made)
      return made
    }
    native.conclude = (id, fulfilled, value) => {
      if (!open.delete(id)) twice++
      conclude(id, fulfilled, value)
    }
  })

  afterEach(async () => {
    await idle()
    Object.assign(native, { promise, conclude })
    assert.deepEqual({ open: open.size, twice }, { open: 0, twice: 0 })
  })

  /** The promise, after a look whether it is of a group. */
  function held(given) {
    assert.deepEqual([...open.values()], [given])
    return given
  }

  const fulfils = {
    parallel: [() => parallel([noop(), noop()]), [undefined, undefined]],
    'parallel, an object': [() => parallel({ a: noop() }), { a: undefined }],
    'parallel, bounded': [() => parallel([noop(), noop()], { concurrency: 1 }), [undefined, undefined]],
    allSettled: [() => allSettled([noop()]), [{ status: 'fulfilled', value: undefined }]],
    sequential: [() => sequential([noop(), noop()]), [undefined, undefined]],
    race: [() => race([noop(), sleep(FOREVER)]), undefined],
    any: [() => any([fail(), noop()]), undefined],
    run: [() => run(noop()), undefined],
    'parallel, with join': [() => parallel([noop()], { join: true }), [undefined]],
  }
  for (const [name, [start, result]] of Object.entries(fulfils)) {
    it(`${name}: fulfils`, async () => assert.deepEqual(await held(start()), result))
  }

  it('a failure rejects', async () => {
    await assert.rejects(held(parallel([fail(), sleep(FOREVER)])), { index: 0 })
    await assert.rejects(held(any([fail(), fail()])), AggregateError)
    await assert.rejects(held(sequential([noop(), fail(), noop()])), { index: 1 })
  })

  it('an abort rejects, with members that run', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const given = held(parallel([sleep(FOREVER), noop()], { signal }))
    const reason = new Error('enough')
    controller.abort(reason)
    await assert.rejects(given, reason)
  })

  it('an abort with join rejects when all have stopped', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const given = held(parallel([sleep(FOREVER)], { signal, join: true }))
    const reason = new Error('enough')
    controller.abort(reason)
    await assert.rejects(given, reason)
  })

  it('time limits reject', async () => {
    await assert.rejects(held(parallel([sleep(FOREVER)], { timeout: 1 })), { name: 'TimeoutError' })
    await assert.rejects(held(race([sleep(FOREVER)], { itemTimeout: 1 })), { name: 'TimeoutError' })
  })

  it('a rejection that nobody handles is told once', async () => {
    const heard = []
    const listeners = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    process.on('unhandledRejection', (reason, where) => heard.push([reason.index, where]))
    try {
      const given = held(parallel([fail()]))
      await until(() => heard.length > 0)
      await turns()
      assert.deepEqual(heard, [[0, given]])
    } finally {
      process.removeAllListeners('unhandledRejection')
      for (const listener of listeners) process.on('unhandledRejection', listener)
    }
  })

  it('is a promise of JavaScript where functions or others take part, or somebody traces', async () => {
    const shared = sleep(1)
    const first = run(shared)
    held(first)
    const others = [
      parallel([shared]),
      parallel([noop(), () => 1]),
      parallel([]),
      parallel([noop(), Promise.resolve()]),
      map([1, 2], (n) => (n === 1 ? noop() : n)),
      map(new Set([1, 2]), () => noop(), { concurrency: 1 }),
    ]
    assert.equal(open.size, 1)
    await Promise.all([first, ...others])
    const channel = tracingChannel('heddle:member')
    const heard = { end() {} }
    channel.subscribe(heard)
    try {
      const traced = parallel([noop()])
      assert.equal(open.size, 0)
      await traced
    } finally {
      channel.unsubscribe(heard)
    }
  })

  it('runs user code when all is in order: it may start calls, abort, and throw', async () => {
    const controller = new AbortController()
    let seen = 0
    const inner = []
    Object.defineProperty(Array.prototype, 'then', {
      configurable: true,
      get() {
        if (seen++ > 0) return undefined
        for (let i = 0; i < 200; i++) inner.push(run(noop()))
        controller.abort()
        throw new RangeError('from a getter')
      },
    })
    try {
      const given = held(parallel([noop(), noop()], { signal: controller.signal }))
      await assert.rejects(given, { name: 'RangeError', message: 'from a getter' })
    } finally {
      delete Array.prototype.then
    }
    await Promise.all(inner)
    assert.equal(inner.length, 200)
  })

  it('10,000 calls at once, and numbers of groups that come again', async () => {
    for (let round = 0; round < 3; round++) {
      const calls = Array.from({ length: 10_000 }, () => run(noop()))
      assert.equal(open.size, 10_000)
      await Promise.all(calls)
    }
  })

  it('what is unknown is no promise', () => {
    for (const id of [-1, 0.5, NaN, 2 ** 50]) {
      assert.equal(promise(id), undefined)
      assert.equal(conclude(id, true, 1), undefined)
    }
    assert.throws(() => promise('0'), { code: 'ERR_HEDDLE_NODE_API' })
    assert.throws(() => conclude(0, 1, 1), { code: 'ERR_HEDDLE_NODE_API' })
  })

  it('is of the realm in which heddle was evaluated', async () => {
    const context = vm.createContext()
    for (const key of Object.getOwnPropertyNames(globalThis)) {
      if (!vm.runInContext(`'${key}' in globalThis`, context)) context[key] = globalThis[key]
    }
    const heddle = loadInto(context, path.join(root, 'lib', 'index.js'))
    const given = heddle.run(noop())
    assert.ok(given instanceof vm.runInContext('Promise', context))
    await given
  })
})
