'use strict'
// Measures lanes against each other: in each round every lane runs once, and
// the order turns from round to round, so that drift of the machine hits all.
// The first rounds warm up: nothing of them is counted.

const { setImmediate: turn } = require('node:timers/promises')

const WARM_UP = 2

/**
 * What one lane leaves behind in the young generation is not charged to the
 * next. A full collection would distort: V8 then forgets the hidden classes of
 * objects of which none is alive, and with them the code that was optimised for
 * them, so that every lane would run cold.
 */
async function settle() {
  global.gc({ type: 'minor' })
  await turn()
}

/**
 * A lane is a function, or {prepare, run} where run is given what prepare made
 * and only run is timed. What it returns or resolves with is given to `check`
 * once warm.
 * @param {Record<string, Function | {prepare?: Function, run: Function}>} lanes
 * @param {object} options
 * @param {number | ((ms: number) => number)} options.rounds a number, or what
 *   makes one of the time that the last round of the warm-up took
 * @param {(results: Record<string, unknown>) => void | Promise<void>} [options.check]
 * @returns {Promise<Record<string, number[]>>} ms, a sample a round
 */
async function measure(lanes, { rounds, check }) {
  const names = Object.keys(lanes)
  const samples = Object.fromEntries(names.map((name) => [name, []]))
  const results = {}
  let most = typeof rounds === 'function' ? 0 : rounds
  for (let round = -WARM_UP; round < most; round++) {
    let sum = 0
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + WARM_UP) % names.length]
      const lane = lanes[name]
      const input = await lane.prepare?.()
      await settle()
      const began = performance.now()
      const result = await (lane.run ?? lane)(input)
      const took = performance.now() - began
      sum += took
      if (round >= 0) samples[name].push(took)
      else if (round === -1 && check !== undefined) results[name] = result
    }
    if (round === -1) {
      await check?.({ ...results })
      if (typeof rounds === 'function') most = rounds(sum)
    }
    for (const name of names) delete results[name]
  }
  return samples
}

/**
 * For what measure() does not time: one sample of each way a round, in turns. The
 * first round warms up.
 * @template Way, T
 * @param {Record<string, Way>} ways
 * @param {number} rounds
 * @param {(way: Way) => Promise<T>} sample
 * @returns {Promise<Record<string, T[]>>}
 */
async function inTurns(ways, rounds, sample) {
  const samples = Object.fromEntries(Object.keys(ways).map((name) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) {
      const made = await sample(way)
      if (round >= 0) samples[name].push(made)
    }
  }
  return samples
}

/** How long work takes, in ms. */
async function timed(work) {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** Per member, in the unit. */
const scaled = (samples, factor) => samples.map((sample) => sample * factor)

module.exports = { inTurns, measure, scaled, settle, timed }
