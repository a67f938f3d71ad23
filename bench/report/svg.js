'use strict'
// A drawing made ready: named and described for screen readers, and, for a file of its own, with
// its heading, colours and background.

const palette = require('./palette.js')
const { makers, SVG } = require('./dom.js')
const { sheet } = require('./sheets.js')
const { WIDTH, FONT } = require('./charts/marks.js')

const PADDING = 16
const HEADING = 15
const SUBHEADING = 12
const LEADING = 1.35

const PLACES = ['x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'width', 'height', 'd', 'transform']

/** Two decimals are enough, and the last ones may differ from one version of V8 to the next. */
function shorten(svg) {
  for (const element of svg.querySelectorAll('*')) {
    for (const name of PLACES) {
      const value = element.getAttribute(name)
      if (!value?.includes('.')) continue
      element.setAttribute(
        name,
        value.replace(/-?\d+\.\d+(e-?\d+)?/g, (all) => String(Number(Number(all).toFixed(2)))),
      )
    }
  }
}

/** Says what it is and what it shows. Plot's own style sheet goes: chart.css has what it says. */
function finish(document, svg, { id, heading, description }) {
  const { s } = makers(document)
  for (const style of [...svg.querySelectorAll('style')]) style.remove()
  for (const group of [...svg.querySelectorAll('[aria-label]')]) group.removeAttribute('aria-label')
  shorten(svg)
  svg.setAttribute('font-size', FONT)
  svg.setAttribute('color', palette.text)
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-labelledby', `${id}-title ${id}-description`)
  svg.prepend(
    s('title', { id: `${id}-title` }, heading),
    s('desc', { id: `${id}-description` }, description),
  )
  return svg
}

/** Lines of about as many letters as fit. */
function wrap(text, size) {
  const most = Math.floor(WIDTH / (size * 0.54))
  const lines = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < most)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word.length > most ? `${word.slice(0, most - 1)}…` : word)
  }
  return lines
}

function texts({ s }, lines, { size, top, ...attributes }) {
  const step = size * LEADING
  return lines.map((line, i) =>
    s('text', { x: PADDING, y: top + size + i * step, 'font-size': size, ...attributes }, line),
  )
}

/** The text of a file: `svg`, which is used up, under its title and note. */
function standalone(document, svg, { id, heading, note, description }) {
  const make = makers(document)
  const { s } = make
  const large = wrap(heading, HEADING)
  const small = wrap(note, SUBHEADING)
  const below = PADDING + large.length * HEADING * LEADING + 2
  const top = below + small.length * SUBHEADING * LEADING + 10
  const height = Math.ceil(top + Number(svg.getAttribute('height')) + PADDING)
  const width = WIDTH + 2 * PADDING
  for (const name of ['role', 'aria-labelledby', 'style']) svg.removeAttribute(name)
  for (const own of ['title', 'desc']) svg.querySelector(`svg > ${own}`)?.remove()
  svg.setAttribute('x', PADDING)
  svg.setAttribute('y', top)
  const file = s(
    'svg',
    {
      xmlns: SVG,
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-description`,
      class: 'chart',
      'font-family': 'system-ui, sans-serif',
    },
    s('title', { id: `${id}-title` }, heading),
    s('desc', { id: `${id}-description` }, description),
    s('style', {}, `${sheet('theme')}${sheet('chart')}`),
    s('rect', { class: 'backdrop', width, height, rx: 6, fill: palette.background }),
    ...texts(make, large, {
      size: HEADING,
      top: PADDING - 2,
      class: 'heading',
      fill: palette.text,
      'font-weight': 600,
    }),
    ...texts(make, small, {
      size: SUBHEADING,
      top: below,
      class: 'subheading',
      fill: palette.muted,
    }),
    svg,
  )
  return `${file.toString()}\n`
}

module.exports = { finish, standalone }
