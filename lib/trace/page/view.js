/* The timeline: what is looked at, chosen and lit. Runs in the page, behind words.js and paint.js. */
;(() => {
  'use strict'
  const SHORTEST = 5 // µs that are seen at least
  const byId = (id) => document.getElementById(id)
  const data = JSON.parse(byId('data').textContent)
  const canvas = byId('view')
  const tip = byId('tip')
  const said = byId('said')
  const state = {
    from: 0, // µs
    to: Math.max(1, data.duration),
    width: 0, // px
    gutter: 110, // px, for names
    lit: NONE, // index of a call
    chosen: null, // {row, at}: a bar; row counts the threads
  }
  const words = wordsOf(data)
  const { barWords, callWords, time } = words
  const painter = painterOf(data, state, words, canvas.getContext('2d'))
  const { duration, height, laneTop, loopTop, waitTop, rowsTop, scale, x, timeAt, firstAfter, colourOf, hatch } = painter
  let scheduled = false

  function look(wantedFrom, wantedTo) {
    const span = Math.min(duration, Math.max(SHORTEST, wantedTo - wantedFrom))
    state.from = Math.min(Math.max(0, wantedFrom), duration - span)
    state.to = state.from + span
    draw()
  }

  const zoom = (factor, us = (state.from + state.to) / 2) => look(us - (us - state.from) * factor, us + (state.to - us) * factor)
  const pan = (part) => look(state.from + part * (state.to - state.from), state.to + part * (state.to - state.from))

  /** Whether merged bars are wide by now. */
  const isCoarse = () => data.cell * scale() > 6

  function coarseWords() {
    if (data.cell === 0) return ''
    const rest = isCoarse() ? ' Zooming in shows no more of them.' : ''
    return `Members shorter than ${time(data.cell)} are drawn together with their neighbours.${rest}`
  }

  function draw() {
    if (scheduled) return
    scheduled = true
    requestAnimationFrame(() => {
      scheduled = false
      const dense = globalThis.devicePixelRatio || 1
      canvas.width = Math.round(state.width * dense)
      canvas.height = Math.round(height * dense)
      painter.paint(dense)
      byId('coarse').textContent = coarseWords()
    })
  }

  // ---- What is under a point, and what is chosen ----

  function barAt(px, py) {
    const number = Math.floor((py - rowsTop) / ROW)
    const row = data.rows[number]
    if (row === undefined || px < state.gutter) return null
    const at = firstAfter(row, timeAt(px - 2))
    return at < row.s.length && x(row.s[at]) <= px + 2 ? { row: number, at } : null
  }

  function callAt(px, py) {
    const lane = Math.floor((py - laneTop) / LANE)
    if (px < state.gutter || lane < 0 || lane >= data.lanes) return NONE
    const us = timeAt(px)
    const slack = 2 / scale()
    return data.calls.findIndex((call) => call.l === lane && call.s - slack <= us && us <= call.s + call.d + slack)
  }

  function loopWords(px, py) {
    if (px < state.gutter || py < loopTop || py > loopTop + LOOP) return ''
    const us = timeAt(px)
    const slack = 2 / scale()
    const at = ({ s, d }) => s - slack <= us && us <= s + d + slack
    const stall = data.stalls.find(at)
    if (stall !== undefined) return `the event loop did not go on for ${time(stall.d)}`
    const collection = data.collections.find(at)
    if (collection === undefined) return ''
    return collection.n > 1 ? `${collection.n} garbage collections within ${time(collection.d)}` : `garbage collection (${collection.k}): ${time(collection.d)}`
  }

  function waitingWords(px, py) {
    if (px < state.gutter || py < waitTop || py > waitTop + WAIT) return ''
    const bin = Math.floor((timeAt(px) / duration) * data.waiting.length)
    return `up to ${data.waiting[Math.min(data.waiting.length - 1, Math.max(0, bin))]} members wait`
  }

  function wordsAt(px, py) {
    const call = callAt(px, py)
    if (call >= 0) return callWords(data.calls[call])
    const bar = barAt(px, py)
    if (bar !== null) return barWords(data.rows[bar.row], bar.at)
    return loopWords(px, py) || waitingWords(px, py)
  }

  function light(call) {
    state.lit = call
    for (const button of document.querySelectorAll('[data-call]')) {
      button.setAttribute('aria-pressed', String(call >= 0 && Number(button.dataset.call) === data.calls[call].id))
    }
    draw()
  }

  function say(text) {
    said.textContent = text.replaceAll('\n', ' · ')
  }

  function choose(bar) {
    state.chosen = bar
    if (bar !== null) {
      const row = data.rows[bar.row]
      const [start, end] = [row.s[bar.at], row.s[bar.at] + row.d[bar.at]]
      if (start < state.from || end > state.to) look(start - (state.to - state.from) / 2, start + (state.to - state.from) / 2)
      say(barWords(row, bar.at))
    }
    draw()
  }

  /** The next bar of the row, or of another one. */
  function step(by) {
    if (state.chosen === null) {
      const row = data.rows.findIndex(({ s }) => s.length > 0)
      if (row >= 0) choose({ row, at: Math.min(firstAfter(data.rows[row], state.from), data.rows[row].s.length - 1) })
      return
    }
    const at = state.chosen.at + by
    if (at >= 0 && at < data.rows[state.chosen.row].s.length) choose({ row: state.chosen.row, at })
  }

  function changeRow(by) {
    if (state.chosen === null) return step(0)
    const us = data.rows[state.chosen.row].s[state.chosen.at]
    for (let row = state.chosen.row + by; row >= 0 && row < data.rows.length; row += by) {
      const { s } = data.rows[row]
      if (s.length === 0) continue
      choose({ row, at: Math.min(firstAfter(data.rows[row], us), s.length - 1) })
      return
    }
  }

  function lightChosen() {
    if (state.chosen === null) return
    const call = data.rows[state.chosen.row].c[state.chosen.at]
    light(call >= 0 ? call : NONE)
    if (call >= 0) say(callWords(data.calls[call]))
  }

  function letGo() {
    state.chosen = null
    say('')
    light(NONE)
  }

  // ---- Events ----

  const keys = {
    ArrowLeft: () => pan(-0.2),
    ArrowRight: () => pan(0.2),
    ArrowUp: () => changeRow(-1),
    ArrowDown: () => changeRow(1),
    '+': () => zoom(0.5),
    '=': () => zoom(0.5),
    '-': () => zoom(2),
    0: () => look(0, duration),
    Home: () => look(0, duration),
    n: () => step(1),
    p: () => step(-1),
    Enter: lightChosen,
    Escape: letGo,
  }

  canvas.addEventListener('keydown', (event) => {
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act()
  })

  let drag = null
  const point = (event) => {
    const box = canvas.getBoundingClientRect()
    return [event.clientX - box.left, event.clientY - box.top]
  }

  canvas.addEventListener('pointerdown', (event) => {
    const [px, py] = point(event)
    drag = { px, py, from: state.from, to: state.to, moved: false }
    canvas.setPointerCapture(event.pointerId)
  })
  canvas.addEventListener('pointermove', (event) => {
    const [px, py] = point(event)
    if (drag !== null) {
      if (Math.abs(px - drag.px) > 3) drag.moved = true
      const by = (drag.px - px) / scale()
      if (drag.moved) look(drag.from + by, drag.to + by)
    }
    const text = drag?.moved ? '' : wordsAt(px, py)
    tip.hidden = text === ''
    tip.textContent = text
    if (text === '') return
    tip.style.left = `${Math.max(0, Math.min(px + 12, state.width - tip.offsetWidth - 4))}px`
    tip.style.top = `${py + 16}px`
  })
  canvas.addEventListener('pointerup', (event) => {
    const { moved } = drag ?? { moved: true }
    drag = null
    if (moved) return
    const [px, py] = point(event)
    const call = callAt(px, py)
    const bar = barAt(px, py)
    if (call >= 0) {
      light(call === state.lit ? NONE : call)
      say(callWords(data.calls[call]))
    } else if (bar !== null) {
      choose(bar)
      lightChosen()
    } else letGo()
  })
  canvas.addEventListener('pointercancel', () => (drag = null))
  canvas.addEventListener('pointerleave', () => (tip.hidden = true))
  canvas.addEventListener('dblclick', (event) => zoom(0.5, timeAt(point(event)[0])))
  canvas.addEventListener(
    'wheel',
    (event) => {
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey
      if (!event.ctrlKey && !event.metaKey && !sideways) return // the page scrolls
      event.preventDefault()
      if (sideways) pan((event.deltaX || event.deltaY) / (state.width - state.gutter))
      else zoom(Math.exp(event.deltaY / 300), timeAt(point(event)[0]))
    },
    { passive: false },
  )

  byId('in').addEventListener('click', () => zoom(0.5))
  byId('out').addEventListener('click', () => zoom(2))
  byId('all').addEventListener('click', () => look(0, duration))

  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-call]')
    if (!button) return
    const call = data.calls.findIndex(({ id }) => id === Number(button.dataset.call))
    if (call < 0) return
    light(call === state.lit ? NONE : call)
    const { s, d } = data.calls[call]
    if (state.lit >= 0) look(s - d * 0.1, s + d * 1.1)
    say(callWords(data.calls[call]))
    canvas.scrollIntoView({ block: 'nearest' })
  })

  // ---- The legend ----

  function swatch(text, paint) {
    const item = document.createElement('li')
    const picture = document.createElement('canvas')
    picture.setAttribute('aria-hidden', 'true')
    picture.width = 44
    picture.height = 28
    const on = picture.getContext('2d')
    on.scale(2, 2)
    paint(on)
    item.append(picture, text)
    return item
  }

  function drawLegend() {
    const solid = (colour) => (on) => {
      on.fillStyle = colour
      on.fillRect(0, 0, 22, 14)
    }
    const items = data.states.slice(1).map((name, i) =>
      swatch(name === 'rejected' ? 'failed' : name, (on) => {
        solid(painter.colour('c0'))(on)
        hatch(on, 0, 0, 22, 14, 2 << i)
      }),
    )
    items.push(swatch('loop held', solid(painter.colour('stall'))), swatch('garbage collection', solid(painter.colour('gc'))), swatch('waiting', solid(painter.colour('wait'))))
    const seen = new Set()
    for (const row of data.rows) for (const task of row.t) seen.add(task)
    for (const task of [...seen].slice(0, 8)) items.push(swatch(data.names[task], solid(colourOf(task))))
    if (seen.size > 8) items.push(Object.assign(document.createElement('li'), { textContent: `and ${seen.size - 8} more tasks` }))
    byId('legend').replaceChildren(...items)
  }

  function restyle() {
    painter.readColours()
    drawLegend()
    draw()
  }

  function resize() {
    state.width = canvas.parentElement.clientWidth
    state.gutter = state.width < 600 ? 84 : 130
    canvas.style.height = `${height}px`
    draw()
  }

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', restyle)
  new ResizeObserver(resize).observe(canvas.parentElement)
  painter.readColours()
  drawLegend()
  resize()
})()
