'use strict'
// The same work on one thread up to all cores, and what part of the ideal speed-up
// is reached.

const crypto = require('node:crypto')
const os = require('node:os')
const { configure, map, parallel, run: runTask, tasks } = require('../lib/heddle.js')
const { keyArguments, pbkdf2Iterations } = require('../lib/calibrate.js')
const { linear, lineOf, seriesOf } = require('../lib/curves.js')
const { loadPlugin } = require('../lib/plugin.js')
const { onThread } = require('../lib/pools.js')
const { measure, row } = require('../lib/kit.js')

const CORES = os.availableParallelism()
const PART = 0.9 // of the ideal

/** Powers of two, and the number of cores. */
function threadCounts() {
  const counts = []
  for (let n = 1; n < CORES; n *= 2) counts.push(n)
  return [...counts, CORES]
}

/** Works that can use any number of threads; each is more than enough for all. */
async function openWorks(quick) {
  const count = (quick ? 4 : 16) * CORES
  const args = keyArguments(pbkdf2Iterations(5))
  const blocks = Array.from({ length: count }, () => crypto.randomBytes(2 ** 20))
  const spin = onThread('spin')
  const values = Float64Array.from({ length: quick ? 500_000 : 4_000_000 }, (_, i) => i % 1000)
  const { waves } = loadPlugin()
  return {
    works: {
      'pbkdf2, 5 ms each': () => parallel(blocks.map(() => tasks.pbkdf2(...args))),
      'SHA-256 of 1 MiB': () => parallel(blocks.map((data) => tasks.hash('sha256', data))),
      'functions of 5 ms on threads': () => map(blocks.map(() => 5), spin),
      'one loop, heddle_for': () => runTask(waves(values, true)),
    },
    close: () => spin.close(),
  }
}

async function run({ quick }) {
  const before = configure().threads
  const counts = threadCounts()
  const { works, close } = await openWorks(quick)
  const rows = []
  const series = []
  const parts = []
  for (const [name, work] of Object.entries(works)) {
    const lanes = counts.map((threads) => [
      threads,
      { prepare: () => configure({ threads }), run: work },
    ])
    const samples = await measure(Object.fromEntries(lanes), { rounds: quick ? 1 : 15 })
    const speedUp = (threads) => samples[threads].map((ms, i) => samples[1][i] / ms)
    series.push(seriesOf(name, counts.map((threads) => [threads, speedUp(threads)])))
    const part = (threads) => speedUp(threads).map((ratio) => ratio / threads)
    parts.push(seriesOf(name, counts.map((threads) => [threads, part(threads)])))
    rows.push(
      row({
        what: `${name}, ${CORES} threads`,
        unit: 'ms',
        ours: samples[CORES],
        theirs: samples[1],
        rival: 'one thread',
        claims: [
          {
            text: `≥ ${PART * 100} % of the ideal`,
            holds: ({ ratio }) => ratio.median >= PART * CORES,
          },
        ],
      }),
    )
  }
  configure({ threads: before })
  await close()
  series.push(lineOf('ideal', counts, (threads) => threads))
  parts.push(lineOf('ideal', counts, () => 1))
  const x = linear('threads')
  return {
    rows,
    curves: [
      { title: 'Speed-up', x, y: linear('times faster than on one thread'), series },
      { title: 'Part of the ideal speed-up', x, y: linear('speed-up / threads'), series: parts },
    ],
  }
}

module.exports = { group: 'Scaling', title: 'One thread to all cores', run }
