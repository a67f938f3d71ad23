/* Draws the timeline on a canvas. Runs in the page, with words.js before it. */
/* exported painterOf */

// Heights in px.
const AXIS = 24
const LANE = 17
const LOOP = 22
const WAIT = 48
const ROW = 28
const BAR = 20

const NONE = -1 // of the calls

// Bits, as data.states.
const REJECTED = 2
const CANCELLED = 4
const EXPIRED = 8

/* state: {from, to, width, gutter, lit, chosen}; see view.js. */
function painterOf(data, state, words, pen) {
  'use strict'
  const { time, nameOf, placeOf } = words
  const duration = Math.max(1, data.duration)
  const mostWaiting = Math.max(1, ...data.waiting)
  const busy = data.rows.map((row) => row.b.reduce((sum, us) => sum + us, 0))
  const laneTop = AXIS
  const loopTop = laneTop + Math.max(1, data.lanes) * LANE + 8
  const waitTop = loopTop + LOOP + 6
  const rowsTop = waitTop + WAIT + 10
  const height = rowsTop + Math.max(1, data.rows.length) * ROW + 6
  let colours = {}

  const scale = () => (state.width - state.gutter) / (state.to - state.from)
  const x = (us) => state.gutter + (us - state.from) * scale()
  const timeAt = (px) => state.from + (px - state.gutter) / scale()

  /** The first bar that ends after a time: bars of a row do not overlap. */
  function firstAfter(row, us) {
    let low = 0
    let high = row.s.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (row.s[middle] + row.d[middle] < us) low = middle + 1
      else high = middle
    }
    return low
  }

  function readColours() {
    const style = getComputedStyle(document.documentElement)
    const names = ['ground', 'raised', 'ink', 'soft', 'line', 'call', 'wait', 'stall', 'gc', 'focus']
    for (let i = 0; i < 8; i++) names.push(`c${i}`)
    colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]))
  }

  const colourOf = (task) => colours[`c${task % 8}`]

  /** Lines over a bar: none by colour alone. */
  function hatch(on, left, top, wide, high, states) {
    on.save()
    on.beginPath()
    on.rect(left, top, wide, high)
    on.clip()
    on.strokeStyle = colours.ink
    on.lineWidth = 1.5
    on.beginPath()
    for (let at = left - high; at < left + wide + high; at += 6) {
      if (states & REJECTED) {
        on.moveTo(at, top + high)
        on.lineTo(at + high, top)
      }
      if (states & CANCELLED) {
        on.moveTo(at, top)
        on.lineTo(at + high, top + high)
      }
      if (states & EXPIRED) {
        on.moveTo(at, top)
        on.lineTo(at, top + high)
      }
    }
    on.stroke()
    on.restore()
  }

  /** Of a bar that is too narrow for lines: a tick above. */
  function tick(left, top, states) {
    pen.fillStyle = colours.ink
    if (states & REJECTED) pen.fillRect(left - 0.5, top - 4, 2, 4)
    if (states & CANCELLED) pen.fillRect(left - 2, top - 3, 5, 1.5)
    if (states & EXPIRED) pen.fillRect(left - 1, top - 4, 3, 2)
  }

  function clipText(text, left, room, top) {
    if (room < 24) return
    const fits = (length) => pen.measureText(length < text.length ? `${text.slice(0, length)}…` : text).width <= room
    let length = text.length
    while (length > 2 && !fits(length)) length = Math.floor(length * 0.85)
    if (fits(length)) pen.fillText(length < text.length ? `${text.slice(0, length)}…` : text, left, top)
  }

  function drawAxis() {
    const rough = (state.to - state.from) / Math.max(2, (state.width - state.gutter) / 110)
    const power = 10 ** Math.floor(Math.log10(rough))
    const size = [1, 2, 5, 10].map((n) => n * power).find((one) => one >= rough)
    pen.font = '12px system-ui, sans-serif'
    pen.textBaseline = 'middle'
    for (let us = Math.ceil(state.from / size) * size; us <= state.to; us += size) {
      const at = x(us)
      pen.fillStyle = colours.line
      pen.fillRect(at, AXIS - 6, 1, height)
      pen.fillStyle = colours.soft
      if (at < state.width - 40) pen.fillText(time(us), at + 4, AXIS / 2)
    }
  }

  function drawCalls() {
    data.calls.forEach((call, i) => {
      if (call.s > state.to || call.s + call.d < state.from) return
      const left = Math.max(state.gutter, x(call.s))
      const wide = Math.max(2, Math.min(state.width, x(call.s + call.d)) - left)
      const top = laneTop + call.l * LANE
      pen.globalAlpha = state.lit === NONE || state.lit === i ? 1 : 0.25
      pen.fillStyle = colours.call
      pen.fillRect(left, top, wide, LANE - 3)
      pen.strokeStyle = state.lit === i ? colours.focus : colours.soft
      pen.lineWidth = state.lit === i ? 2 : 1
      if (wide > 3) pen.strokeRect(left + 0.5, top + 0.5, wide - 1, LANE - 4)
      if (call.st === 'rejected') hatch(pen, left, top, Math.min(wide, 14), LANE - 3, REJECTED)
      pen.fillStyle = colours.ink
      const inset = call.st === 'rejected' ? 18 : 5
      clipText(`${data.names[call.n]}${placeOf(call)}`, left + inset, wide - inset - 4, top + LANE / 2 - 1)
      pen.globalAlpha = 1
    })
  }

  function drawLoop() {
    for (const { s, d } of data.collections) {
      if (s > state.to || s + d < state.from) continue
      pen.fillStyle = colours.gc
      pen.fillRect(Math.max(state.gutter, x(s)), loopTop + 12, Math.max(1, d * scale()), 7)
    }
    for (const { s, d } of data.stalls) {
      if (s > state.to || s + d < state.from) continue
      const left = Math.max(state.gutter, x(s))
      const wide = Math.max(2, Math.min(state.width, x(s + d)) - left)
      pen.fillStyle = colours.stall
      pen.fillRect(left, loopTop, wide, 11)
      pen.globalAlpha = 0.1
      pen.fillRect(left, loopTop, wide, height)
      pen.globalAlpha = 1
      pen.fillStyle = colours.ground
      pen.font = '10px system-ui, sans-serif'
      clipText(time(d), left + 4, wide - 6, loopTop + 6)
    }
  }

  function drawWaiting() {
    const bin = duration / data.waiting.length
    pen.fillStyle = colours.wait
    for (let i = Math.max(0, Math.floor(state.from / bin)); i < data.waiting.length && i * bin < state.to; i++) {
      if (data.waiting[i] === 0) continue
      const left = Math.max(state.gutter, x(i * bin))
      const high = Math.max(1, (WAIT * data.waiting[i]) / mostWaiting)
      pen.fillRect(left, waitTop + WAIT - high, Math.max(1, x((i + 1) * bin) - left + 0.5), high)
    }
    pen.fillStyle = colours.line
    pen.fillRect(state.gutter, waitTop + WAIT, state.width - state.gutter, 1)
  }

  function drawRow(row, number) {
    const top = rowsTop + number * ROW + 5
    const per = scale()
    pen.fillStyle = colours.raised
    pen.fillRect(state.gutter, top, state.width - state.gutter, BAR)
    let last = -1 // pixel that is full
    for (let i = firstAfter(row, state.from); i < row.s.length && row.s[i] <= state.to; i++) {
      const left = Math.max(state.gutter, x(row.s[i]))
      const wide = Math.min(state.width, left + Math.max(0, row.d[i] * per)) - left
      const states = row.f[i]
      const isLit = state.lit === NONE || row.c[i] === state.lit || row.c[i] === SEVERAL
      if (wide < 1 && Math.floor(left) === last && states === 1) continue
      last = Math.floor(left + wide)
      pen.globalAlpha = isLit ? (state.lit !== NONE && row.c[i] === SEVERAL ? 0.5 : 1) : 0.15
      pen.fillStyle = colourOf(row.t[i])
      pen.fillRect(left, top, Math.max(1, wide - (wide > 3 ? 1 : 0)), BAR)
      if (states > 1) {
        if (wide >= 6 && row.x[i] === row.n[i]) hatch(pen, left, top, wide - 1, BAR, states)
        else if (row.x[i] >= row.n[i] / 4) tick(left, top, states)
      }
      if (wide > 60 && states === 1 && row.n[i] === 1) {
        pen.fillStyle = colours.ground
        pen.font = '12px system-ui, sans-serif'
        clipText(nameOf(row.t[i]), left + 5, wide - 10, top + BAR / 2 + 1)
      }
    }
    pen.globalAlpha = 1
    for (const edge of [row.started, row.ended]) {
      if (edge === null || edge < state.from || edge > state.to) continue
      pen.fillStyle = colours.ink
      pen.fillRect(x(edge), top - 2, 1, BAR + 4)
    }
    if (state.chosen === null || state.chosen.row !== number) return
    pen.strokeStyle = colours.focus
    pen.lineWidth = 2
    const left = Math.max(state.gutter, x(row.s[state.chosen.at]))
    pen.strokeRect(left - 1, top - 1, Math.max(3, row.d[state.chosen.at] * per) + 2, BAR + 2)
  }

  function drawLabels() {
    pen.fillStyle = colours.ground
    pen.fillRect(0, 0, state.gutter, height)
    pen.font = '12px system-ui, sans-serif'
    const label = (text, middle, soft) => {
      pen.fillStyle = soft ? colours.soft : colours.ink
      clipText(text, 8, state.gutter - 12, middle)
    }
    label('calls', laneTop + LANE / 2)
    label('event loop', loopTop + 8)
    label('waiting', waitTop + WAIT / 2 - 7)
    label(`up to ${mostWaiting.toLocaleString('en')}`, waitTop + WAIT / 2 + 9, true)
    data.rows.forEach((row, i) => {
      const part = Math.round((100 * busy[i]) / duration)
      label(state.gutter > 90 ? `${row.name}  ${part} %` : row.name, rowsTop + i * ROW + 5 + BAR / 2)
    })
  }

  /** All of it. `dense`: pixels of the canvas to one of the page's. */
  function paint(dense) {
    pen.setTransform(dense, 0, 0, dense, 0, 0)
    pen.fillStyle = colours.ground
    pen.fillRect(0, 0, state.width, height)
    drawAxis()
    drawCalls()
    drawWaiting()
    data.rows.forEach(drawRow)
    drawLoop()
    drawLabels()
  }

  return { duration, height, laneTop, loopTop, waitTop, rowsTop, scale, x, timeAt, firstAfter, readColours, colourOf, hatch, paint, colour: (name) => colours[name] }
}
