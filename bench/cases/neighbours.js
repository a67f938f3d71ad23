'use strict'
// What others that use libuv's pool, fs above all, notice of a flood of work.

const crypto = require('node:crypto')
const { stat } = require('node:fs/promises')
const { promisify } = require('node:util')
const { setTimeout: pause } = require('node:timers/promises')
const { parallel, tasks } = require('../lib/heddle.js')
const { pbkdf2Iterations } = require('../lib/calibrate.js')
const { quantile } = require('../lib/figures.js')
const { settle } = require('../lib/rounds.js')
const { row } = require('../lib/row.js')

const FLOOD = 60
const pbkdf2 = promisify(crypto.pbkdf2)

/** Waits for fs.stat, one every ms or so, until the flood is over. */
async function waitsDuring(flood) {
  await settle()
  const waits = []
  let over = false
  const done = flood().then(() => (over = true))
  while (!over) {
    const began = performance.now()
    await stat(__filename)
    waits.push(performance.now() - began)
    await pause(1) // a neighbour, not a flood of its own
  }
  await done
  return waits
}

async function run({ quick }) {
  const args = ['password', 'salt', pbkdf2Iterations(10), 32, 'sha256']
  const list = (make) => Array.from({ length: quick ? 20 : FLOOD }, make)
  const p99 = []
  const longest = { heddle: [], theirs: [] }
  for (let round = 0; round <= (quick ? 2 : 15); round++) {
    const heddle = await waitsDuring(() => parallel(list(() => tasks.pbkdf2(...args))))
    const theirs = await waitsDuring(() => Promise.all(list(() => pbkdf2(...args))))
    if (round === 0) continue // warms up
    p99.push(quantile(heddle, 0.99))
    longest.heddle.push(Math.max(...heddle))
    longest.theirs.push(Math.max(...theirs))
  }
  return [
    row({
      what: 'fs.stat during a flood of pbkdf2 (10 ms each), p99',
      unit: 'ms',
      ours: p99,
      claims: [{ text: 'p99 < 1 ms', holds: (r) => r.ours.median < 1 }],
    }),
    row({
      what: 'the same, longest wait',
      unit: 'ms',
      ours: longest.heddle,
      theirs: longest.theirs,
      rival: 'Promise.all, crypto.pbkdf2',
      claims: [{ text: '≤ a tenth', holds: (r) => r.ratio.median >= 10 }],
    }),
  ]
}

module.exports = { run }
