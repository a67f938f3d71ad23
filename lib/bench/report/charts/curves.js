'use strict'
// Curves: growth, scaling, break-even. A band for the middle 80 % of the rounds, and a legend that
// tells each line by colour, symbol and weight, with its figure at the right end.

const palette = require('../palette.js')
const { number } = require('../numbers.js')
const { makers } = require('../dom.js')
const { axis, tick } = require('./scale.js')
const { WIDTH, FONT, common, room } = require('./marks.js')

const HEIGHT = 250
const LINE = 19 // of the legend
const LEFT = 46
const MOST_TICKS = 8
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye']

const pointsOf = (series) => series.flatMap(({ points }) => points)

/** heddle's come first, and so always have the same colours; references have none. */
function styled(series) {
  const drawn = series.filter(({ points }) => points.length > 0)
  const rank = ({ ours, reference }) => (reference ? 2 : ours ? 0 : 1)
  return drawn
    .toSorted((a, b) => rank(a) - rank(b))
    .map((each, i) => ({
      ...each,
      colour: each.reference ? palette.muted : palette.series[i % palette.series.length],
      symbol: SYMBOLS[i % SYMBOLS.length],
      className: each.reference ? 'reference' : `s${i % palette.series.length}`,
    }))
}

function xAxis(points, log) {
  const made = axis(points.map(({ x }) => x), { log })
  if (made.type === 'log') return made
  const values = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b)
  const domain = values.length === 1 ? made.domain : [values[0], values[values.length - 1]]
  const few = values.length <= MOST_TICKS && values.every(Number.isInteger)
  return { ...made, domain, ticks: few ? values : made.ticks }
}

function yAxis(points, log) {
  const ends = ({ median, p10, p90 }) => [median, p10, p90].filter(Number.isFinite)
  return axis(points.flatMap(ends), { log })
}

function marksOf(Plot, { points, reference, ours, colour, symbol, className }) {
  const place = { x: 'x', y: 'median' }
  if (reference) {
    const dashed = { stroke: colour, strokeWidth: 1.5, strokeDasharray: '5 4' }
    return [Plot.line(points, { ...place, ...dashed, className: `line ${className}` })]
  }
  const banded = points.filter(({ p10, p90 }) => Number.isFinite(p10) && Number.isFinite(p90))
  const band = { x: 'x', y1: 'p10', y2: 'p90', fill: colour, fillOpacity: 0.16 }
  const line = { ...place, stroke: colour, strokeWidth: ours ? 2.75 : 1.5 }
  return [
    Plot.areaY(banded, { ...band, className: `band ${className}` }),
    Plot.line(points, { ...line, className: `line ${className}` }),
    Plot.dot(points, { ...place, symbol, r: ours ? 4 : 3, fill: colour, className: `mark ${className}` }),
  ]
}

function legendOf({ Plot, document }, series) {
  const { s } = makers(document)
  const lines = series.map((each) => {
    const value = number(each.points[each.points.length - 1].median)
    return { ...each, value, chars: Math.floor((WIDTH - 40 - room(value)) / room('x')) }
  })
  const key = Plot.plot({
    ...common(document),
    height: lines.length * LINE,
    margin: 0,
    x: { domain: [0, WIDTH], axis: null },
    y: { type: 'band', domain: lines.map((_, i) => i), padding: 0, axis: null },
    marks: lines.flatMap((each, i) => {
      const row = [{ ...each, i }]
      const text = { y: 'i', fill: palette.text, fontWeight: each.ours ? 600 : 400, className: 'label' }
      const dash = each.reference ? { strokeDasharray: '5 4' } : {}
      const width = each.ours ? 2.75 : 1.5
      const stroke = { stroke: each.colour, strokeWidth: width, className: `line ${each.className}` }
      const dot = { x: 13, y: 'i', symbol: each.symbol, r: each.ours ? 4 : 3, fill: each.colour }
      return [
        Plot.ruleY(row, { y: 'i', x1: 2, x2: 24, ...stroke, ...dash }),
        ...(each.reference ? [] : [Plot.dot(row, { ...dot, className: each.className })]),
        Plot.text(row, { ...text, x: 32, text: 'name', textAnchor: 'start', textOverflow: 'ellipsis-end', lineWidth: (WIDTH - 40 - room(each.value)) / FONT }),
        Plot.text(row, { ...text, x: WIDTH - 1, text: 'value', textAnchor: 'end', className: 'label value' }),
      ]
    }),
  })
  return s('g', { class: 'legend', transform: `translate(0,${HEIGHT})` }, ...key.childNodes)
}

/** By the figures at the right end, as the lines stand above each other. */
function ordered(series) {
  const end = ({ points }) => points[points.length - 1].median
  return series.toSorted((a, b) => end(b) - end(a))
}

/**
 * @param {{title: string, x: object, y: object, series: object[]}} curve
 * @returns {{svg: SVGElement, note: string} | null} null: there is nothing to draw
 */
function draw(kit, { x: xs, y: ys, series: all }) {
  const { Plot, document } = kit
  const series = styled(all)
  const points = pointsOf(series)
  if (points.length === 0) return null
  const x = xAxis(points, xs.log)
  const y = yAxis(points, ys.log)
  const label = { fontSize: 12, label: null }
  const svg = Plot.plot({
    ...common(document),
    height: HEIGHT,
    marginLeft: LEFT,
    marginRight: 12,
    marginTop: 10,
    marginBottom: 52,
    x: { type: x.type, domain: x.domain },
    y: { type: y.type, domain: y.domain, nice: y.type === 'linear' },
    marks: [
      Plot.gridY({ ticks: y.ticks, stroke: palette.line, strokeOpacity: 1, className: 'grid' }),
      Plot.axisY({ ...label, ticks: y.ticks, tickFormat: tick, tickSize: 0, className: 'axis' }),
      Plot.axisX({ ...label, ticks: x.ticks, tickFormat: tick, tickSize: 4, className: 'axis' }),
      Plot.text([xs.label], { frameAnchor: 'bottom', dy: 36, fontSize: 12, fill: palette.muted, className: 'axis', textOverflow: 'ellipsis-end', lineWidth: (WIDTH - LEFT) / 12 }),
      ...series.toReversed().flatMap((each) => marksOf(Plot, each)),
    ],
  })
  const lines = ordered(series)
  svg.append(legendOf(kit, lines))
  resize(svg, HEIGHT + lines.length * LINE + 4)
  const logs = [x.type === 'log' && 'x', y.type === 'log' && 'y'].filter(Boolean)
  const scale = logs.length === 0 ? '' : `; logarithmic ${logs.length === 2 ? 'axes' : `${logs[0]} axis`}`
  return { svg, note: `${ys.label}${scale}; beside each name its figure at the right end` }
}

function resize(svg, height) {
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${height}`)
  svg.setAttribute('height', String(height))
}

module.exports = { draw }
