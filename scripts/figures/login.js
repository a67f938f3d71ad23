'use strict'
// The chart of README's first screen: how long a client waits behind those that have left,
// from examples/login.json, which examples/login.mjs wrote.

const bars = require('../../bench/report/charts/bars.js')
const words = require('../../bench/report/words.js')
const { summary } = require('../../bench/harness/figures.js')
const { libraries } = require('../../bench/report/libraries.js')
const { finish, standalone } = require('../../bench/report/svg.js')

const OURS = 'heddle'

function entriesOf(seconds) {
  const ours = summary(seconds[OURS])
  return Object.entries(seconds).map(([name, samples]) => {
    const own = name === OURS
    const theirs = summary(samples)
    return {
      name,
      ours: own,
      summary: theirs,
      ratio: own ? null : { median: theirs.median / ours.median },
    }
  })
}

/** @param {{clients: number, cores: number, seconds: Record<string, number[]>}} login */
async function loginChart({ clients, cores, seconds }) {
  const kit = await libraries()
  const drawn = bars.draw(kit, { unit: 's', alone: false, entries: entriesOf(seconds) })
  const heading = `${clients} clients ask for a login and leave: how long the next one waits`
  const about = {
    id: 'login',
    heading,
    note: `seconds, on ${cores} cores; shorter is better`,
    description: words.ofComparison({ unit: 's', entries: drawn.entries }),
  }
  const element = finish(kit.document, drawn.svg, about)
  return { ...about, title: heading, svg: standalone(kit.document, element, about) }
}

module.exports = { loginChart }
