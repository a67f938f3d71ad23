'use strict'
// Curves: growth, scaling, break-even. A band for the middle 80 % of the rounds, and a legend that
// tells each line by colour, symbol and weight, with its figure at the right end.

const palette = require('../palette.js')
const { number, ticks } = require('../numbers.js')
const { makers } = require('../dom.js')
const { quantiles } = require('../model.js')
const { axis } = require('./scale.js')
const { WIDTH, SMALL, common, room, cut } = require('./marks.js')

const HEIGHT = 250
const LINE = 19 // of the legend
const LEFT = 46
const MOST_TICKS = 8
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye']

const pointsOf = (series) => series.flatMap(({ points }) => points)

/** heddle's come first; when the colours are used up, rivals share theirs, never heddle's. */
function styled(series) {
  const drawn = series.filter(({ points }) => points.length > 0)
  const rank = ({ ours, reference }) => (reference ? 2 : ours ? 0 : 1)
  const own = Math.min(drawn.filter(({ ours }) => ours).length, palette.series.length - 1)
  const colour = (i) =>
    i < palette.series.length ? i : own + ((i - own) % (palette.series.length - own))
  return drawn
    .toSorted((a, b) => rank(a) - rank(b))
    .map((each, i) => ({
      ...each,
      colour: each.reference ? palette.muted : palette.series[colour(i)],
      symbol: SYMBOLS[i % SYMBOLS.length],
      className: each.reference ? 'reference' : `s${colour(i)}`,
    }))
}

function xAxis(points, log) {
  const made = axis(
    points.map(({ x }) => x),
    { log },
  )
  if (made.type === 'log') return made
  const values = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b)
  const domain = values.length === 1 ? made.domain : [values[0], values.at(-1)]
  const few = values.length <= MOST_TICKS && values.every(Number.isInteger)
  return { ...made, domain, ticks: few ? values : made.ticks }
}

function yAxis(points, log) {
  return axis(points.flatMap(quantiles).filter(Number.isFinite), { log })
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
    Plot.areaY(banded, { ...band, className: `band key ${className}` }),
    Plot.line(points, { ...line, className: `line ${className}` }),
    Plot.dot(points, {
      ...place,
      symbol,
      r: ours ? 4 : 3,
      fill: colour,
      className: `mark key ${className}`,
    }),
  ]
}

/** One line of the legend: a piece of the curve, its name, its last figure. */
function legendLine(Plot, each, y) {
  const { name, ours, reference, colour, symbol, className, points } = each
  const value = number(points.at(-1).median)
  const text = { y: 'y', fill: palette.text, fontWeight: ours ? 600 : 400 }
  const stroke = { stroke: colour, strokeWidth: ours ? 2.75 : 1.5, className: `line ${className}` }
  const left = {
    ...text,
    x: 32,
    text: 'name',
    textAnchor: 'start',
    ...cut(WIDTH - 40 - room(value)),
  }
  const right = { ...text, x: WIDTH - 1, text: 'value', textAnchor: 'end' }
  const dot = {
    x: 13,
    y: 'y',
    symbol,
    r: ours ? 4 : 3,
    fill: colour,
    className: `key ${className}`,
  }
  const row = [{ name, value, y }]
  return [
    Plot.ruleY(row, {
      y: 'y',
      x1: 2,
      x2: 24,
      ...stroke,
      ...(reference ? { strokeDasharray: '5 4' } : {}),
    }),
    ...(reference ? [] : [Plot.dot(row, dot)]),
    Plot.text(row, { ...left, className: 'label' }),
    Plot.text(row, { ...right, className: 'label value' }),
  ]
}

function legendOf({ Plot, document }, lines, x, labels) {
  const { s } = makers(document)
  const head = `${x.label}: ${labels(Math.max(...pointsOf(lines).map((point) => point.x)))}`
  const key = Plot.plot({
    ...common(document),
    height: (lines.length + 1) * LINE,
    margin: 0,
    x: { type: 'linear', domain: [0, WIDTH], axis: null },
    y: {
      type: 'band',
      domain: lines.map((_, i) => i).concat(lines.length),
      padding: 0,
      axis: null,
    },
    marks: [
      Plot.text([head], {
        x: WIDTH - 1,
        y: () => 0,
        textAnchor: 'end',
        fontSize: SMALL,
        fill: palette.muted,
        className: 'axis',
        ...cut(WIDTH, SMALL),
      }),
      ...lines.flatMap((each, i) => legendLine(Plot, each, i + 1)),
    ],
  })
  return s('g', { class: 'legend', transform: `translate(0,${HEIGHT})` }, ...key.childNodes)
}

/** By the figures at the right end, as the lines stand above each other. */
function ordered(series) {
  const end = ({ points }) => points.at(-1).median
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
  const label = { fontSize: SMALL, label: null }
  const svg = Plot.plot({
    ...common(document),
    height: HEIGHT,
    marginLeft: LEFT,
    marginRight: 20,
    marginTop: 10,
    marginBottom: 52,
    x: { type: x.type, domain: x.domain },
    y: { type: y.type, domain: y.domain, nice: y.type === 'linear' },
    marks: [
      Plot.gridY({ ticks: y.ticks, stroke: palette.line, strokeOpacity: 1, className: 'grid' }),
      Plot.axisY({
        ...label,
        ticks: y.ticks,
        tickFormat: ticks(y.domain[1]),
        tickSize: 0,
        className: 'axis',
      }),
      Plot.axisX({
        ...label,
        ticks: x.ticks,
        tickFormat: ticks(x.domain[1]),
        tickSize: 4,
        className: 'axis',
      }),
      Plot.text([xs.label], {
        frameAnchor: 'bottom',
        dy: 36,
        fontSize: SMALL,
        fill: palette.muted,
        className: 'axis',
        ...cut(WIDTH - LEFT, SMALL),
      }),
      ...series.toReversed().flatMap((each) => marksOf(Plot, each)),
    ],
  })
  const lines = ordered(series)
  svg.append(legendOf(kit, lines, xs, ticks(x.domain[1])))
  resize(svg, HEIGHT + (lines.length + 1) * LINE)
  const logs = [x.type === 'log' && 'x', y.type === 'log' && 'y'].filter(Boolean)
  const scale =
    logs.length === 0 ? '' : `; logarithmic ${logs.length === 2 ? 'axes' : `${logs[0]} axis`}`
  return { svg, note: `${ys.label}${scale}` }
}

function resize(svg, height) {
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${height}`)
  svg.setAttribute('height', String(height))
}

module.exports = { draw }
