'use strict'
// How long a group of one waits behind a large one. A pool that serves in order
// makes it wait for everything before it.

const { setTimeout: pause } = require('node:timers/promises')
const { parallel, testing } = require('../lib/heddle.js')
const { keyArguments, pbkdf2, pbkdf2Iterations } = require('../lib/calibrate.js')
const { quantile, row, timed } = require('../lib/kit.js')

const FLOOD = 100_000
const THEIR_FLOOD = 1_000 // a hundredth, or it would take a minute

/** p95 of a group's time, from the call to its result: its own 1 ms included. */
async function ours(samples) {
  const stop = new AbortController()
  const flood = parallel(
    Array.from({ length: FLOOD }, () => testing.spin(1)),
    { signal: stop.signal, join: true },
  )
  flood.catch(() => {})
  await pause(100) // until it is all queued
  const waits = []
  for (let i = 0; i < samples; i++) {
    waits.push(await timed(() => parallel([testing.spin(1)])))
    await pause(2)
  }
  stop.abort()
  await flood.catch(() => {})
  return quantile(waits, 0.95)
}

/** One sample only: it waits for the whole flood. */
async function theirs(iterations) {
  const work = () => pbkdf2(...keyArguments(iterations))
  const flood = Promise.all(Array.from({ length: THEIR_FLOOD }, work))
  const wait = await timed(work)
  await flood
  return wait
}

async function run({ quick }) {
  const iterations = pbkdf2Iterations(1)
  const measured = { ours: [], theirs: [] }
  for (let round = 0; round < (quick ? 1 : 9); round++) {
    measured.ours.push(await ours(quick ? 30 : 100))
    measured.theirs.push(await theirs(iterations))
  }
  const rows = [
    row({
      what: 'p95 of a group of one behind 100,000 tasks of 1 ms',
      unit: 'ms',
      ...measured,
      rival: 'crypto.pbkdf2 behind 1,000',
      claims: [{ text: 'p95 ≤ 5 ms', holds: (r) => r.ours.median <= 5 }],
    }),
  ]
  return { rows }
}

const FEW = 500

/** A flood alone. */
const sides = () => ({
  heddle: () => parallel(Array.from({ length: FEW }, () => testing.spin(1))),
  'crypto.pbkdf2': {
    open: () => pbkdf2Iterations(1),
    run: (_, iterations) =>
      Promise.all(Array.from({ length: FEW }, () => pbkdf2(...keyArguments(iterations)))),
  },
})

module.exports = { group: 'Neighbours', title: 'A small group behind a large one', run, sides }
