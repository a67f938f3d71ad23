'use strict'
// How soon a loser that can be interrupted stops. With `join` a race settles
// once everything it started has stopped, so what it takes beyond the winner's
// own time is the upper bound: starting and delivering are in it as well.

const { randomBytes } = require('node:crypto')
const { setTimeout: pause } = require('node:timers/promises')
const { configure, race, stats, tasks, testing } = require('../lib/heddle.js')
const { quantile, row } = require('../lib/kit.js')

const WINNER_MS = 6

/** The time beyond the winner's, or undefined when the loser was not running. */
async function sample(loser) {
  const began = performance.now()
  const settled = race([testing.sleep(WINNER_MS), loser()], { join: true })
  await pause(WINNER_MS / 2)
  const both = stats().running === 2
  await settled
  const beyond = performance.now() - began - WINNER_MS
  if (stats().running !== 0) throw new Error('the loser still runs')
  return both ? beyond : undefined
}

async function p95(loser, count) {
  const samples = []
  for (let tries = 0; samples.length < count; tries++) {
    if (tries === 10 * count) throw new Error('the loser does not run beside the winner')
    const beyond = await sample(loser)
    if (beyond !== undefined) samples.push(beyond)
  }
  return quantile(samples, 0.95)
}

async function run({ quick }) {
  const before = configure().threads
  if (before < 2) configure({ threads: 2 })
  const bytes = randomBytes(2 ** 26)
  const numbers = Float64Array.from({ length: 5_000_000 }, Math.random)
  const losers = {
    sleep: () => testing.sleep(10_000),
    spin: () => testing.spin(10_000),
    'hash of 64 MiB': () => tasks.hash('sha512', bytes),
    'gzip of 64 MiB': () => tasks.gzip(bytes),
    'sort of 5 million doubles': () => tasks.sort(numbers),
  }
  const samples = Object.fromEntries(Object.keys(losers).map((name) => [name, []]))
  for (let round = 0; round < (quick ? 2 : 7); round++) {
    for (const [name, loser] of Object.entries(losers)) {
      samples[name].push(await p95(loser, quick ? 5 : 40))
    }
  }
  const rows = Object.entries(samples).map(([name, ours]) =>
    row({
      what: `until a race has stopped its loser: ${name}, p95`,
      unit: 'ms',
      ours,
      claims: [{ text: 'p95 ≤ 2 ms', holds: (r) => r.ours.median <= 2 }],
    }),
  )
  return { rows }
}

const sides = () => ({
  heddle: {
    open: () => randomBytes(2 ** 26),
    run: (_, bytes) => race([testing.sleep(WINNER_MS), tasks.hash('sha512', bytes)], { join: true }),
  },
})

module.exports = { group: 'Sequences and races', title: 'Stopping a loser', run, sides }
