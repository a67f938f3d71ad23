'use strict'
// What a step costs heddle, whose steps run through on one thread, and what it
// costs to come back to the event loop after each.

const { sequential, testing } = require('../lib/heddle.js')
const rival = require('../lib/rival.js')
const { comparison, faster } = require('../lib/kit.js')

module.exports = comparison({
  group: 'Sequences and races',
  title: 'No-op steps',
  unit: 'ns/step',
  setup: ({ quick }) => (quick ? 5_000 : 10_000),
  count: (count) => count,
  sides: () => ({
    heddle: (count) => sequential(Array.from({ length: count }, () => testing.noop())),
    async 'await, one AsyncWorker each'(count) {
      for (let i = 0; i < count; i++) await rival.noop()
    },
  }),
  rounds: ({ quick }) => (quick ? 3 : 21),
  claims: { 'await, one AsyncWorker each': [faster(50)] },
})
