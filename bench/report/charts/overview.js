'use strict'
// Every case that has a rival, as one ratio: right of the line at 1 heddle needs less.

const palette = require('../palette.js')
const { quantiles } = require('../model.js')
const { times, ticks } = require('../numbers.js')
const { axis } = require('./scale.js')
const { SMALL, common, cut, intervals } = require('./marks.js')

const ROW = 34
const HEAD = 22
const FOOT = 26
const LEFT = 236
const RIGHT = 50

function texts(Plot, rows) {
  const line = { y: (_, i) => i, frameAnchor: 'left', textAnchor: 'start', dx: -LEFT + 1 }
  const value = { y: (_, i) => i, frameAnchor: 'right', textAnchor: 'end', dx: RIGHT - 1 }
  const room = LEFT - 6
  return [
    Plot.text(rows, {
      ...line,
      text: 'title',
      dy: -6.5,
      ...cut(room),
      fill: palette.text,
      className: 'label',
    }),
    Plot.text(rows, {
      ...line,
      text: ({ rival }) => rival,
      dy: 7,
      fontSize: SMALL,
      ...cut(room, SMALL),
      fill: palette.muted,
      className: 'label muted',
    }),
    Plot.text(rows, {
      ...value,
      text: ({ ratio }) => times(ratio.median),
      fontWeight: 600,
      fill: palette.text,
      className: 'label value',
    }),
  ]
}

function dots(Plot, rows) {
  const mark = (faster) =>
    Plot.dot(rows, {
      filter: ({ ratio }) => ratio.median >= 1 === faster,
      x: ({ ratio }) => ratio.median,
      y: (_, i) => i,
      symbol: faster ? 'circle' : 'diamond',
      r: 5,
      fill: faster ? palette.ours : palette.slower,
      className: faster ? 'mark ours' : 'mark slower',
    })
  return [mark(true), mark(false)]
}

/** @param {object[]} rows of the model @returns {{svg: SVGElement, note: string} | null} null: there are none */
function draw({ Plot, document }, rows) {
  if (rows.length === 0) return null
  const values = rows.flatMap(({ ratio }) => quantiles(ratio))
  const x = axis([1, Math.min(...values) * 0.8, Math.max(...values) * 1.2], { log: true, most: 2 })
  const label = ticks(x.domain[1])
  const svg = Plot.plot({
    ...common(document),
    height: rows.length * ROW + HEAD + FOOT,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginTop: HEAD,
    marginBottom: FOOT,
    x: { type: x.type, domain: x.domain, insetLeft: 7, insetRight: 7 },
    y: { type: 'band', domain: rows.map((_, i) => i), padding: 0, axis: null },
    marks: [
      Plot.gridX({ ticks: x.ticks, stroke: palette.line, strokeOpacity: 1, className: 'grid' }),
      Plot.axisX({
        ticks: x.ticks,
        tickFormat: (value) => `${label(value)}×`,
        tickSize: 0,
        fontSize: SMALL,
        label: null,
        className: 'axis',
      }),
      Plot.ruleX([1], { stroke: palette.text, strokeDasharray: '5 4', className: 'even' }),
      Plot.text(['even'], {
        x: 1,
        frameAnchor: 'top',
        dy: -10,
        fontSize: SMALL,
        fill: palette.text,
        className: 'label',
      }),
      intervals(Plot, rows, 0, ({ ratio }) => ratio),
      ...dots(Plot, rows),
      ...texts(Plot, rows),
    ],
  })
  const note =
    'times faster or smaller than the rival named below each case; logarithmic; left of “even” heddle does not pay'
  return { svg, note }
}

module.exports = { draw }
