'use strict'
// What sequential() costs over a loop that awaits each function's result.

const { sequential } = require('../lib/heddle.js')
const { functions, sameResults } = require('../lib/functions.js')
const { measure, scaled } = require('../lib/rounds.js')
const { atMostTimes, row } = require('../lib/row.js')

async function loop(fns) {
  const results = []
  for (const fn of fns) results.push(await fn())
  return results
}

async function run({ quick }) {
  const count = quick ? 20_000 : 100_000
  const prepare = () => functions(count)
  const { heddle, theirs } = await measure(
    {
      heddle: { prepare, run: (fns) => sequential(fns) },
      theirs: { prepare, run: loop },
    },
    { rounds: quick ? 5 : 31, check: sameResults },
  )
  return [
    row({
      what: 'async functions',
      unit: 'ns/step',
      ours: scaled(heddle, 1e6 / count),
      theirs: scaled(theirs, 1e6 / count),
      rival: 'a for loop with await',
      claims: [atMostTimes(1.3)],
    }),
  ]
}

module.exports = { run }
