'use strict'
// What a plugin's task costs: against a built-in one, and against other ways to
// call the same C function without holding the loop.

const { promisify } = require('node:util')
const koffi = require('koffi')
const { parallel, testing } = require('../lib/heddle.js')
const { library, loadPlugin } = require('../lib/plugin.js')
const rival = require('../lib/rival.js')
const { measure, scaled } = require('../lib/rounds.js')
const { faster, row } = require('../lib/row.js')

const MOST = 256 // asynchronous calls that koffi takes at a time; more are slower

const list = (count, make) => Array.from({ length: count }, make)

/** {text, holds}: of what is ours, at most a part more than of theirs. */
const within = (part) => ({
  text: `within ${part * 100} %`,
  holds: ({ ratio }) => ratio.median >= 1 / (1 + part),
})

function koffiCaller() {
  koffi.config({ max_async_calls: MOST, resident_async_pools: 32 })
  const noop = promisify(koffi.load(library).func('void bench_noop()').async)
  return async (count) => {
    for (let left = count; left > 0; left -= MOST) {
      await Promise.all(list(Math.min(left, MOST), () => noop()))
    }
  }
}

async function run({ quick }) {
  const count = quick ? 10_000 : 100_000
  const { noop } = loadPlugin()
  const callKoffi = koffiCaller()
  const same = await measure(
    {
      plugin: () => parallel(list(count, () => noop())),
      builtin: () => parallel(list(count, () => testing.noop())),
    },
    { rounds: quick ? 7 : 41 },
  )
  const others = await measure(
    {
      plugin: () => parallel(list(count, () => noop())),
      koffi: () => callKoffi(count),
      worker: () => Promise.all(list(count, () => rival.noop())),
    },
    { rounds: quick ? 1 : 5 },
  )
  const ns = (samples) => scaled(samples, 1e6 / count)
  const against = (theirs, name) =>
    row({
      what: 'no-op of a plugin',
      unit: 'ns/task',
      ours: ns(others.plugin),
      theirs: ns(theirs),
      rival: name,
      claims: [faster(8)],
    })
  return [
    row({
      what: 'no-op of a plugin',
      unit: 'ns/task',
      ours: ns(same.plugin),
      theirs: ns(same.builtin),
      rival: 'a built-in one',
      claims: [within(0.05)],
    }),
    against(others.koffi, 'Promise.all, koffi async'),
    against(others.worker, 'Promise.all, AsyncWorkers'),
  ]
}

module.exports = { run }
