'use strict'
// The caller's asynchronous context is there in all that a call calls.

const assert = require('node:assert/strict')
const { AsyncLocalStorage } = require('node:async_hooks')
const heddle = require('../../lib/index.js')
const { noop, sleep } = require('../../lib/testing.js')
const { until } = require('../support.js')

const { allSettled, any, map, parallel, race, retry, sequential, stream, timeout } = heddle
const storage = new AsyncLocalStorage()
const look = () => storage.getStore()
const later = async () => {
  await new Promise(setImmediate)
  return look()
}

/** Runs the same in several contexts at once: what each finds must be its own. */
async function inEach(use) {
  const names = ['a', 'b', 'c']
  const found = await Promise.all(names.map((name) => storage.run(name, use)))
  found.forEach((values, i) => {
    assert.ok(values.length > 0)
    for (const value of values) assert.equal(value, names[i])
  })
}

describe("the caller's AsyncLocalStorage context", () => {
  it('is there in functions, at once or in their turn', () =>
    inEach(async () => [
      ...(await parallel([look, later])),
      ...(await parallel([noop(), look, later, sleep(2), look, later], { concurrency: 1 })).filter(Boolean),
      ...(await sequential([sleep(2), look, noop(), later, look])).filter(Boolean),
      await race([later]),
      await any([Promise.reject(1), later]),
      ...(await allSettled([look, later])).map(({ value }) => value),
    ]))

  it('is there in mappers', () =>
    inEach(async () => {
      async function* source() {
        yield sleep(1)
        yield 2
        yield 3
      }
      const values = []
      for await (const { value } of stream(source(), later, { concurrency: 2 })) values.push(value)
      for await (const { value } of stream([1, 2, 3], look)) values.push(value)
      return [
        ...values,
        ...(await map([1, 2, Promise.resolve(3)], look, { concurrency: 1 })),
        ...(await map([1, {}, Promise.resolve(3)], later)),
        ...(await map(source(), look, { concurrency: 2 })),
        ...(await map(source(), look)),
        ...(await map([1, 2, 3], () => sleep(1).then(look), { concurrency: 2 })),
      ]
    }))

  it('is there in sources', () =>
    inEach(async () => {
      const found = []
      function* source() {
        for (let i = 0; i < 4; i++) yield found.push(look())
      }
      await map(source(), () => sleep(1), { concurrency: 1 })
      for await (const { index } of stream(source(), () => sleep(1), { concurrency: 1 })) void index
      return found
    }))

  it('is there in attempts and what they are told by', () =>
    inEach(async () => {
      const found = []
      const options = {
        minTimeout: 1,
        shouldRetry: () => found.push(look()),
        onFailedAttempt: () => found.push(look()),
      }
      const flaky = ({ attempt }) => {
        found.push(look())
        if (attempt < 3) throw new Error('again')
        return look()
      }
      found.push(await retry(flaky, options))
      await parallel([flaky], { retry: options, itemTimeout: 1000 })
      found.push(await timeout(() => new Promise(() => {}), { milliseconds: 1, fallback: look }))
      return found
    }))

  it('is there in onProgress', () =>
    inEach(async () => {
      const found = []
      const onProgress = () => found.push(look())
      await parallel([sleep(120)], { onProgress })
      await map([1], later, { onProgress })
      return found
    }))

  it('is there in listeners of their signals, when the call fails', () =>
    inEach(async () => {
      const found = []
      const work = ({ signal }) => {
        const here = AsyncLocalStorage.bind(() => found.push(look()))
        signal.addEventListener('abort', here)
        return new Promise(() => {})
      }
      await parallel([work, () => Promise.reject(1)]).catch(() => found.push(look()))
      await until(() => found.length === 2)
      return found
    }))

  it('goes on after the call', () =>
    inEach(async () => {
      const found = []
      await parallel([sleep(1), () => 1])
      found.push(look())
      await sequential([sleep(1), () => 1]).then(() => found.push(look()))
      for await (const { index } of stream([1], () => sleep(1))) found.push(look(), storage.getStore() && look(index))
      return found
    }))
})
