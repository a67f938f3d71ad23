'use strict'
// Ways that take so little that a process decides about them: what was optimised, and
// where memory lies. So each sample is of a process of its own, ours and theirs in
// turns, and the pairs count.

const path = require('node:path')
const { settle } = require('./rounds.js')
const { median } = require('./figures.js')
const { row } = require('./row.js')
const { runScript } = require('./spawn.js')

const SCRIPT = path.join(__dirname, 'pair.js')
const PAIRS = 15
const LARGE_PAIRS = 5 // that are told and not judged
const LARGE = 100 * 2 ** 20 // bytes
const ROUNDS = 11
const WARM_UP = 5
const WARM_UP_MS = 100 // V8 optimises on threads of its own, which may have to wait

/**
 * @typedef {object} Subject what is compared, at several sizes
 * @property {number[]} sizes measured one after the other in the same process
 * @property {(size: number) => string} what
 * @property {string} unit
 * @property {(size: number, mode: {quick: boolean}) => number} scale from ms of a run to the unit
 * @property {string} rival
 * @property {(size: number, mode: {quick: boolean}) => () => Promise<unknown>} ours
 * @property {(size: number, mode: {quick: boolean}) => () => Promise<unknown>} theirs
 * @property {(size: number) => object[]} [claims]
 * @property {boolean} [large] whether it is told for a process with many live objects, too
 */

async function warmUp(run, { quick }) {
  if (quick) return run()
  const began = performance.now()
  for (let round = 0; round < WARM_UP || performance.now() - began < WARM_UP_MS; round++) await run()
}

/** The median time of some runs of each size, in this process. */
async function sample(subject, side, mode) {
  const times = []
  for (const size of subject.sizes) {
    const run = subject[side](size, mode)
    const samples = []
    await warmUp(run, mode)
    for (let round = mode.quick ? ROUNDS - 1 : 0; round < ROUNDS; round++) {
      await settle()
      const began = performance.now()
      await run()
      samples.push((performance.now() - began) * subject.scale(size, mode))
    }
    times.push(median(samples))
  }
  return times
}

/** Objects that live as long as the process, as those of a large program. */
function fill(bytes) {
  const objects = []
  while (process.memoryUsage().heapUsed < bytes) {
    for (let i = 0; i < 10_000; i++) objects.push({ id: i, name: `object ${i}`, others: [objects.at(-1)] })
  }
  global.gc()
  return objects
}

/** Pairs of processes, of which the order turns: {ours, theirs}, a list of samples for each size. */
async function measurePairs(job, sizes, pairs) {
  const samples = { ours: sizes.map(() => []), theirs: sizes.map(() => []) }
  for (let pair = 0; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours']
    for (const side of order) {
      const times = await runScript(SCRIPT, [JSON.stringify({ ...job, side })])
      times.forEach((time, i) => samples[side][i].push(time))
    }
  }
  return samples
}

async function rowsOf(subject, job, { pairs, suffix, judged }) {
  const { sizes, what, unit, rival, claims } = subject
  const { ours, theirs } = await measurePairs(job, sizes, pairs)
  return sizes.map((size, i) =>
    row({
      what: `${what(size)}${suffix}`,
      unit,
      ours: ours[i],
      theirs: theirs[i],
      rival,
      claims: judged ? claims?.(size) : [],
    }),
  )
}

/**
 * Makes a case of subjects.
 * @param {{file: string, group: string, title: string, subjects: Record<string, Subject>,
 *   sides?: Function}} spec `file`: the module that exports the case
 * @returns {import('./cases.js').Case & {subjects: Record<string, Subject>}}
 */
function paired({ file, group, title, subjects, sides }) {
  async function run({ quick }) {
    const rows = []
    for (const [name, subject] of Object.entries(subjects)) {
      const job = { file, name, quick, bytes: 0 }
      rows.push(...(await rowsOf(subject, job, { pairs: quick ? 1 : PAIRS, suffix: '', judged: true })))
      if (!subject.large || quick) continue
      const full = { pairs: LARGE_PAIRS, suffix: ', beside 100 MB of live objects', judged: false }
      rows.push(...(await rowsOf(subject, { ...job, bytes: LARGE }, full)))
    }
    return { rows }
  }
  return { group, title, subjects, run, sides }
}

module.exports = { fill, paired, sample }
