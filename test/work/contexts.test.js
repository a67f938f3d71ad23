'use strict'
// What functions are given as their last argument.

const assert = require('node:assert/strict')
const heddle = require('../../lib/index.js')

const { allSettled, any, map, parallel, race, retry, sequential, stream, timeout } = heddle

async function streamed(items, mapper, options) {
  for await (const { value } of stream(items, mapper, options)) return value
}

/** Each calls `use(context)` in a function that declares the parameter. */
const calls = {
  parallel: async (use) => (await parallel([(context) => use(context)]))[0],
  'parallel of an object': async (use) => (await parallel({ a: (context) => use(context) })).a,
  'parallel, one at a time': async (use) =>
    (await parallel([(context) => use(context), 1], { concurrency: 1 }))[0],
  'parallel of many': async (use) =>
    (await parallel(Array.from({ length: 9 }, () => (context) => use(context)))).at(-1),
  'parallel, timed': async (use) => (await parallel([(context) => use(context)], { itemTimeout: 5000 }))[0],
  'parallel, with retries': async (use) => (await parallel([(context) => use(context)], { retry: 1 }))[0],
  sequential: async (use) => (await sequential([1, (previous, context) => use(context)]))[1],
  race: (use) => race([(context) => use(context)]),
  any: (use) => any([(context) => use(context)]),
  allSettled: async (use) => (await allSettled([(context) => use(context)]))[0].value,
  map: async (use) => (await map(['a'], (item, index, context) => use(context)))[0],
  'map to functions': async (use) => (await map(['a'], () => (context) => use(context)))[0],
  'map, one at a time': async (use) =>
    (await map(['a'], (item, index, context) => use(context), { concurrency: 1 }))[0],
  'map, with retries': async (use) =>
    (await map(['a'], (item, index, context) => use(context), { retry: 1 }))[0],
  stream: (use) => streamed(['a'], (item, index, context) => use(context)),
  retry: (use) => retry((context) => use(context)),
  timeout: (use) => timeout((context) => use(context), 5000),
}

/** Ways in which a context is handed on; each gives what has to have the signal. */
const forms = {
  spread: (context) => ({ ...context }),
  assigned: (context) => Object.assign({}, context),
  inherited: (context) => Object.create(context),
  rest: ({ index, ...rest }) => Object.assign(rest, { index }),
  Proxy: (context) => new Proxy(context, {}),
  entries: (context) => Object.fromEntries(Object.entries(context)),
}

describe('contexts', () => {
  for (const [name, call] of Object.entries(calls)) {
    it(`of ${name} have signal and index of their own, in all copies`, async () => {
      const keys = /retr/.test(name) ? ['signal', 'index', 'attempt'] : ['signal', 'index']
      assert.deepEqual(await call((context) => Object.keys(context).sort()), keys.sort())
      for (const [form, copy] of Object.entries(forms)) {
        const [own, copied] = await call((context) => [context.signal, copy(context)])
        assert.ok(own instanceof AbortSignal)
        assert.equal(copied.signal, own, form)
        assert.ok('index' in copied)
        const [copiedFirst, signal] = await call((context) => [copy(context), context.signal])
        assert.equal(copiedFirst.signal, signal, form)
      }
    })
  }

  it('of functions that declare no parameter work all the same, also inherited and through a Proxy', async () => {
    const use = (context) => [context.signal, new Proxy(context, {}).signal, Object.create(context).signal, context.index]
    const functions = [
      (...args) => use(args[0]),
      (context = {}) => use(context),
      ({ signal, index } = {}) => use({ signal, index }),
      function () {
        return use(arguments[0])
      },
    ]
    for (const [i, [signal, seen, inherited, index]] of (await parallel(functions)).entries()) {
      assert.ok(signal instanceof AbortSignal)
      assert.deepEqual([seen, inherited, index], [signal, signal, i])
    }
    const [context] = await map(['a'], (...args) => args[2])
    assert.ok(context.signal instanceof AbortSignal)
    const [, step] = await sequential([1, (...args) => args[1]])
    assert.ok(step.signal instanceof AbortSignal)
  })

  it('are told of the end by copies that were made before', async () => {
    const copies = []
    const keep = (context) => {
      copies.push({ ...context })
      return new Promise(() => {})
    }
    const reason = new Error('enough')
    const fail = () => Promise.reject(reason)
    await assert.rejects(parallel([keep, keep, keep, keep, keep, keep, fail]), reason)
    for (const { signal } of copies) assert.equal(signal.reason, reason)
  })
})
