'use strict'
// Tasks of a library that load() gave, against built-in ones and against other
// ways to call C from JavaScript on threads.

const { promisify } = require('node:util')
const { parallel, testing } = require('../lib/heddle.js')
const { library, loadPlugin } = require('../lib/plugin.js')
const rival = require('../lib/rival.js')
const { comparison, faster, series } = require('../lib/kit.js')

const MOST = 256 // asynchronous calls that koffi takes at a time; more are slower
const BUILT_IN = 'a built-in one'
const KOFFI = 'Promise.all, koffi async'
const WORKERS = 'Promise.all, AsyncWorkers'

const group = 'Overhead'
const list = (count, make) => Array.from({ length: count }, make)

/** {text, holds}: of what is ours, at most a part more than of theirs. */
const within = (part) => ({
  text: `within ${part * 100} %`,
  holds: ({ ratio }) => ratio.median >= 1 / (1 + part),
})

const plugin = {
  open: loadPlugin,
  run: (count, { noop }) => parallel(list(count, () => noop())),
}

const koffiAsync = {
  open() {
    const koffi = require('koffi')
    koffi.config({ max_async_calls: MOST, resident_async_pools: 32 })
    return promisify(koffi.load(library).func('void bench_noop()').async)
  },
  async run(count, noop) {
    for (let left = count; left > 0; left -= MOST) {
      await Promise.all(list(Math.min(left, MOST), () => noop()))
    }
  },
}

const noops = (rivals, rounds, claims) =>
  comparison({
    group,
    title: 'no-op of a plugin',
    unit: 'ns/task',
    setup: ({ quick }) => (quick ? 10_000 : 100_000),
    count: (count) => count,
    sides: () => ({ heddle: plugin, ...rivals }),
    rounds: ({ quick }) => (quick ? 1 : rounds),
    claims,
  })

const builtIn = (count) => parallel(list(count, () => testing.noop()))
const workers = (count) => Promise.all(list(count, () => rival.noop()))

module.exports = series({
  group,
  title: 'No-op tasks of a plugin',
  cases: [
    noops({ [KOFFI]: koffiAsync, [WORKERS]: workers }, 5, {
      [KOFFI]: [faster(8)],
      [WORKERS]: [faster(8)],
    }),
    noops({ [BUILT_IN]: builtIn }, 41, { [BUILT_IN]: [within(0.05)] }),
  ],
})
