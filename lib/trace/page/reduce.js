'use strict'
// What is drawn of a Trace: at most some ten thousand bars a row. Neighbours that
// are shorter than a cell of the time's raster are one bar.

const CELLS = 131_072 // of all rows together
const FEW = 60_000 // members that are drawn one by one
const BINS = 2048 // of what waits
const LANES = 10 // of calls
const MOST_CALLS = 20_000 // bars of calls

const STATES = ['fulfilled', 'rejected', 'cancelled', 'expired']

const us = (ms) => Math.round(ms * 1000)

/** Numbers for strings that come again and again. */
class Names {
  list = []
  #numbers = new Map()

  of(name) {
    let number = this.#numbers.get(name)
    if (number === undefined) {
      number = this.list.push(name) - 1
      this.#numbers.set(name, number)
    }
    return number
  }
}

/**
 * Bars of a row, as columns; times in µs. s: start, d: duration, n: members, b: busy time, t: the
 * task that was busy for longest, m: whether there are others, c: index of the call, -1 without
 * one, -2 of several; f: bits of states, x: members that have not fulfilled, w: the longest wait,
 * k: the key of a single member.
 */
const newRow = () => ({ s: [], d: [], n: [], b: [], t: [], m: [], c: [], f: [], x: [], w: [], k: [] })

function put(row, bar) {
  row.s.push(us(bar.start))
  row.d.push(Math.max(1, us(bar.end) - us(bar.start)))
  row.n.push(bar.count)
  row.b.push(us(bar.busy))
  row.t.push(mostOf(bar))
  row.m.push(bar.tasks === null ? 0 : 1)
  row.c.push(bar.call)
  row.f.push(bar.states)
  row.x.push(bar.bad)
  row.w.push(us(bar.wait))
  row.k.push(bar.count === 1 ? bar.key : null)
}

/** The task of a bar that was busy for longest. */
function mostOf({ task, tasks }) {
  if (tasks === null) return task
  let most = task
  for (const [one, busy] of tasks) if (busy > tasks.get(most)) most = one
  return most
}

const barOf = (member, call, names) => ({
  start: member.started,
  end: member.ended,
  count: 1,
  busy: member.ended - member.started,
  task: names.of(member.task),
  tasks: null, // busy times, where there are several
  call,
  states: 1 << STATES.indexOf(member.state),
  bad: member.state === 'fulfilled' ? 0 : 1,
  wait: member.started - member.queued,
  key: member.key,
})

function merge(bar, next) {
  if (bar.tasks !== null || bar.task !== next.task) {
    bar.tasks ??= new Map([[bar.task, bar.busy]])
    bar.tasks.set(next.task, (bar.tasks.get(next.task) ?? 0) + next.busy)
  }
  bar.end = Math.max(bar.end, next.end)
  bar.count += next.count
  bar.busy += next.busy
  bar.bad += next.bad
  if (bar.call !== next.call) bar.call = -2
  bar.states |= next.states
  bar.wait = Math.max(bar.wait, next.wait)
}

/** The members of a thread, in the order in which they started. */
function rowOf(members, numbers, names, cell) {
  const row = newRow()
  let bar = null
  for (const member of members) {
    const next = barOf(member, member.call === null ? -1 : (numbers.get(member.call) ?? -1), names)
    const isShort = next.end - next.start < cell
    if (bar !== null && isShort && next.end - bar.start < cell) {
      merge(bar, next)
      continue
    }
    if (bar !== null) put(row, bar)
    bar = next
  }
  if (bar !== null) put(row, bar)
  return row
}

/** The most that waited at once, in each part of the time. */
function waitingOf(members, duration) {
  const queued = Float64Array.from(members, (member) => member.queued).sort()
  const left = Float64Array.from(members, (member) => member.started ?? member.ended).sort()
  const bins = new Array(BINS).fill(0)
  const binOf = (time) => Math.min(BINS - 1, Math.max(0, Math.floor((time / (duration || 1)) * BINS)))
  let waiting = 0
  let last = 0
  const seen = (time) => {
    const bin = binOf(time)
    for (let i = last + 1; i <= bin; i++) bins[i] = waiting // what was there when it began
    last = bin
  }
  for (let i = 0, j = 0; i < queued.length || j < left.length; ) {
    const comes = i < queued.length && queued[i] <= left[j]
    seen(comes ? queued[i] : left[j])
    waiting += comes ? 1 : -1
    if (comes) i++
    else j++
    if (waiting > bins[last]) bins[last] = waiting
  }
  return bins
}

/** The first lane that is free; the last one where none is. */
function laneFor(ends, began) {
  const free = ends.findIndex((end) => end <= began)
  if (free >= 0) return free
  return ends.length < LANES ? ends.length : LANES - 1
}

function callsOf(trace, names) {
  const ends = []
  const longest = [...trace.calls]
  if (longest.length > MOST_CALLS) {
    longest.sort((a, b) => (b.ended ?? trace.duration) - b.began - ((a.ended ?? trace.duration) - a.began))
    longest.length = MOST_CALLS
    longest.sort((a, b) => a.began - b.began)
  }
  const calls = longest.map(({ id, name, place, began, ended, state, error, total }) => {
    const end = ended ?? trace.duration
    const lane = laneFor(ends, began)
    ends[lane] = Math.max(ends[lane] ?? 0, end)
    return { id, n: names.of(name), p: place === null ? -1 : names.of(place), s: us(began), d: Math.max(1, us(end) - us(began)), l: lane, st: state, e: error, m: total }
  })
  return { calls, lanes: ends.length }
}

/** Spans that are nearer than a cell are one. */
function spansOf(spans, cell) {
  const merged = []
  for (const { start, duration, kind } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last !== undefined && start - last.end < cell && duration < cell && last.end - last.start < cell) {
      last.end = Math.max(last.end, start + duration)
      last.count++
    } else {
      merged.push({ start, end: start + duration, count: 1, kind })
    }
  }
  return merged.map(({ start, end, count, kind }) => ({ s: us(start), d: Math.max(1, us(end) - us(start)), n: count, k: kind }))
}

function byThread({ members, threads }) {
  const rows = new Map(threads.map(({ id }) => [id, []]))
  for (const member of members) if (member.started !== null) rows.get(member.thread)?.push(member)
  for (const list of rows.values()) list.sort((a, b) => a.started - b.started)
  return rows
}

/** What the page gets. */
function reduce(trace) {
  const names = new Names()
  const rows = byThread(trace)
  const count = Math.max(1, rows.size)
  const cell = trace.members.length <= FEW ? 0 : trace.duration / Math.floor(CELLS / count)
  const { calls, lanes } = callsOf(trace, names)
  const numbers = new Map(calls.map(({ id }, i) => [id, i]))
  return {
    duration: us(trace.duration),
    cell: us(cell),
    rows: trace.threads.map(({ id, name, started, ended }) => ({
      name,
      started: started === null ? null : us(started),
      ended: ended === null ? null : us(ended),
      ...rowOf(rows.get(id), numbers, names, cell),
    })),
    calls,
    lanes,
    unseenCalls: trace.calls.length - calls.length,
    waiting: waitingOf(trace.members, trace.duration),
    stalls: spansOf(trace.stalls, 0),
    collections: spansOf(trace.collections, trace.duration / 4096),
    lent: trace.lent.map(({ time, count: lent }) => [us(time), lent]),
    names: names.list,
    states: STATES,
  }
}

module.exports = { reduce }
