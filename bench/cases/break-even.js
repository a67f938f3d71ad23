'use strict'
// From how many tasks on, or from how large ones, heddle pays: against the loop that
// does the same work at once and holds the event loop meanwhile.

const { createHash, randomBytes } = require('node:crypto')
const { map, parallel, tasks } = require('../lib/heddle.js')
const { lineOf, log, seriesOf } = require('../lib/curves.js')
const { onThread, sameThreads } = require('../lib/pools.js')
const { spin } = require('../fixtures/work.cjs')
const { measure, median, row, xsOf } = require('../lib/kit.js')

const digest = (data) => createHash('sha256').update(data).digest('hex')
const hashes = (data, count) => parallel(Array.from({ length: count }, () => tasks.hash('sha256', data)))

/** As many runs of either as take some ms, so that a sample is more than noise. */
async function ratios(ours, theirs, rounds) {
  const probe = await measure({ ours }, { rounds: 3 })
  const times = Math.max(1, Math.round(5 / median(probe.ours)))
  const repeat = (work) => async () => {
    for (let i = 0; i < times; i++) await work()
  }
  const samples = await measure({ ours: repeat(ours), theirs: repeat(theirs) }, { rounds })
  return samples.ours.map((sample, i) => samples.theirs[i] / sample)
}

function loop(work, count) {
  return () => {
    for (let i = 0; i < count; i++) work()
  }
}

/** The least x from which on heddle is faster, for each round; NaN where it is at none. */
function evenPoints(samples) {
  return samples[0][1].map((_, round) => {
    const at = samples.findLastIndex(([, list]) => list[round] <= 1) + 1
    return at < samples.length ? samples[at][0] : NaN
  })
}

const evenRow = (what, unit, samples) =>
  row({ what, unit, ours: evenPoints(samples).filter((x) => !Number.isNaN(x)) })

/** Many digests at a time, of growing size. */
async function bySize(quick) {
  const sizes = quick ? [64, 65_536] : [64, 256, 1024, 4096, 16_384, 65_536, 2 ** 18, 2 ** 20]
  const found = []
  for (const size of sizes) {
    const data = randomBytes(size)
    const count = Math.max(16, Math.min(2_000, 2 ** 24 / size))
    const ours = () => hashes(data, count)
    found.push([size, await ratios(ours, loop(() => digest(data), count), quick ? 1 : 11)])
  }
  return found
}

/** Digests of one size, more and more at a time. */
async function byNumber(size, quick) {
  const data = randomBytes(size)
  const found = []
  for (const count of quick ? [1, 100] : [1, 2, 5, 10, 20, 50, 100, 1_000]) {
    const ours = () => hashes(data, count)
    found.push([count, await ratios(ours, loop(() => digest(data), count), quick ? 1 : 11)])
  }
  return found
}

/** Functions on threads, that take longer and longer. */
async function byTime(quick) {
  sameThreads()
  const task = onThread('spin')
  const found = []
  for (const us of quick ? [1, 1_000] : [1, 2, 5, 10, 100, 1_000, 5_000]) {
    const count = Math.max(8, Math.min(2_000, Math.round(20_000 / us)))
    const list = new Array(count).fill(us / 1_000)
    const ours = () => map(list, task)
    found.push([us, await ratios(ours, loop(() => spin(us / 1_000), count), quick ? 1 : 11)])
  }
  await task.close()
  return found
}

const LABEL = 'times faster than a loop'

function curve(title, x, series) {
  return { title, x, y: log(LABEL), series: [...series, lineOf('even', xsOf(series), () => 1)] }
}

async function run({ quick }) {
  const sizes = await bySize(quick)
  const small = await byNumber(4_096, quick)
  const large = await byNumber(65_536, quick)
  const times = await byTime(quick)
  const rows = [
    evenRow('many digests: pays from tasks of', 'B', sizes),
    evenRow('digests of 4 KiB: pays from', 'tasks', small),
    evenRow('digests of 64 KiB: pays from', 'tasks', large),
    evenRow('many functions on threads: pays from functions of', 'µs', times),
  ].filter(({ ours }) => ours.samples.length > 0)
  return {
    rows,
    curves: [
      curve('Many SHA-256 digests, by their size', log('bytes each'), [seriesOf('heddle', sizes)]),
      curve('SHA-256 digests, by their number', log('digests'), [
        seriesOf('heddle, of 4 KiB', small),
        seriesOf('heddle, of 64 KiB', large),
      ]),
      curve('Many functions on threads, by their time', log('µs each'), [seriesOf('heddle', times)]),
    ],
  }
}

module.exports = { group: 'Overhead', title: 'From where on heddle pays', run }
