'use strict'
// The charts that README shows: by case, kind and number, not by their words.

const CHOSEN = [
  { kind: 'overview' },
  { name: 'overhead', kind: 'curve', n: 1 },
  { name: 'js-markdown', kind: 'bars', n: 1 },
  { name: 'sha256-4KiB', kind: 'bars', n: 1 },
  { name: 'neighbours', kind: 'bars', n: 1 },
  { name: 'scaling', kind: 'curve', n: 1 },
]

function find(charts, { name, kind, n }) {
  if (kind === 'overview') return charts.find((chart) => chart.kind === kind)
  return charts.filter((chart) => chart.name === name && chart.kind === kind)[n - 1]
}

/**
 * @param {object[]} charts of all results
 * @throws {Error} when one of the chosen is not there
 */
function chosen(charts) {
  const found = CHOSEN.map((choice) => ({ choice, chart: find(charts, choice) }))
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

module.exports = { chosen, CHOSEN }
