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
 * @property {string} title a few words, beneath the case's own title
 * @property {string} heading the two together
 * @property {string} note unit and scale
 * @property {string} description what it shows, in words and with figures
 * @property {SVGElement} element
 * @property {object} table the same figures
 * @property {object[]} rows of the results, with their claims
 */

function make(kit, drawn, about) {
  const chart = { rows: [], ...about, note: drawn.note }
  return { ...chart, element: finish(kit.document, drawn.svg, chart) }
}

/** What all charts of a case have. */
function common(group, each, title) {
  const heading = each.title === title ? title : `${each.title}: ${title}`
  return { group, name: each.name, title, heading }
}

function ofComparison(kit, group, each, comparison, n) {
  const drawn = bars.draw(kit, comparison)
  if (drawn === null) return null
  const shown = { ...comparison, entries: drawn.entries }
  const about = common(group, each, comparison.what)
  return make(kit, drawn, {
    ...about,
    id: `${each.slug}-bars-${n}`,
    kind: 'bars',
    description: words.ofComparison(shown),
    table: tables.ofComparison(shown, about.heading),
    rows: comparison.rows,
  })
}

function ofCurve(kit, group, each, curve, n) {
  const drawn = curves.draw(kit, curve)
  if (drawn === null) return null
  const about = common(group, each, curve.title)
  return make(kit, drawn, {
    ...about,
    id: `${each.slug}-curve-${n}`,
    kind: 'curve',
    description: words.ofCurve(curve),
    table: tables.ofCurve(curve, about.heading),
  })
}

function ofUsage(kit, group, each) {
  const drawn = usages.draw(kit, each.usage)
  if (drawn === null) return null
  const about = common(group, each, 'what each side used')
  return make(kit, drawn, {
    ...about,
    title: 'What each side used',
    id: `${each.slug}-usage`,
    kind: 'usage',
    description: words.ofUsage(drawn.measures),
    table: tables.ofUsage(each.usage, about.heading),
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

/** @param {object} model @returns {Chart|null} null when no case has a rival */
function ofAll(kit, { compared }) {
  const drawn = overview.draw(kit, compared)
  if (drawn === null) return null
  return make(kit, drawn, {
    id: 'overview',
    kind: 'overview',
    group: 'Summary',
    name: null,
    title: 'Each case beside its first rival',
    heading: 'Each case beside its first rival',
    description: words.ofOverview(compared),
    table: tables.ofOverview(compared),
  })
}

module.exports = { ofCase, ofAll }
