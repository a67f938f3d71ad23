'use strict'
// What all charts share: their width, their text, a median with its interval.

const palette = require('../palette.js')

const WIDTH = 360 // about a phone's; on the page a chart is never made smaller by much
const FONT = 13
const SMALL = 12.5
const SIDE = 5 // so that the label of a tick at the edge is whole
const EM = 0.56 // the mean width of a letter, in em

/** How much room a text takes, about. */
const room = (text, size = FONT) => text.length * size * EM

const common = (document) => ({ document, className: 'chart', width: WIDTH })

/** A text that is cut where its room (in pixels) ends; the whole is in its tooltip and the table. */
const cut = (pixels, size = FONT) => ({ textOverflow: 'ellipsis-end', lineWidth: pixels / size })

/** The first line of an entry: its name on the left, cut where the figure on the right begins. */
function labels(Plot, entries, { dy, name, value, bold }) {
  const widest = Math.min(WIDTH / 2, Math.max(...entries.map((entry) => room(value(entry)))))
  const place = { y: (_, i) => i, dy }
  const left = {
    ...place,
    text: name,
    frameAnchor: 'left',
    textAnchor: 'start',
    dx: 1 - SIDE,
    ...cut(WIDTH - widest - 12),
  }
  const right = {
    ...place,
    text: value,
    frameAnchor: 'right',
    textAnchor: 'end',
    dx: SIDE - 1,
    ...cut(WIDTH / 2),
  }
  const weight = (strong) => ({
    filter: (entry) => bold(entry) === strong,
    fontWeight: strong ? 600 : 400,
    fill: palette.text,
  })
  return [true, false].flatMap((strong) => [
    Plot.text(entries, { ...left, ...weight(strong), className: 'label' }),
    Plot.text(entries, { ...right, ...weight(strong), className: 'label value' }),
  ])
}

/** Where the middle 80 % of the rounds lie. */
const between = (summary) => ({
  y: (_, i) => i,
  x1: (entry) => summary(entry).p10,
  x2: (entry) => summary(entry).p90,
  strokeLinecap: 'round',
})

const own = (entry) => entry.summary

/** A line across them. */
function intervals(Plot, entries, dy, summary = own) {
  const line = { stroke: palette.text, strokeWidth: 1.75, className: 'interval' }
  return Plot.ruleY(entries, { ...between(summary), dy, ...line })
}

/** The same on a ground of the background's colour, which keeps it apart from a bar. */
function haloed(Plot, entries, dy) {
  const halo = { stroke: palette.background, strokeWidth: 4.5, className: 'halo' }
  return [
    Plot.ruleY(entries, { ...between(own), dy, ...halo }),
    intervals(Plot, entries, dy),
  ]
}

module.exports = { WIDTH, FONT, SMALL, SIDE, common, labels, intervals, haloed, room, cut }
