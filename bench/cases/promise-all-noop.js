'use strict'
// Tasks are thenables: what they cost where Promise.all cannot be replaced.

const { testing } = require('../lib/heddle.js')
const rival = require('../lib/rival.js')
const { comparison, faster } = require('../lib/kit.js')

const all = (count, make) => Promise.all(Array.from({ length: count }, make))

module.exports = comparison({
  group: 'Overhead',
  title: 'No-op Tasks under Promise.all',
  unit: 'ns/task',
  setup: ({ quick }) => (quick ? 50_000 : 100_000),
  count: (count) => count,
  sides: () => ({
    heddle: (count) => all(count, () => testing.noop()),
    AsyncWorkers: (count) => all(count, () => rival.noop()),
  }),
  rounds: ({ quick }) => (quick ? 2 : 21),
  claims: { AsyncWorkers: [faster(3)] },
})
