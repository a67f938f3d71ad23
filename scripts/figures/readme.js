'use strict'
// What stands between the marks of README.md: the chart of the first screen; the main charts, and a
// table of a few rows.

const { attribute, escape, table } = require('./markdown.js')
const { chosenRows } = require('./chosen.js')
const { measured, times } = require('../../bench/report/numbers.js')
const summary = require('../../bench/report/summary.js')

const COLUMNS = ['', 'heddle', 'instead of it', 'which is', 'times as much']

/** An image, with what it shows in words. @param {string} base the folder of the charts */
function image({ id, title, description }, base = 'docs/charts') {
  const alt = attribute(`${title}. ${description}`)
  return `<img align="top" src="${base}/${id}.svg" width="392" alt="${alt}">`
}

function line({ words, row: { ours, theirs, rival, ratio, unit } }) {
  const figures = [ours, theirs].map(({ median }) => escape(measured(median, unit)))
  return [words, ...figures, escape(rival), `**${times(ratio.median)}**`]
}

function section({ head, quick }, model, charts) {
  const measuredAt = `Measured ${head.date.slice(0, 10)} with Node ${head.node} on ${head.cores} cores (${head.cpu})`
  return [
    `${measuredAt}. ${summary.conclusion({ ...model, quick })} Bars, points and`,
    'figures are medians over the rounds; the dark lines and the bands are the middle 80 % of them. Above 1× heddle needs less.',
    '[docs/benchmarks.md](docs/benchmarks.md) has all cases, those first whose claims do not hold, and what each side used.',
    '',
    ...charts.map((chart) => image(chart)),
    '',
    table(COLUMNS, chosenRows(model).map(line)),
    '',
  ].join('\n')
}

/** The text with what is between two marks exchanged. */
function between(text, name, content) {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`]
  const from = text.indexOf(begin) + begin.length
  const to = text.indexOf(end)
  if (!text.includes(begin) || to < from) throw new Error(`README.md has no marks for the ${name}`)
  return text.slice(0, from) + content + text.slice(to)
}

/** @param {string} text README.md as it is @returns {string} as it should be */
function readme(text, { results, model, charts, login }) {
  const first = between(text, 'login', `${image(login)}\n`)
  return between(first, 'figures', section(results, model, charts))
}

module.exports = { image, readme }
