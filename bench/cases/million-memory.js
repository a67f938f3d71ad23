'use strict'
// What a queued member costs. lib/blocked-memory.js says how that is measured.

const path = require('node:path')
const { atMost, row, runScript } = require('../lib/kit.js')

const SCRIPT = path.join(__dirname, '..', 'lib', 'blocked-memory.js')

async function run({ quick }) {
  const count = quick ? 100_000 : 1_000_000
  const heddle = []
  const rival = []
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    heddle.push(await runScript(SCRIPT, ['heddle', count], { kill: true }))
    // A tenth: theirs have to be queued while four works keep the pool busy.
    rival.push(await runScript(SCRIPT, ['rival', count / 10], { kill: true }))
  }
  const of = (list, key) => list.map((figures) => figures[key])
  const theirs = (key) => ({ theirs: of(rival, key), rival: 'AsyncWorkers' })
  const rows = [
    row({
      what: 'native memory of a queued no-op',
      unit: 'B/task',
      ours: of(heddle, 'native'),
      ...theirs('native'),
      claims: [atMost(200, 'B/task')],
    }),
    row({
      what: 'its JavaScript heap, the Task or promise included',
      unit: 'B/task',
      ours: of(heddle, 'js'),
      ...theirs('js'),
    }),
  ]
  return { rows }
}

/** Whatever else the machine does makes no difference here. */
module.exports = {
  group: 'Overhead',
  title: 'Memory of queued tasks',
  run,
  timed: false,
}
