'use strict'
// The findings of charts in words, for those who do not see them.

const { number, measured, times } = require('./numbers.js')

const TIME = /^(ns|µs|us|ms|s)\b/
const SIZE = /^([KMG]i?)?B\b|^bytes?\b/

/** [of the better, of the worse]: what a ratio of such figures means. */
function adjectives(unit) {
  if (TIME.test(unit)) return ['faster', 'slower']
  if (SIZE.test(unit)) return ['smaller', 'larger']
  return ['less', 'more']
}

/** `heddle is 10 times faster than piscina`. @param {number} ratio theirs / ours */
function standing(ratio, unit, rival) {
  const [better, worse] = adjectives(unit)
  if (!Number.isFinite(ratio) || ratio <= 0) return null
  if (Math.abs(ratio - 1) < 0.05) return `heddle is on a par with ${rival}`
  if (ratio > 1) return `heddle is ${number(ratio)} times ${better} than ${rival}`
  return `heddle is ${number(1 / ratio)} times ${worse} than ${rival}`
}

/** What bars show. */
function ofComparison({ unit, entries }) {
  const parts = entries.map(({ name, summary }) => {
    const { median, p10, p90 } = summary
    const spread = p10 === p90 ? '' : ` (p10 to p90: ${number(p10)} to ${number(p90)})`
    return `${name}: ${measured(median, unit)}${spread}`
  })
  const rivals = entries.filter(({ ratio }) => ratio !== null)
  const found = rivals.map(({ name, ratio }) => standing(ratio.median, unit, name))
  return `${[...found.filter((words) => words !== null), ...parts].join('. ')}.`
}

const last = (series) => series.points.at(-1)

/** From which x on a curve of ratios is never below 1 again. */
function payingFrom({ points }) {
  const below = points.findLastIndex(({ median }) => median < 1)
  return below === points.length - 1 ? null : points[below + 1].x
}

function ofReference({ series, x }) {
  const reference = series.find(({ reference: is }) => is)
  if (reference === undefined || reference.points.length === 0) return []
  const others = series.filter(({ reference: is, points }) => !is && points.length > 0)
  if (reference.name === 'even') {
    return others.map((each) => {
      const from = payingFrom(each)
      if (from === null) return `${each.name}: does not pay at the largest measured`
      return `${each.name}: pays from ${number(from)} on (${x.label})`
    })
  }
  const ideal = new Map(reference.points.map((point) => [point.x, point.median]))
  return others
    .filter((each) => ideal.get(last(each).x) > 0)
    .map((each) => {
      const part = last(each).median / ideal.get(last(each).x)
      return `${each.name}: ${Math.round(part * 100)} % of ${reference.name} at ${number(last(each).x)}`
    })
}

/** What curves show: what they say about the dashed one, and where each begins and ends. */
function ofCurve({ x, y, series }) {
  const drawn = series.filter(({ points, reference }) => points.length > 0 && !reference)
  if (drawn.length === 0) return 'Nothing was measured.'
  const ends = drawn.map((each) => {
    const [first] = each.points
    const end = last(each)
    if (first === end) return `${each.name}: ${number(end.median)} at ${number(end.x)}`
    const from = `from ${number(first.median)} at ${number(first.x)}`
    return `${each.name}: ${from} to ${number(end.median)} at ${number(end.x)}`
  })
  return `${[...ofReference({ series, x }), `${y.label}, by ${x.label}`, ...ends].join('. ')}.`
}

const TOP = 3

/**
 * What the overview shows: where heddle gains most, and every case in which it does not pay.
 * @param {{title: string, rival: string, ratio: object}[]} rows the best first
 */
function ofOverview(rows) {
  const say = ({ title, rival, ratio }) => `${title} ${times(ratio.median)} (${rival})`
  const paying = rows.filter(({ ratio }) => ratio.median >= 1)
  const rest = rows.slice(paying.length)
  const found = `In ${paying.length} of ${rows.length} cases heddle needs no more than the first rival`
  const most = paying.length === 0 ? [] : [`Most: ${paying.slice(0, TOP).map(say).join(', ')}`]
  const least =
    rest.length === 0 ? [] : [`Below 1, where it needs more: ${rest.map(say).join(', ')}`]
  return `${[found, ...most, ...least].join('. ')}.`
}

/** What the bars of a use of resources show. */
function ofUsage(measures) {
  const each = measures.map(
    ({ label, bars }) => `${label}: ${bars.map(({ name, text }) => `${name} ${text}`).join(', ')}`,
  )
  return `${each.join('. ')}.`
}

module.exports = { ofComparison, ofCurve, ofOverview, ofUsage, standing }
