'use strict'
// One Task on all cores: heddle_for shares the iterations of its loop out.

const assert = require('node:assert')
const { run } = require('../lib/heddle.js')
const { loadPlugin } = require('../lib/plugin.js')
const { comparison, faster, series } = require('../lib/kit.js')

const group = 'Scaling'

const loop = (name, words, claims) =>
  comparison({
    group,
    title: words,
    setup: ({ quick }) => ({
      tasks: loadPlugin(),
      values: Float64Array.from({ length: quick ? 1_000_000 : 10_000_000 }, (_, i) => i % 1000),
    }),
    what: ({ values }) => `${words} ${values.length.toLocaleString('en')} doubles`,
    sides: () => ({
      heddle: ({ tasks, values }) => run(tasks[name](values, true)),
      'one thread': ({ tasks, values }) => run(tasks[name](values, false)),
    }),
    rounds: ({ quick }) => (quick ? 2 : 21),
    check: ({ heddle, ...others }) => assert.strictEqual(heddle, others['one thread']),
    claims: { 'one thread': claims },
  })

module.exports = series({
  group,
  title: 'heddle_for: a loop of one task, shared out',
  cases: [
    loop('waves', 'sine of', [faster(1.85)]), // bound by the core
    loop('sum', 'sum of', []), // bound by memory
  ],
})
