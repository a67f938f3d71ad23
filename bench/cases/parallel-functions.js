'use strict'
// What parallel() costs over the functions themselves, which Promise.all cannot start.

const { parallel } = require('../lib/heddle.js')
const { functions, sameResults } = require('../lib/functions.js')
const { atMostTimes, comparison } = require('../lib/kit.js')

module.exports = comparison({
  group: 'Overhead',
  title: 'Async functions that do nothing',
  unit: 'ns/function',
  setup: ({ quick }) => (quick ? 20_000 : 100_000),
  count: (count) => count,
  sides: () => ({
    heddle: { prepare: functions, run: (fns) => parallel(fns) },
    'Promise.all over their calls': {
      prepare: functions,
      run: (fns) => Promise.all(fns.map((fn) => fn())),
    },
  }),
  rounds: ({ quick }) => (quick ? 3 : 31),
  check: sameResults,
  claims: { 'Promise.all over their calls': [atMostTimes(1.3)] },
})
