'use strict'
// The memory of a race of very many functions.

const path = require('node:path')
const { goal, row, runScript } = require('../lib/kit.js')

const SCRIPT = path.join(__dirname, '..', 'lib', 'race-memory.js')
const MB = 1e6

async function run({ quick }) {
  const count = quick ? 10_000 : 1_000_000
  const samples = { heddle: [], rival: [] }
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    for (const way of Object.keys(samples)) {
      samples[way].push((await runScript(SCRIPT, [way, count])) / MB)
    }
  }
  const made = row({
    what: `race of ${count.toLocaleString('en')} functions: the largest resident set`,
    unit: 'MB',
    ours: samples.heddle,
    theirs: samples.rival,
    rival: 'Promise.race over their calls',
    claims: [goal(500, 'MB')],
  })
  return { rows: [made] }
}

/** Whatever else the machine does makes no difference here. */
module.exports = {
  group: 'Sequences and races',
  title: 'Memory of a race of a million functions',
  run,
  timed: false,
}
