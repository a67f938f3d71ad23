'use strict'
// Values of another realm: they are what they are.

const assert = require('node:assert/strict')
const vm = require('node:vm')
const heddle = require('../../lib/index.js')
const { file, hash } = require('../../lib/tasks.js')
const { rejection } = require('../support.js')

const { allSettled, any, map, parallel, race, retry, sequential, stream, timeout, UnrecoverableError } = heddle
const context = vm.createContext({})
const foreign = (source) => vm.runInContext(`(${source})`, context)
const again = { retries: 2, minTimeout: 1 }

const errors = {
  'an error': () => foreign('new Error("gone")'),
  'a RangeError with a code': () => foreign('Object.assign(new RangeError("gone"), { code: "E_GONE" })'),
  'an error of its own class': () => foreign('new (class Own extends TypeError {})("gone")'),
  'an AggregateError': () => foreign('new AggregateError([1], "gone")'),
  'an error without words': () => foreign('new Error()'),
  'a DOMException of ours': () => new DOMException('gone', 'DataError'),
  'an object made of our Error.prototype': () => Object.assign(Object.create(Error.prototype), { message: 'gone' }),
}

describe('values of another realm', () => {
  for (const [name, make] of Object.entries(errors)) {
    it(`${name} comes through as it is`, async () => {
      const error = make()
      const giveUp = () => {
        throw new UnrecoverableError(error)
      }
      assert.equal(await rejection(retry(giveUp, again)), error)
      assert.equal(await rejection(parallel([giveUp], { retry: again })), error)
      assert.equal(await rejection(map([1], giveUp, { retry: again })), error)
      const never = () => new Promise(() => {})
      assert.equal(await rejection(timeout(never, { milliseconds: 1, message: error })), error)
      assert.equal(await rejection(parallel([() => Promise.reject(error)])), error)
    })
  }

  it('what is no error is no message', async () => {
    for (const message of [{}, foreign('({ message: "gone", stack: "" })'), new Proxy(new Error('x'), {})]) {
      const error = await rejection(timeout(() => 1, { milliseconds: 1, message }))
      assert.equal(error.code, 'ERR_HEDDLE_INVALID_ARG_TYPE')
    }
  })

  it('gives up for any error with the code of an UnrecoverableError, of whatever realm', async () => {
    const made = [
      foreign('Object.assign(new Error("no"), { code: "ERR_HEDDLE_UNRECOVERABLE" })'),
      new (class Own extends UnrecoverableError {})('no'),
    ]
    for (const error of made) {
      let attempts = 0
      const fn = () => {
        attempts++
        throw error
      }
      assert.equal(await rejection(retry(fn, again)), error)
      assert.equal(attempts, 1)
    }
  })

  const lists = {
    array: '[1, () => 2, Promise.resolve(3), { then: (done) => done(4) }]',
    Set: 'new Set([1, () => 2, Promise.resolve(3), 4])',
    generator: '(function* () { yield 1; yield () => 2; yield Promise.resolve(3); yield 4 })()',
  }
  for (const [name, source] of Object.entries(lists)) {
    it(`${name} as work and as items`, async () => {
      const list = () => foreign(source)
      assert.deepEqual(await parallel(list()), [1, 2, 3, 4])
      assert.deepEqual(await parallel(list(), { concurrency: 1 }), [1, 2, 3, 4])
      assert.deepEqual(await sequential(list()), [1, 2, 3, 4])
      assert.deepEqual((await allSettled(list())).map(({ value }) => value), [1, 2, 3, 4])
      assert.equal(await race(foreign('[() => 7]')), 7)
      assert.equal(await any(foreign('[Promise.reject(1), () => 7]')), 7)
      const value = (item) => (typeof item === 'function' ? item() : item)
      assert.deepEqual(await map(list(), value), [1, 2, 3, 4])
      const found = []
      for await (const result of stream(list(), value, { ordered: true })) found.push(result.value)
      assert.deepEqual(found, [1, 2, 3, 4])
    })
  }

  it('plain objects, Maps, promises and async iterables', async () => {
    for (const object of [foreign('({ a: () => 1, b: 2 })'), foreign('Object.assign(Object.create(null), { a: 1, b: 2 })')]) {
      assert.deepEqual({ ...(await parallel(object)) }, { a: 1, b: 2 })
    }
    assert.deepEqual(await map(foreign('new Map([["a", 1]])'), ([key, value]) => key + value), ['a1'])
    const source = foreign('(async function* () { yield 1; yield 2 })()')
    assert.deepEqual(await map(source, (n) => n * 2), [2, 4])
    const rejected = foreign('Promise.reject(5)')
    assert.equal(await rejection(sequential([() => new Promise(setImmediate), rejected])), 5)
  })

  it('objects of a class of its own are no list', async () => {
    const error = await rejection(parallel(foreign('new (class Own { a = 1 })()')))
    assert.equal(error.code, 'ERR_HEDDLE_INVALID_ARG_TYPE')
  })

  it('options, bytes and paths', async () => {
    const right = await hash('md5', 'abc')
    assert.equal(await hash('md5', foreign('new Uint8Array([97, 98, 99])')), right)
    assert.equal(await hash('md5', foreign('new DataView(new Uint8Array([97, 98, 99]).buffer)')), right)
    assert.deepEqual(await parallel([() => 1], foreign('({ concurrency: 1 })')), [1])
    const path = foreign(`Uint8Array.from(${JSON.stringify([...Buffer.from(__filename)])})`)
    assert.equal(await hash('md5', file(path)), await hash('md5', file(__filename)))
  })
})
