'use strict'
// What one side takes of the machine: wall time, CPU time, delay of the event
// loop, and memory. It runs alone in its process, so that nothing of it is
// another's.

const { monitorEventLoopDelay } = require('node:perf_hooks')
const { setTimeout: pause } = require('node:timers/promises')
const { threadTimes, threadTimesSince } = require('./cpu.js')
const { median } = require('./figures.js')
const { peakMemory } = require('./memory.js')
const { openSides } = require('./sides.js')
const { using } = require('./using.js')

const RUNS = 3
const RESOLUTION_MS = 1 // the least; an idle loop ticks as often

const NS = 1e-6

/** Of each thread the median over the runs; null where the system does not tell. */
function medians(samples) {
  if (samples.includes(null)) return null
  const of = (name) => median(samples.map((sample) => sample[name]))
  return { main: of('main'), v8: of('v8'), others: of('others') }
}

/** Medians over the runs, in ms. */
async function times(lane, runs) {
  const wall = []
  const cpu = []
  const threads = []
  for (let i = 0; i < runs; i++) {
    const input = await lane.prepare()
    const before = threadTimes()
    const began = performance.now()
    await lane.run(input)
    wall.push(performance.now() - began)
    const taken = threadTimesSince(before)
    cpu.push(taken.cpu)
    threads.push(taken.threads)
  }
  return { wall: median(wall), cpu: median(cpu), threads: medians(threads) }
}

/** How much later than due a timer of the loop is called, in ms. */
async function delays(lane, runs) {
  const inputs = []
  for (let i = 0; i < runs; i++) inputs.push(await lane.prepare())
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  await pause(3 * RESOLUTION_MS) // what comes before its first tick is not seen
  for (const input of inputs) await lane.run(input)
  await pause(3 * RESOLUTION_MS)
  histogram.disable()
  const late = (ns) => Math.max(0, ns * NS - RESOLUTION_MS)
  return {
    p50: late(histogram.percentile(50)),
    p99: late(histogram.percentile(99)),
    max: late(histogram.max),
  }
}

async function measured(sides, side, mode, data) {
  const runs = mode.quick ? 1 : RUNS
  const { lanes } = await openSides({ [side]: sides(mode)[side] }, data)
  const lane = lanes[side]
  if (!mode.quick) await lane.run(await lane.prepare()) // warms up
  const taken = await times(lane, runs)
  const peak = peakMemory()
  const delay = await delays(lane, runs)
  return { side, runs, ...taken, delay, peak }
}

/**
 * A tool that the side has opened is left to the end of the process.
 * @param {import('./cases.js').Case} case_
 * @param {string} side
 * @returns {Promise<import('./cases.js').Usage>}
 */
function usage({ setup, sides, teardown }, side, mode) {
  return using(
    () => setup?.(mode),
    (data) => measured(sides, side, mode, data),
    teardown,
  )
}

module.exports = { usage }
