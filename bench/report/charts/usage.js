'use strict'
// What each side used: time, CPU time, the event loop's delay, memory. Four small sets of bars,
// each of its own unit and so on a scale of its own, from zero.

const palette = require('../palette.js')
const { measured, mebibytes, NONE } = require('../numbers.js')
const { ours: isOurs } = require('../model.js')
const { common, room, cut } = require('./marks.js')

const ROW = 22
const GAP = 8

const ms = (value) => measured(value, 'ms')

const MEASURES = [
  { label: 'Wall time', of: ({ wall }) => wall, text: ms },
  { label: 'CPU time, all threads', of: ({ cpu }) => cpu, text: ms },
  { label: 'CPU time, main thread', of: ({ threads }) => threads?.main, text: ms },
  { label: 'Event-loop delay, p99', of: ({ delay }) => delay?.p99, text: ms },
  { label: 'Peak memory', of: ({ peak }) => peak, text: mebibytes },
]

/** The measures that were taken, with a bar for each side. */
function measuresOf(usage) {
  return MEASURES.map(({ label, of, text }) => {
    const bars = usage.filter((side) => text(of(side)) !== NONE)
    const most = Math.max(...bars.map(of))
    return {
      label,
      bars: bars.map((side) => ({
        name: side.side,
        ours: isOurs(side.side),
        share: most > 0 ? of(side) / most : 0,
        text: text(of(side)),
      })),
    }
  }).filter(({ bars }) => bars.length > 0)
}

/** Headings and bars, each with the place of its middle, from the top. */
function layout(measures) {
  const headings = []
  const bars = []
  let top = 0
  for (const measure of measures) {
    headings.push({ label: measure.label, y: top + ROW / 2 })
    top += ROW
    for (const bar of measure.bars) {
      bars.push({ ...bar, y: top + ROW / 2 })
      top += ROW
    }
    top += GAP
  }
  return { headings, bars, height: top }
}

/** @returns {{svg: SVGElement, note: string, measures: object[]} | null} null: nobody to compare with */
function draw({ Plot, document }, usage) {
  const measures = measuresOf(usage)
  if (usage.length < 2 || measures.length === 0) return null
  const { headings, bars, height } = layout(measures)
  const left = Math.min(150, 10 + Math.max(...bars.map(({ name }) => room(name))))
  const right = 10 + Math.max(...bars.map(({ text }) => room(text)))
  const label = { x: 0, textAnchor: 'start', y: 'y', fill: palette.text }
  const mark = (ours) =>
    Plot.rect(bars, {
      filter: (bar) => bar.ours === ours,
      x1: 0,
      x2: 'share',
      y1: ({ y }) => y - 6,
      y2: ({ y }) => y + 6,
      rx: 1.5,
      fill: ours ? palette.ours : palette.theirs,
      className: ours ? 'mark ours' : 'mark theirs',
    })
  const svg = Plot.plot({
    ...common(document),
    height,
    marginTop: 0,
    marginBottom: 0,
    marginLeft: left,
    marginRight: right,
    x: { type: 'linear', domain: [0, 1], axis: null },
    y: { type: 'linear', domain: [0, height], range: [0, height], axis: null },
    marks: [
      mark(true),
      mark(false),
      Plot.text(headings, {
        ...label,
        dx: -left + 1,
        text: 'label',
        fontWeight: 600,
        className: 'label',
      }),
      Plot.text(bars, {
        ...label,
        ...cut(left - 8),
        dx: -left + 1,
        text: 'name',
        className: 'label',
      }),
      Plot.text(bars, { ...label, x: 'share', dx: 6, text: 'text', className: 'label value' }),
    ],
  })
  return { svg, note: 'each on its own scale, from zero; shorter is better', measures }
}

module.exports = { draw }
