'use strict'
// JavaScript functions on threads that do something: 5 ms of work each, buffers of
// 1 MiB that are moved, and the first result from a cold start.

const { map, parallel, thread, transfer } = require('../lib/heddle.js')
const { againstPools, fixture, pools } = require('../lib/pools.js')
const { poolSides, sameThreads, threadSide } = require('../lib/pools.js')
const { noSlower } = require('../lib/claims.js')
const { comparison, row, series } = require('../lib/kit.js')
const { spin } = require('../fixtures/work.cjs')

const MS = 5
const MIB = 1024 * 1024

const group = 'CPU in JavaScript'

const coarse = comparison({
  group,
  title: 'tasks',
  setup: ({ quick }) => ({
    threads: sameThreads(),
    list: Array.from({ length: quick ? 10 : 60 }, () => MS),
  }),
  what: ({ list }) => `${list.length} tasks of ${MS} ms`,
  sides: () => ({
    heddle: threadSide('spin', ({ list }, task) => map(list, task)),
    'one after the other, here': ({ list }) => list.forEach((ms) => spin(ms)),
    ...poolSides('spin', ({ list }) => list),
  }),
  rounds: ({ quick }) => (quick ? 1 : 7),
  claims: againstPools([noSlower]),
})

const buffers = ({ count }) => Array.from({ length: count }, () => new ArrayBuffer(MIB))

const moved = comparison({
  group,
  title: 'a buffer of 1 MiB, moved to the thread',
  unit: 'µs/task',
  setup: () => ({ threads: sameThreads(), count: 64 }),
  count: ({ count }) => count,
  sides: () => ({
    heddle: {
      ...threadSide('size', (list, size) => parallel(list.map((buffer) => size(transfer(buffer))))),
      prepare: buffers,
    },
    'piscina, move': {
      open: ({ threads }) => pools.piscina(threads),
      prepare: buffers,
      run: (list, pool) => Promise.all(list.map((buffer) => pool.run('size', pool.move(buffer)))),
      close: (pool) => pool.close(),
    },
  }),
  rounds: ({ quick }) => (quick ? 2 : 31),
  claims: { 'piscina, move': [noSlower] },
})

const starts = {
  heddle: (round) => thread(fixture('work.cjs'), { name: 'noop', env: { ROUND: String(round) } }),
  piscina: () => pools.piscina(1),
}

/** Threads are made anew each round: heddle keeps those that have the same options. */
async function cold({ quick }) {
  const samples = { heddle: [], piscina: [] }
  for (let round = 0; round < (quick ? 2 : 20); round++) {
    const order = Object.keys(starts)
    if (round % 2 === 1) order.reverse()
    for (const side of order) {
      const began = performance.now()
      const made = starts[side](round)
      await (side === 'piscina' ? made.run('noop', 1) : made(1))
      samples[side].push(performance.now() - began)
      await made.close()
    }
  }
  const made = row({
    what: 'first result from a cold start',
    unit: 'ms',
    ours: samples.heddle,
    theirs: samples.piscina,
    rival: 'piscina, one thread',
    claims: [noSlower],
  })
  return { rows: [made] }
}

module.exports = series({
  group,
  title: 'Threads: functions that take their time',
  cases: [coarse, moved, { run: cold }],
})
