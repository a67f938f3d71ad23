'use strict'
// What of the results README shows: charts by case, kind and number, rows by case and rival, with
// words for who knows nothing of the suite.

const CHOSEN = [
  { name: 'js-markdown', kind: 'bars', n: 1 },
  { name: 'sha256-4KiB', kind: 'bars', n: 1 },
  { name: 'neighbours', kind: 'bars', n: 1 },
  { name: 'scaling', kind: 'curve', n: 1 },
]

/** What docs/benchmarks.md shows. */
const OVERVIEW = [{ kind: 'overview' }]

/** Of each the first row with that rival; without one, the first that has any. */
const ROWS = [
  { name: 'js-markdown', words: 'Markdown to HTML: 60 documents, by a JavaScript function' },
  { name: 'sha256-1MiB', rival: 'a loop of createHash', words: 'SHA-256 of 200 buffers of 1 MiB' },
  { name: 'races', words: 'CPU time that losers use up after a race of 100 is won' },
  { name: 'neighbours', words: 'The slowest `fs.stat` of 100, while all cores are busy' },
  { name: 'map-8', words: 'An item of an async mapper, 8 at a time' },
  { name: 'one-task', words: 'One SHA-256 of 64 bytes: call Node\'s function' },
]

/** The rows that are there, as {words, row}. @param {{cases: object[]}} model */
function chosenRows({ cases }) {
  return ROWS.flatMap(({ name, rival, words }) => {
    const rows = cases.find((each) => each.name === name)?.rows ?? []
    const row = rows.find((each) => each.ratio !== null && each.rival === (rival ?? each.rival))
    return row === undefined ? [] : [{ words, row }]
  })
}

function find(charts, { name, kind, n }) {
  if (kind === 'overview') return charts.find((chart) => chart.kind === kind)
  return charts.filter((chart) => chart.name === name && chart.kind === kind)[n - 1]
}

/**
 * @param {object[]} charts of all results
 * @param {object[]} choices
 * @throws {Error} when one of the chosen is not there
 */
function chosen(charts, choices = CHOSEN) {
  const found = choices.map((choice) => ({ choice, chart: find(charts, choice) }))
  const missing = found.filter(({ chart }) => chart === undefined).map(({ choice }) => choice)
  if (missing.length > 0) {
    const list = missing.map(({ name, kind, n }) =>
      name === undefined ? kind : `${name}, ${kind} ${n}`,
    )
    throw new Error(
      `bench/results.json has no such chart for README.md: ${list.join('; ')}. Run all of the suite, or choose others in scripts/figures/chosen.js`,
    )
  }
  return found.map(({ chart }) => chart)
}

module.exports = { chosen, chosenRows, CHOSEN, OVERVIEW, ROWS }
