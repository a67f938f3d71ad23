'use strict'
// One figure of heddle beside its rivals': bars from zero, or dots on a logarithmic axis where the
// longest bar would leave nothing of the shortest.

const palette = require('../palette.js')
const { quantiles } = require('../model.js')
const { measured, ticks } = require('../numbers.js')
const { axis } = require('./scale.js')
const { SMALL, common, SIDE, labels, intervals, haloed } = require('./marks.js')

const FAR = 30 // times: from here on a bar of the smaller is a hairline
const ROW = 40
const FOOT = 26

const drawable = ({ summary }) => quantiles(summary).every(Number.isFinite)

/** The smallest first, so that heddle stands where it belongs. */
const ranked = (entries) =>
  entries.filter(drawable).toSorted((a, b) => a.summary.median - b.summary.median)

const valuesOf = (entries) => entries.flatMap(({ summary }) => quantiles(summary))

function far(entries) {
  const medians = entries.map(({ summary }) => summary.median)
  return Math.min(...valuesOf(entries)) > 0 && Math.max(...medians) / Math.min(...medians) > FAR
}

const side = (entries, ours) => ({
  filter: (entry) => entry.ours === ours && entries.includes(entry),
})

function bars(Plot, entries) {
  const mark = (ours) =>
    Plot.barX(entries, {
      ...side(entries, ours),
      x1: 0,
      x2: ({ summary }) => summary.median,
      y: (_, i) => i,
      insetTop: 21,
      insetBottom: 5,
      rx: 1.5,
      fill: ours ? palette.ours : palette.theirs,
      className: ours ? 'mark ours' : 'mark theirs',
    })
  return [mark(true), mark(false), ...haloed(Plot, entries, 8)]
}

function dots(Plot, entries) {
  const mark = (ours) =>
    Plot.dot(entries, {
      ...side(entries, ours),
      x: ({ summary }) => summary.median,
      y: (_, i) => i,
      dy: 8,
      r: 5,
      fill: ours ? palette.ours : palette.theirs,
      className: ours ? 'mark ours' : 'mark theirs',
    })
  const track = Plot.ruleY(entries, {
    y: (_, i) => i,
    dy: 8,
    stroke: palette.line,
    className: 'track',
  })
  return [track, intervals(Plot, entries, 8), mark(true), mark(false)]
}

/**
 * @param {{Plot: object, document: Document}} kit
 * @param {{unit: string, alone: boolean, entries: object[]}} comparison
 * @returns {{svg: SVGElement, note: string, entries: object[]} | null} null: there is nothing to draw
 */
function draw({ Plot, document }, { unit, alone, entries: all }) {
  const entries = ranked(all)
  if (entries.length === 0) return null
  const log = far(entries)
  const x = axis(valuesOf(entries), { log })
  const ends = { axis: null, insetLeft: log ? 8 : 0, insetRight: 14 }
  const svg = Plot.plot({
    ...common(document),
    height: entries.length * ROW + FOOT,
    marginLeft: SIDE,
    marginRight: SIDE,
    marginTop: 0,
    marginBottom: FOOT,
    x: { type: x.type, domain: x.domain, ...ends },
    y: { type: 'band', domain: entries.map((_, i) => i), padding: 0, axis: null },
    marks: [
      Plot.axisX({
        ticks: x.ticks,
        tickFormat: ticks(x.domain[1]),
        tickSize: 4,
        fontSize: SMALL,
        label: null,
        className: 'axis',
      }),
      ...(log ? dots : bars)(Plot, entries),
      ...labels(Plot, entries, {
        dy: -9,
        name: ({ name }) => name,
        value: ({ summary }) => measured(summary.median, unit),
        bold: ({ ours }) => ours && !alone,
      }),
    ],
  })
  const better = log ? 'further left is better' : 'shorter is better'
  const notes = [unit, log && 'logarithmic', !alone && better].filter(Boolean)
  return { svg, note: notes.join(', '), entries }
}

module.exports = { draw }
