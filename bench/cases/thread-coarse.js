'use strict'
// JavaScript functions on threads that do something: 5 ms of work each, buffers of
// 1 MiB that are moved, and the first result from a cold start.

const { configure, map, parallel, thread, transfer } = require('../lib/heddle.js')
const { fixture, pools } = require('../lib/pools.js')
const { measure, scaled } = require('../lib/rounds.js')
const { row } = require('../lib/row.js')
const { spin } = require('../fixtures/work.cjs')

const MS = 5
const MIB = 1024 * 1024

// Both sides are timed on a machine that has other things to do, too.
const noSlower = { text: 'no slower (within 5 %)', holds: ({ ratio }) => ratio.median >= 0.95 }

async function coarse(open, work, count, rounds) {
  const list = Array.from({ length: count }, () => MS)
  const lanes = {
    heddle: () => map(list, work),
    inline: () => list.forEach((ms) => spin(ms)),
  }
  for (const [name, pool] of Object.entries(open)) {
    lanes[name] = () => Promise.all(list.map((ms) => pool.run('spin', ms)))
  }
  const samples = await measure(lanes, { rounds })
  const names = ['inline', ...Object.keys(open)]
  return names.map((rival) =>
    row({
      what: `${count} tasks of ${MS} ms`,
      unit: 'ms',
      ours: samples.heddle,
      theirs: samples[rival],
      rival: rival === 'inline' ? 'one after the other, here' : rival,
      claims: rival === 'inline' ? [] : [noSlower],
    }),
  )
}

async function moved(pool, length, rounds) {
  const count = 64
  const buffers = () => Array.from({ length: count }, () => new ArrayBuffer(MIB))
  const samples = await measure(
    {
      heddle: { prepare: buffers, run: (list) => parallel(list.map((b) => length(transfer(b)))) },
      piscina: {
        prepare: buffers,
        run: (list) => Promise.all(list.map((b) => pool.run('size', pool.move(b)))),
      },
    },
    { rounds },
  )
  return row({
    what: 'a buffer of 1 MiB, moved to the thread',
    unit: 'µs/task',
    ours: scaled(samples.heddle, 1e3 / count),
    theirs: scaled(samples.piscina, 1e3 / count),
    rival: 'piscina, move',
    claims: [noSlower],
  })
}

async function cold(rounds) {
  const samples = { heddle: [], piscina: [] }
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? ['heddle', 'piscina'] : ['piscina', 'heddle']) {
      const began = performance.now()
      const made =
        side === 'piscina'
          ? pools.piscina(1)
          : thread(fixture('work.cjs'), { name: 'noop', env: { ROUND: String(round) } })
      await (side === 'piscina' ? made.run('noop', 1) : made(1))
      samples[side].push(performance.now() - began)
      await made.close()
    }
  }
  return row({
    what: 'first result from a cold start',
    unit: 'ms',
    ours: samples.heddle,
    theirs: samples.piscina,
    rival: 'piscina, one thread',
    claims: [noSlower],
  })
}

async function run({ quick }) {
  const { threads } = configure({ threads: 2 })
  const work = thread(fixture('work.cjs'), { name: 'spin', idleTimeout: Infinity })
  const length = thread(fixture('work.cjs'), { name: 'size', idleTimeout: Infinity })
  const first = await cold(quick ? 4 : 20)
  const open = {}
  for (const [name, make] of Object.entries(pools)) open[name] = await make(threads)
  const rows = await coarse(open, work, quick ? 20 : 60, quick ? 2 : 7)
  rows.push(await moved(open.piscina, length, quick ? 4 : 15), first)
  for (const pool of Object.values(open)) await pool.close()
  await Promise.all([work.close(), length.close()])
  return rows
}

module.exports = { run }
