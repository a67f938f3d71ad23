'use strict'
// Promises as work: a then of their own, in refused calls, and calls without end.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const path = require('node:path')
const heddle = require('../../lib/index.js')
const { recursions } = require('./fixtures/recursion.js')
const { child, rejection, turns } = require('../support.js')

const { allSettled, any, chain, map, parallel, race, retry, run, sequential, stream, timeout } = heddle

/** What a call gives for one piece of work: of functions and mappers too. */
const forms = {
  parallel: async (work) => (await parallel([work]))[0],
  'parallel, options': async (work) => (await parallel([work], { timeout: 1e6 }))[0],
  'parallel, lanes': async (work) => (await parallel([work, work], { concurrency: 1 }))[0],
  sequential: async (work) => (await sequential([work]))[0],
  race: (work) => race([work]),
  any: (work) => any([work]),
  'any, lanes': (work) => any([work, work], { concurrency: 1 }),
  allSettled: async (work) => (await allSettled([work]))[0].value,
  timeout: (work) => timeout(work, 1e6),
  map: async (work) => (await map([work], (value) => value))[0],
  'map, lanes': async (work) => (await map([work], (value) => value, { concurrency: 1 }))[0],
  stream: async (work) => (await stream([work], (value) => value).next()).value.value,
}
const functions = {
  'parallel, join': async (f) => (await parallel([f], { join: true }))[0],
  'parallel, itemTimeout': async (f) => (await parallel([f], { itemTimeout: 1e6 }))[0],
  retry: (f) => retry(f),
  'map, mapper': async (f) => (await map([1], f))[0],
  'map, mapper, lanes': async (f) => (await map([1], f, { concurrency: 1 }))[0],
  'stream, mapper': async (f) => (await stream([1], f).next()).value.value,
}

describe('a promise with a then of its own', () => {
  class Sub extends Promise {
    then(onFulfilled) {
      return super.then(() => onFulfilled('own'))
    }
  }
  const makers = {
    property: () => Object.assign(new Promise(() => {}), { then: (resolve) => void resolve('own') }),
    getter: () => Object.defineProperty(new Promise(() => {}), 'then', { get: () => (resolve) => void resolve('own') }),
    'that is late': () => Object.assign(new Promise(() => {}), { then: (resolve) => void setImmediate(resolve, 'own') }),
    subclass: () => Sub.resolve('underneath'),
    prototype: () => {
      const promise = new Promise(() => {})
      const prototype = { __proto__: Promise.prototype, then: (resolve) => void resolve('own') }
      return Object.setPrototypeOf(promise, prototype)
    },
  }
  for (const [kind, make] of Object.entries(makers)) {
    it(`${kind}: it is called, by all`, async () => {
      for (const [name, form] of Object.entries(forms)) {
        assert.equal(await form(make()), 'own', name)
        assert.equal(await form(make), 'own', `${name}, a function`)
      }
      for (const [name, form] of Object.entries(functions)) assert.equal(await form(make), 'own', name)
    })
  }

  it('it is called once by a call, for each of two calls', async () => {
    for (const [name, form] of Object.entries(forms)) {
      if (name.includes('lanes') && !name.startsWith('map')) continue // it is listed twice
      let calls = 0
      const then = (resolve) => void (calls++, resolve('own'))
      const promise = Object.assign(new Promise(() => {}), { then })
      await Promise.all([form(promise), form(promise)])
      assert.equal(calls, 2, name)
    }
  })

  it('that throws, or is no function, fails its member', async () => {
    const thrown = new Error('thrown')
    const throws = () => Object.assign(Promise.resolve(1), { then() { throw thrown } })
    const none = () => Object.assign(Promise.resolve(1), { then: 5 })
    for (const name of ['parallel', 'race', 'sequential', 'map', 'map, lanes', 'stream']) {
      assert.equal(await rejection(forms[name](throws())), thrown, name)
      assert.ok((await rejection(forms[name](none()))) instanceof TypeError, name)
    }
  })

  it('on the prototype of all promises: a patched then is called', () => {
    const script = `
      const { race, map, sequential } = require('./lib/index.js')
      const { then } = Promise.prototype
      const patched = new WeakSet()
      Promise.prototype.then = function (...args) { patched.add(this); return then.apply(this, args) }
      const promises = Array.from({ length: 4 }, () => Promise.resolve(1))
      const calls = [race([promises[0]]), map([1], () => promises[1], { concurrency: 1 }),
        sequential([promises[2]]), sequential([() => promises[3]])]
      setTimeout(() => console.log(promises.map((promise) => patched.has(promise)).join()), 1)`
    const { stdout, stderr } = child(script)
    assert.equal(stdout, 'true,true,true,true\n', stderr)
  })
})

describe('promises in calls that are refused', () => {
  let unhandled
  const listener = (reason) => unhandled.push(reason.message)
  beforeEach(() => {
    unhandled = []
    process.on('unhandledRejection', listener)
  })
  afterEach(() => process.off('unhandledRejection', listener))

  const fails = () => Promise.reject(new Error('member'))
  const f = (value) => value
  const lists = { parallel, sequential, race, any, allSettled }
  const refusals = {
    'a bare promise': (call) => call(fails()),
    'two promises': (call) => call(fails(), fails()),
    'a key then': (call) => call({ then: 1, a: fails() }),
    'an object that is not plain': (call) => call(new (class { a = fails() })()),
    'bad options': (call) => call([fails()], { concurrency: 0, timeout: -1 }),
    'options that throw': (call) => call([fails()], { get signal() { throw new Error('getter') } }),
    'no signal': (call) => call(new Set([fails()]), { signal: 5 }),
    'an aborted signal': (call) => call([fails()], { signal: AbortSignal.abort() }),
    'an iterator that throws': (call) => call((function* () { yield fails(); throw new Error('iterator') })()),
    'a getter that throws': (call) => call({ a: fails(), get b() { throw new Error('getter') }, c: fails() }),
    'a broken array': (call) => call(Object.assign([fails()], { [Symbol.iterator]: 5 })),
    'a broken object': (call) => call({ a: fails(), [Symbol.asyncIterator]: 5 }),
  }
  for (const [name, call] of Object.entries(lists)) {
    it(`${name}: do not count as unhandled`, async () => {
      for (const refuse of Object.values(refusals)) await refuse(call).catch(() => {})
      await turns()
      assert.deepEqual(unhandled, [])
    })
  }

  it('map, and stream, read or not: neither', async () => {
    const calls = [
      () => map([fails()]),
      () => map(new Set([fails()])),
      () => map(fails(), f),
      () => map([], fails()),
      () => map({ a: fails() }, f),
      () => map([fails()], f, { timeout: -1 }),
      () => map([fails()], f, { signal: AbortSignal.abort() }),
      () => stream([fails()]).next(),
      () => stream([fails()], f, { timeout: -1 }).next(),
      () => stream([fails()], f).return(),
      async () => stream([fails()], f),
      async () => stream(new Set([fails()]), f),
      async () => stream(fails(), f),
    ]
    for (const call of calls) await call().catch(() => {})
    await turns()
    assert.deepEqual(unhandled, [])
  })

  it('those that take one piece of work: neither', async () => {
    const calls = [
      () => retry(fails()),
      () => run(fails()),
      () => timeout(fails()),
      () => timeout(fails(), { milliseconds: -1 }),
      async () => chain(fails(), fails()),
    ]
    for (const call of calls) await rejection(call())
    await turns()
    assert.deepEqual(unhandled, [])
  })

  it('what is no member stays for its owner', async () => {
    await rejection(parallel([[fails()]], { timeout: -1 }))
    await turns()
    assert.deepEqual(new Set(unhandled), new Set(['member'])) // mocha tells it twice
  })
})

describe('recursion without end', () => {
  // In a process of its own: nested calls whose promises got lost reject unhandled.
  // Of a small stack: V8 follows all promises that wait, for each error's stack.
  const file = path.join(__dirname, 'fixtures', 'recursion.js')
  for (const name of Object.keys(recursions)) {
    it(`${name}: rejects with the RangeError`, () => {
      const { stdout, stderr } = spawnSync(process.execPath, ['--stack-size=400', file, name], { encoding: 'utf8' })
      // Now and then one is lost: nothing works at the very end of a stack.
      assert.ok(Number(stdout) >= 7, `${stdout} of 8 ${stderr.slice(0, 500)}`)
    })
  }
})
