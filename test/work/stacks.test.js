'use strict'
// The stack of a member's error leads to whoever awaits the call, as that of
// Promise.all's members does; errors of heddle's own name the line of the call.

const assert = require('node:assert/strict')
const path = require('node:path')
const heddle = require('../../lib/index.js')
const { file, hash } = require('../../lib/tasks.js')
const { rejection, root } = require('../support.js')

const { allKeyed, allSettled, allSettledKeyed, any, map, parallel, race, retry, sequential, timeout } = heddle

const turn = () => new Promise(setImmediate)

async function good() {
  await turn()
  return 1
}

async function bad() {
  await turn()
  throw new Error('bad')
}

/** It fails later than the others. */
async function late() {
  await turn()
  await turn()
  throw new Error('late')
}

const forever = () => new Promise(() => {})

const lib = path.join(root, 'lib') + path.sep

/** Frames of heddle's before the caller's; fails when that is not there. */
function framesBefore(error) {
  assert.ok(error instanceof Error, `no error: ${error}`)
  const frames = error.stack.split('\n').slice(1)
  const home = frames.findIndex((frame) => frame.includes('outermost'))
  assert.ok(home >= 0, `no way home: ${error.stack}`)
  return frames.slice(0, home).filter((frame) => frame.includes(lib))
}

/** What a call rejects with, awaited by a function of that name. */
const outcome = (form) =>
  (async function outermost() {
    return await form()
  })().catch((reason) => reason)

const signal = new AbortController().signal

/** By name, options that go together with functions. */
const options = {
  'without options': undefined,
  '{}': {},
  signal: { signal },
  timeout: { timeout: 1e6 },
  itemTimeout: { itemTimeout: 1e6 },
  join: { join: true },
  onProgress: { onProgress() {} },
  retry: { retry: { retries: 1, minTimeout: 0 } },
}
const bounded = {
  ...options,
  'concurrency 1': { concurrency: 1 },
  'concurrency 2': { concurrency: 2 },
  'concurrency and signal': { concurrency: 2, signal },
}
const settled = { 'stopOnError: false': { stopOnError: false } }

/** Each takes [functions], and options; gives the error of `bad`. */
const combinators = {
  parallel: [{ ...bounded, ...settled }, (work, o) => parallel(work, o)],
  'parallel of an object': [{ ...bounded, ...settled }, ([a, b], o) => parallel({ a, b }, o)],
  allKeyed: [bounded, ([a, b], o) => allKeyed({ a, b }, o)],
  allSettled: [bounded, async (work, o) => (await allSettled(work, o))[1].reason],
  allSettledKeyed: [bounded, async ([a, b], o) => (await allSettledKeyed({ a, b }, o)).b.reason],
  sequential: [options, (work, o) => sequential(work, o)],
  'sequential of an object': [options, ([a, b], o) => sequential({ a, b }, o)],
  map: [{ ...bounded, ...settled }, (work, o) => map(work, (f) => f?.(), o)],
  'map to functions': [bounded, (work, o) => map(work, (f) => () => f(), o)],
  'map of an async source': [bounded, (work, o) => map(sourceOf(work), (f) => f(), o)],
}

/** Those that one member decides: they are given no member that would win. */
const deciding = {
  race: [bounded, (work, o) => race(work, o)],
  'race of an object': [bounded, ([a, b], o) => race({ a, b }, o)],
  any: [bounded, (work, o) => any(work, o)],
  'any of an object': [bounded, ([a, b], o) => any({ a, b }, o)],
}

async function* sourceOf(items) {
  yield* items
}

/** Of an AggregateError, the error of `bad`. */
const cause = (error) => error.errors?.find(({ message }) => message === 'bad') ?? error

/** A lane, an attempt and a step are functions that await: one frame each. */
const most = 2

function check(name, applied, call, work) {
  for (const [title, given] of Object.entries(applied)) {
    it(`lead home from ${name}, ${title}`, async () => {
      for (const [kind, make] of Object.entries(work)) {
        if (given?.retry !== undefined && kind !== 'functions') continue
        const error = cause(await outcome(() => call(make(), given)))
        assert.equal(error.message, 'bad', kind)
        const ours = framesBefore(error)
        const isPlain = /^(parallel|all|race|any|map)/.test(name) && !/source/.test(name)
        const allowed = isPlain && !/concurrency|retry/.test(title) ? 0 : most
        assert.ok(ours.length <= allowed, `${kind}: ${error.stack}`)
      }
    })
  }
}

describe('stacks', () => {
  it('of Promise.all lead home', async () => {
    assert.deepEqual(framesBefore(await outcome(() => Promise.all([good(), bad()]))), [])
  })

  for (const [name, [applied, call]] of Object.entries(combinators)) {
    const work = { functions: () => [good, bad] }
    if (!name.startsWith('map')) work.promises = () => [good(), bad()]
    check(name, applied, call, work)
  }

  for (const [name, [applied, call]] of Object.entries(deciding)) {
    check(name, applied, call, {
      functions: () => [bad, late],
      'functions that give promises': () => [() => bad(), () => late()],
      promises: () => [bad(), late()],
    })
  }

  const others = {
    'map of promises': () => map([good(), bad()], (value) => value),
    'map after promises': () => map([Promise.resolve(1)], bad),
    'map, its source': () => map(failing(), good),
    retry: () => retry(bad, { retries: 1, minTimeout: 0 }),
    timeout: () => timeout(bad, 1e6),
    'timeout of a promise': () => timeout(bad(), 1e6),
    'parallel with a Task': () => parallel([hash('md5', 'a'), good, bad]),
    'parallel to a Task': () => parallel([() => hash('md5', 'a'), good, bad]),
    'race to a Task': () => race([() => forever(), bad, () => heddle.run(hash('md5', 'a')).then(forever)]),
    'nested calls': () => parallel([() => race([() => any([() => sequential([() => map([1], bad)])])])]),
  }
  for (const [name, form] of Object.entries(others)) {
    it(`lead home from ${name}`, async () => {
      framesBefore(cause(cause(await outcome(form))))
    })
  }

  async function* failing() {
    yield 1
    await turn()
    throw new Error('bad')
  }
})

describe('the line of the call', () => {
  const missing = () => hash('md5', file(path.join(root, 'no-such-file')))

  /** Each in a function of that name, whose promise nobody awaits meanwhile. */
  const ours = {
    TimeoutError: {
      parallel: (o) => parallel([forever], o),
      'parallel, concurrency': (o) => parallel([forever, forever], { ...o, concurrency: 1 }),
      allKeyed: (o) => allKeyed({ a: forever }, o),
      sequential: (o) => sequential([forever], o),
      race: (o) => race([forever], o),
      any: (o) => any([forever], o),
      map: (o) => map([1], forever, o),
      timeout: () => timeout(forever, 1),
    },
    Error: {
      run: () => heddle.run(missing()),
      parallel: () => parallel([missing(), good]),
      sequential: () => sequential([missing(), good]),
      map: () => map([1], missing),
      race: () => race([missing(), forever]),
    },
  }
  for (const [name, forms] of Object.entries(ours)) {
    for (const [title, form] of Object.entries(forms)) {
      it(`is in the ${name} of ${title}`, async () => {
        for (const given of name === 'TimeoutError' ? [{ timeout: 1 }, { itemTimeout: 1 }] : [undefined]) {
          const { promise } = await called(form, given)
          framesBefore(await rejection(promise))
        }
      })
    }
  }

  /** Made when members have failed: whoever awaits the call is on the stack then. */
  const awaited = {
    'the AggregateError of parallel': () => parallel([bad], { stopOnError: false }),
    'the AggregateError of map': () => map([1], bad, { stopOnError: false }),
    'the AggregateError of any': () => any([bad, late]),
    'the AggregateError of any of none': () => any([]),
    'the AggregateError of any, with options': () => any([bad, late], { signal }),
    'the Error of a Task after a function': () => sequential([good, missing()]),
    'the Error of a Task that a function gives': () => parallel([async () => missing(), () => missing()]),
  }
  for (const [title, form] of Object.entries(awaited)) {
    it(`is in ${title}, which is awaited`, async () => {
      const error = await outcome(form)
      assert.deepEqual(framesBefore(error), [])
    })
  }

  /** Whoever called has gone on, and is on no stack. */
  async function called(form, given) {
    const promise = (function outermost() {
      return form(given)
    })()
    promise.catch(() => {})
    await turn()
    return { promise }
  }
})
