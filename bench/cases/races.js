'use strict'
// Races of 2 to 100, and the CPU time that goes into their losers after the win.
//
// The first member takes a tenth of the others. Losers that are not stopped run on:
// Promise.race only stops to listen. CPU time is taken at the win, and again when
// nothing of the race runs any more.

const { setTimeout: pause } = require('node:timers/promises')
const { race, stats, tasks } = require('../lib/heddle.js')
const { keyArguments, pbkdf2, pbkdf2Iterations } = require('../lib/calibrate.js')
const { atMostATenth } = require('../lib/claims.js')
const { linear, log, seriesOf } = require('../lib/curves.js')
const { list } = require('../lib/functions.js')
const { onThread, pools, sameThreads } = require('../lib/pools.js')
const { cpuTime, inTurns, row } = require('../lib/kit.js')

const MS = 10 // of a loser; the winner takes a tenth

const cpu = () => cpuTime(process.cpuUsage())

async function idle() {
  do await pause(1)
  while (stats().running > 0)
}

/** Each starts a race of a number of members and gives {won, over}, two promises. */
async function openRaces() {
  const threads = sameThreads()
  const most = pbkdf2Iterations(MS)
  const iterations = (i) => (i === 0 ? Math.ceil(most / 10) : most)
  const ms = (i) => (i === 0 ? MS / 10 : MS)
  const spin = onThread('spin')
  const pool = await pools.piscina(threads)
  const listening = (promises) => ({ won: Promise.race(promises), over: () => Promise.all(promises) })
  const args = (i) => keyArguments(iterations(i))
  return {
    races: {
      'heddle, native tasks': (count) => ({
        won: race(list(count, (i) => tasks.pbkdf2(...args(i)))),
        over: idle,
      }),
      'Promise.race, crypto.pbkdf2': (count) => listening(list(count, (i) => pbkdf2(...args(i)))),
      'heddle, functions on threads': (count) => ({
        won: race(list(count, (i) => spin(ms(i)))),
        over: idle,
      }),
      'Promise.race, piscina': (count) => listening(list(count, (i) => pool.run('spin', ms(i)))),
    },
    close: () => Promise.all([spin.close(), pool.close()]),
  }
}

/** CPU ms that are burned after the win. */
async function burned(start, count) {
  const { won, over } = start(count)
  await won
  const before = cpu()
  await over()
  return cpu() - before
}

async function run({ quick }) {
  const { races, close } = await openRaces()
  const counts = quick ? [2, 10] : [2, 5, 10, 20, 50, 100]
  const found = Object.fromEntries(Object.keys(races).map((name) => [name, []]))
  for (const count of counts) {
    const samples = await inTurns(races, quick ? 1 : 7, (start) => burned(start, count))
    for (const [name, ms] of Object.entries(samples)) found[name].push([count, ms])
  }
  await close()
  const last = (name) => found[name].at(-1)[1]
  const against = (ours, rival) =>
    row({
      what: `${ours}: CPU after the win, race of ${counts.at(-1)}`,
      unit: 'ms',
      ours: last(ours),
      theirs: last(rival),
      rival,
      claims: [atMostATenth],
    })
  const series = Object.entries(found).map(([name, samples]) => seriesOf(name, samples))
  return {
    rows: [
      against('heddle, native tasks', 'Promise.race, crypto.pbkdf2'),
      against('heddle, functions on threads', 'Promise.race, piscina'),
    ],
    curves: [
      { title: 'CPU after the win', x: log('members'), y: linear('ms of CPU time'), series },
    ],
  }
}

/** A race of ten, until nothing of it runs any more. */
function sides() {
  const side = (name) => ({
    open: openRaces,
    async run(_, { races }) {
      const { won, over } = races[name](10)
      await won
      await over()
    },
  })
  return {
    heddle: side('heddle, native tasks'),
    'Promise.race, crypto.pbkdf2': side('Promise.race, crypto.pbkdf2'),
    'heddle, functions on threads': side('heddle, functions on threads'),
    'Promise.race, piscina': side('Promise.race, piscina'),
  }
}

module.exports = {
  group: 'Sequences and races',
  title: 'Races of 2 to 100: CPU burned after the win',
  run,
  sides,
}
