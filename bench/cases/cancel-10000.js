'use strict'
// Cancelling 10,000 members of which most are still queued: from the abort until
// the promise is rejected, and until nothing runs any more.

const { map, parallel, stats, testing } = require('../lib/heddle.js')
const { onThread, pools, sameThreads } = require('../lib/pools.js')
const { setMaxListeners } = require('node:events')
const { setImmediate: turn, setTimeout: pause } = require('node:timers/promises')
const { atMost, faster, inTurns, row, settle } = require('../lib/kit.js')

const MS = 5 // of each

const countOf = ({ quick }) => (quick ? 1_000 : 10_000)

/** Each starts 10,000 members with a signal and gives a promise that settles when all is over. */
async function openFloods(mode) {
  const list = (make) => Array.from({ length: countOf(mode) }, make)
  const threads = sameThreads()
  const spin = onThread('spin')
  const pool = await pools.piscina(threads)
  const { default: PQueue } = await import('p-queue')
  const { default: pMap } = await import('p-map')
  const sleep = (signal) => pause(MS, undefined, { signal })
  return {
    native: (signal) => parallel(list(() => testing.spin(MS)), { signal }),
    joined: (signal) => parallel(list(() => testing.spin(MS)), { signal, join: true }),
    threads: (signal) => map(list(() => MS), spin, { signal }),
    piscina: (signal) => Promise.allSettled(list(() => pool.run('spin', MS, signal))),
    functions: (signal) =>
      map(list(() => MS), (_, context) => sleep(context.signal), { concurrency: 8, signal }),
    'p-map': (signal) => pMap(list(() => MS), () => sleep(signal), { concurrency: 8, signal }),
    'p-queue'(signal) {
      const queue = new PQueue({ concurrency: 8 })
      return Promise.allSettled(list(() => queue.add(() => sleep(signal), { signal })))
    },
  }
}

/** ms from the abort until all is over, a few members having run. */
async function sample(start) {
  await settle()
  const stop = new AbortController()
  setMaxListeners(0, stop.signal) // some rivals add one for each member
  const over = start(stop.signal).catch(() => {})
  await pause(4 * MS)
  const began = performance.now()
  stop.abort()
  await over
  const took = performance.now() - began
  while (stats().running > 0) await turn()
  return took
}

async function run(mode) {
  const floods = await openFloods(mode)
  const samples = await inTurns(floods, mode.quick ? 1 : 11, sample)
  const of = (what, ours, claims, rival) =>
    row({
      what,
      unit: 'ms',
      ours: samples[ours],
      ...(rival && { theirs: samples[rival], rival }),
      claims,
    })
  const words = countOf(mode).toLocaleString('en')
  return {
    rows: [
      of(`${words} native tasks, until the promise is rejected`, 'native', [atMost(10, 'ms')]),
      of(`${words} native tasks, until nothing runs any more`, 'joined', [atMost(20, 'ms')]),
      of(`${words} functions on threads`, 'threads', [faster(5)], 'piscina'),
      of(`${words} async functions, 8 at a time`, 'functions', [], 'p-map'),
      of(`${words} async functions, 8 at a time`, 'functions', [], 'p-queue'),
    ],
  }
}

function sides(mode) {
  const side = (name) => ({ open: () => openFloods(mode), run: (_, floods) => sample(floods[name]) })
  return {
    heddle: side('joined'),
    'heddle, functions on threads': side('threads'),
    piscina: side('piscina'),
    'p-queue': side('p-queue'),
  }
}

module.exports = { group: 'Sequences and races', title: 'Cancelling 10,000 members', run, sides }
