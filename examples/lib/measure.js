'use strict'
// Runs one way in this process, which is started for it alone, so that its
// memory and stalls are its own. Talks to its parent by messages, and ends when
// the parent disconnects: a message that is on its way would be lost.

const { performance } = require('node:perf_hooks')
const { setTimeout: wait } = require('node:timers/promises')
const ways = require('./ways.js')

const REDRAW_MS = 100

/** Measures the longest time in which the event loop did not turn, in ms. */
function watchLoop() {
  let longest = 0
  let last = performance.now()
  const look = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(look, 1)
  return () => {
    clearInterval(timer)
    look()
    return longest
  }
}

/** A line that is written over, where someone looks at it. */
function progressLine(name, total) {
  let next = 0
  return (done) => {
    const now = performance.now()
    if (!process.stdout.isTTY || (now < next && done < total)) return
    next = now + REDRAW_MS
    process.stdout.write(`\r${name}: ${done} of ${total} files${done === total ? '\n' : ''}`)
  }
}

async function measure(name, paths) {
  const stopWatching = watchLoop()
  await wait(20) // the loop turns before it is measured
  const cpuBefore = process.cpuUsage()
  const began = performance.now()
  const results = await ways[name](paths, progressLine(name, paths.length))
  const wall = performance.now() - began
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    results,
    wall: wall / 1e3,
    cpu: (user + system) / 1e6,
    stall: stopWatching(),
    memory: process.resourceUsage().maxRSS / 1024, // in MiB
  }
}

process.once('message', async ({ name, paths }) => {
  try {
    process.send(await measure(name, paths))
  } catch (error) {
    process.send({ error: error.message })
  }
})
