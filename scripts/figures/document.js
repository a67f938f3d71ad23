'use strict'
// docs/benchmarks.md: every figure of the results.

const { escape, table } = require('./markdown.js')
const { image } = require('./readme.js')
const { COLUMNS, cells, failed, main } = require('./rows.js')
const { xsOf } = require('../../bench/harness/figures.js')
const { number, percent } = require('../../bench/report/numbers.js')
const tables = require('../../bench/report/tables.js')
const summary = require('../../bench/report/summary.js')

const spread = ({ p10, p90 }) => `${number(p10)} to ${number(p90)}`

const WITHOUT_CASE = COLUMNS.slice(1)

/** Behind the medians, how far the middle 80 % of the rounds reach. */
function rowsOf({ name, rows }) {
  const lines = rows.map((row) => {
    const [, what, ours, theirs, rival, ratio, claim] = cells(name, row)
    const reach = row.theirs === null ? '' : ` (${spread(row.theirs)})`
    return [what, `${ours} (${spread(row.ours)})`, `${theirs}${reach}`, rival, ratio, claim]
  })
  return lines.length === 0 ? [] : [table(WITHOUT_CASE, lines)]
}

function usageOf({ title, usage }) {
  if (usage.length === 0) return []
  const { columns, rows } = tables.ofUsage(usage, title)
  return [
    table(
      columns,
      rows.map((row) => row.map(escape)),
    ),
  ]
}

/** A column for each line of the chart, a row for each x. */
function curveOf({ title, x, y, series }) {
  const cell = (points, value) => {
    const point = points.find((each) => each.x === value)
    return point === undefined ? '' : number(point.median)
  }
  const rows = xsOf(series).map((value) => [
    number(value),
    ...series.map(({ points }) => cell(points, value)),
  ])
  const columns = [x.label, ...series.map(({ name }) => name)].map(escape)
  return [`${escape(title)}: ${escape(y.label)}.`, table(columns, rows)]
}

function caseOf(each) {
  const name = each.title === each.name ? [] : [`\`${each.name}\``]
  const crash =
    each.crash === undefined
      ? []
      : [`**Could not be run:** ${escape(summary.firstLine(each.crash))}`]
  return [
    `### ${escape(each.title)}`,
    ...name,
    ...crash,
    ...rowsOf(each),
    ...usageOf(each),
    ...each.curves.flatMap(curveOf),
  ]
}

function failures({ cases }) {
  const rows = cases.flatMap(({ name, rows: all }) =>
    all.filter(failed).map((row) => cells(name, row)),
  )
  return rows.length === 0 ? [] : ['## Claims that do not hold', table(COLUMNS, rows)]
}

/** A row of each case, and every one whose claim does not hold. */
function inShort({ cases }, overview) {
  const rows = cases.flatMap(({ name, rows: all }) => main(all).map((row) => cells(name, row)))
  return ['## In short', image(overview, 'charts'), table(COLUMNS, rows)]
}

function troubles({ crashed, disturbed }) {
  const list = (items) => items.join(', ')
  return [
    ...(crashed.length === 0
      ? []
      : [`Could not be run: ${list(crashed.map(({ name }) => escape(name)))}.`]),
    ...(disturbed.length === 0
      ? []
      : [
          'Other processes took more than a tenth of the machine during these; do not judge by them: ' +
            `${list(disturbed.map(({ name, others }) => `${escape(name)} (${percent(others)})`))}.`,
        ]),
  ]
}

/** The whole file. @param {object} overview the chart of all cases */
function page(model, overview) {
  const facts = summary.circumstances(model).map(([term, text]) => `${term}: ${escape(text)}`)
  const parts = [
    '# Benchmarks',
    'Written by scripts/figures.js from bench/results.json, which `npm run bench` wrote; [bench/README.md](../bench/README.md) says how it\n' +
      'is measured and what is claimed. Medians over the rounds, in brackets their middle 80 % (p10 to p90). “theirs / ours” is the median of\n' +
      'the ratios of the rounds: above 1 heddle needs less.',
    `${facts.join('; ')}.`,
    summary.conclusion(model),
    ...troubles(model),
    ...failures(model),
    ...inShort(model, overview),
    ...model.groups.flatMap(({ heading, cases }) => [
      `## ${escape(heading)}`,
      ...cases.flatMap(caseOf),
    ]),
  ]
  return `${parts.join('\n\n')}\n`
}

module.exports = { page }
