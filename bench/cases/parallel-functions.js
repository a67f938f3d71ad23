'use strict'
// What parallel() costs over the functions themselves, which Promise.all cannot start.

const { parallel } = require('../lib/heddle.js')
const { functions, sameResults } = require('../lib/functions.js')
const { measure, scaled } = require('../lib/rounds.js')
const { atMostTimes, row } = require('../lib/row.js')

async function run({ quick }) {
  const count = quick ? 20_000 : 100_000
  const prepare = () => functions(count)
  const { heddle, theirs } = await measure(
    {
      heddle: { prepare, run: (fns) => parallel(fns) },
      theirs: { prepare, run: (fns) => Promise.all(fns.map((fn) => fn())) },
    },
    { rounds: quick ? 5 : 31, check: sameResults },
  )
  return [
    row({
      what: 'async functions',
      unit: 'ns/function',
      ours: scaled(heddle, 1e6 / count),
      theirs: scaled(theirs, 1e6 / count),
      rival: 'Promise.all over their calls',
      claims: [atMostTimes(1.3)],
    }),
  ]
}

module.exports = { run }
