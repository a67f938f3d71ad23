'use strict'
// One large sort, which heddle shares out to all threads.

const assert = require('node:assert')
const { tasks, run } = require('../lib/heddle.js')
const { comparison, faster } = require('../lib/kit.js')

module.exports = comparison({
  group: 'CPU in C',
  title: 'Sorting doubles',
  setup: ({ quick }) =>
    Float64Array.from({ length: quick ? 500_000 : 5_000_000 }, () => Math.random() - 0.5),
  what: (numbers) => `${numbers.length.toLocaleString('en')} doubles`,
  sides: () => ({
    heddle: (numbers) => run(tasks.sort(numbers)),
    // heddle's task makes new data; the copy for the other side is not timed.
    'Float64Array.prototype.sort': {
      prepare: (numbers) => numbers.slice(),
      run: (copy) => copy.sort(),
    },
  }),
  rounds: ({ quick }) => (quick ? 2 : 11),
  check: ({ heddle, ...others }) =>
    assert.deepStrictEqual(heddle, others['Float64Array.prototype.sort']),
  claims: { 'Float64Array.prototype.sort': [faster(2)] },
})
