'use strict'
// Which charts there are: of each case its comparisons, curves and use of resources; of all cases
// the overview.

const bars = require('./charts/bars.js')
const curves = require('./charts/curves.js')
const overview = require('./charts/overview.js')
const usages = require('./charts/usage.js')
const tables = require('./tables.js')
const words = require('./words.js')
const { finish } = require('./svg.js')

/**
 * @typedef {object} Chart
 * @property {string} id a stable name: of the case, the kind of chart and its number there
 * @property {'bars'|'curve'|'usage'|'overview'} kind
 * @property {string} group its heading in the report
 * @property {string|null} name of the case
 * @property {string} title a few words
 * @property {string} note unit and scale
 * @property {string} description what it shows, in words and with figures
 * @property {SVGElement} element
 * @property {object} table the same figures
 * @property {object[]} rows of the results, with their claims
 */

function make(kit, drawn, about) {
  const chart = { ...about, note: drawn.note }
  return { ...chart, element: finish(kit.document, drawn.svg, chart) }
}

function ofComparison(kit, group, each, comparison, n) {
  const drawn = bars.draw(kit, comparison)
  if (drawn === null) return null
  const title = comparison.what
  const shown = { ...comparison, entries: drawn.entries }
  return make(kit, drawn, {
    id: `${each.slug}-bars-${n}`,
    kind: 'bars',
    group,
    name: each.name,
    title,
    description: words.ofComparison(shown),
    table: tables.ofComparison(shown, title),
    rows: comparison.rows,
  })
}

function ofCurve(kit, group, each, curve, n) {
  const drawn = curves.draw(kit, curve)
  if (drawn === null) return null
  return make(kit, drawn, {
    id: `${each.slug}-curve-${n}`,
    kind: 'curve',
    group,
    name: each.name,
    title: curve.title,
    description: words.ofCurve(curve),
    table: tables.ofCurve(curve, curve.title),
    rows: [],
  })
}

function ofUsage(kit, group, each) {
  const drawn = usages.draw(kit, each.usage)
  if (drawn === null) return null
  return make(kit, drawn, {
    id: `${each.slug}-usage`,
    kind: 'usage',
    group,
    name: each.name,
    title: 'What each side used',
    description: words.ofUsage(drawn.measures),
    table: tables.ofUsage(each.usage, each.title),
    rows: [],
  })
}

/** All charts of one case, in the order of the report. @returns {Chart[]} */
function ofCase(kit, group, each) {
  return [
    ...each.comparisons.map((comparison, i) => ofComparison(kit, group, each, comparison, i + 1)),
    ...each.curves.map((curve, i) => ofCurve(kit, group, each, curve, i + 1)),
    ofUsage(kit, group, each),
  ].filter((chart) => chart !== null)
}

/** @returns {Chart|null} null when no case has a rival */
function ofAll(kit, cases) {
  const drawn = overview.draw(kit, cases)
  if (drawn === null) return null
  return make(kit, drawn, {
    id: 'overview',
    kind: 'overview',
    group: 'Summary',
    name: null,
    title: 'Each case beside its first rival',
    description: words.ofOverview(drawn.rows),
    table: tables.ofOverview(drawn.rows),
    rows: [],
  })
}

module.exports = { ofCase, ofAll }
