'use strict'
// What stands between the marks of README.md: the main charts, and a table of the main rows.

const { attribute, table } = require('./markdown.js')
const { COLUMNS, cells, main } = require('./rows.js')
const summary = require('../../bench/report/summary.js')

const BEGIN = '<!-- figures -->\n'
const END = '<!-- /figures -->'

function image({ id, title, description }) {
  const alt = attribute(`${title}. ${description}`)
  return `<img align="top" src="docs/charts/${id}.svg" width="392" alt="${alt}">`
}

function section({ head, quick }, model, charts) {
  const rows = model.cases.flatMap(({ name, rows: all }) =>
    main(all).map((row) => cells(name, row)),
  )
  const measured = `Measured ${head.date.slice(0, 10)} with Node ${head.node} on ${head.cores} cores (${head.cpu})`
  return [
    `${measured}. ${summary.conclusion({ ...model, quick })} Bars, dots and`,
    'figures are medians over the rounds; the dark lines and the bands are the middle 80 % of them.',
    '“theirs / ours” above 1 means that heddle needs less. The table has the first claim of each case, and every',
    'one that does not hold; [docs/benchmarks.md](docs/benchmarks.md) has all rows, curves, and what each side used.',
    '',
    ...charts.map(image),
    '',
    table(COLUMNS, rows),
    '',
  ].join('\n')
}

/** @param {string} text README.md as it is @returns {string} as it should be */
function readme(text, results, model, charts) {
  const from = text.indexOf(BEGIN) + BEGIN.length
  const to = text.indexOf(END)
  if (!text.includes(BEGIN) || to < from) throw new Error('README.md has no marks for the figures')
  return text.slice(0, from) + section(results, model, charts) + text.slice(to)
}

module.exports = { readme }
