'use strict'
// What sequential() costs over the loop that one would write.

const { sequential } = require('../lib/heddle.js')
const { functions, sameResults } = require('../lib/functions.js')
const { atMostTimes, comparison } = require('../lib/kit.js')

async function loop(fns) {
  const results = []
  for (const fn of fns) results.push(await fn())
  return results
}

module.exports = comparison({
  group: 'Sequences and races',
  title: 'Async functions, one after the other',
  unit: 'ns/step',
  setup: ({ quick }) => (quick ? 20_000 : 100_000),
  count: (count) => count,
  sides: () => ({
    heddle: { prepare: functions, run: (fns) => sequential(fns) },
    'a for loop with await': { prepare: functions, run: loop },
  }),
  rounds: ({ quick }) => (quick ? 3 : 31),
  check: sameResults,
  claims: { 'a for loop with await': [atMostTimes(1.3)] },
})
