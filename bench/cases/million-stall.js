'use strict'
// How long the event loop is held while a million no-ops go down and come up.
//
// Two immediates re-arm themselves around the one in which heddle starts
// members, and keep their places in the queue: from the first to the second is
// one slice of starting, from the second to the first of the next turn is one
// of delivering (the loop does not block while immediates wait), and the call
// itself is a slice too. From first to first is what others have to wait, a
// stall. Collections of garbage are taken off each span.

const { parallel, testing } = require('../lib/heddle.js')
const { watchCollections } = require('../lib/gc.js')
const { row, settle } = require('../lib/kit.js')

const RIVAL = 'Promise.all, setImmediates'

/** Calls work, and notes when the immediates before and behind it came. */
async function marks(work) {
  const times = [] // before, behind, before, behind, ...
  let over = false
  let last
  const ended = new Promise((resolve) => (last = resolve))
  const mark = (first) => () => {
    times.push(performance.now())
    if (!over) setImmediate(mark(first))
    else if (!first) last()
  }
  setImmediate(mark(true))
  const called = performance.now()
  const promise = work()
  const returned = performance.now()
  setImmediate(mark(false))
  await promise
  over = true
  await ended
  return { called, returned, times }
}

const without = (collected) => (from, to) => to - from - collected(from, to)

/** Longest call, slice of starting, slice of delivering, and stall; in ms. */
function longest({ called, returned, times }, span) {
  const found = { call: span(called, returned), start: 0, deliver: 0, stall: 0 }
  found.stall = span(called, times[0])
  for (let i = 0; i + 2 < times.length; i += 2) {
    found.start = Math.max(found.start, span(times[i], times[i + 1]))
    found.deliver = Math.max(found.deliver, span(times[i + 1], times[i + 2]))
    found.stall = Math.max(found.stall, span(times[i], times[i + 2]))
  }
  return found
}

async function watched(work) {
  await settle()
  const collections = watchCollections()
  const measured = await marks(work)
  const found = longest(measured, without(await collections.stop()))
  return { ...found, withCollections: longest(measured, (from, to) => to - from).stall }
}

const immediate = () => new Promise((resolve) => setImmediate(resolve))

async function run({ quick }) {
  const count = quick ? 100_000 : 1_000_000
  const heddle = []
  const theirs = []
  for (let round = 0; round <= (quick ? 2 : 9); round++) {
    const tasks = Array.from({ length: count }, () => testing.noop())
    const ours = await watched(() => parallel(tasks))
    const rival = await watched(() => Promise.all(Array.from({ length: count }, immediate)))
    if (round === 0) continue // warms up
    heddle.push(ours)
    theirs.push(rival)
  }
  const slices = { call: 'the call', start: 'starting members', deliver: 'delivering results' }
  const upTo = (most) => [{ text: `≤ ${most} ms`, holds: (r) => r.ours.median <= most }]
  const of = (list, key) => list.map((found) => found[key])
  const stall = (what, key, claims) =>
    row({ what, unit: 'ms', ours: of(heddle, key), theirs: of(theirs, key), rival: RIVAL, claims })
  const rows = [
    ...Object.entries(slices).map(([key, words]) =>
      row({
        what: `longest slice, no garbage collection: ${words}`,
        unit: 'ms',
        ours: of(heddle, key),
        claims: upTo(10),
      }),
    ),
    stall('longest stall, no garbage collection', 'stall', upTo(50)),
    stall('longest stall, with it', 'withCollections'),
  ]
  return { rows }
}

const sides = ({ quick }) => {
  const list = (make) => Array.from({ length: quick ? 100_000 : 1_000_000 }, make)
  return {
    heddle: () => parallel(list(() => testing.noop())),
    [RIVAL]: () => Promise.all(list(immediate)),
  }
}

module.exports = { group: 'Overhead', title: 'The event loop under a million tasks', run, sides }
