'use strict'
// Memory a member, from ten thousand to a million members that do nothing.
// lib/member-memory.js says how that is measured; fewer are lost in the noise.

const path = require('node:path')
const { curveOf, ours, rowsOf, ways } = require('../lib/members.js')
const { runScript } = require('../lib/kit.js')

const SCRIPT = path.join(__dirname, '..', 'lib', 'member-memory.js')
const MOST = { piscina: 100_000, 'p-queue': 100_000 } // they take long for a million

/** @returns {Promise<Record<string, number[]>>} bytes a member, by way */
async function atCount(names, count, rounds) {
  const samples = {}
  for (const name of names.filter((way) => count <= (MOST[way] ?? Infinity))) {
    samples[name] = []
    for (let round = 0; round < rounds; round++) {
      samples[name].push(await runScript(SCRIPT, [name, count]))
    }
  }
  return samples
}

async function run({ quick }) {
  const counts = quick ? [10_000] : [10_000, 100_000, 1_000_000]
  const names = quick ? Object.keys(ours).slice(0, 2) : Object.keys(ways)
  const found = new Map()
  for (const count of counts) found.set(count, await atCount(names, count, quick ? 1 : 3))
  const shown = quick ? 10_000 : 100_000
  return {
    rows: rowsOf(found.get(shown), `memory a member of ${shown.toLocaleString('en')}`, 'B/member'),
    curves: [curveOf('Memory a member', 'bytes a member', found)],
  }
}

module.exports = {
  group: 'Overhead',
  title: 'Memory of members that do nothing',
  run,
  timed: false, // whatever else the machine does makes no difference
}
