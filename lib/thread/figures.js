'use strict'
// What JavaScript threads have done, and do: stats() adds it to the engine's figures.

const { measures } = require('../task/measures.js')
const { native } = require('../task/native.js')
const { countThreadsBy, stats } = require('../task/settings.js')

/**
 * What is the environment's: the counts, and the hosts that have threads. When a
 * test runner loads these files anew there are several, each with Tasks of its own.
 */
native.threads1 ??= begin()
const shared = native.threads1

function begin() {
  const hosts = new Set()
  // Whatever ends the program, what was printed arrives.
  process.prependListener('exit', () => {
    for (const one of hosts) one.print()
  })
  return {
    counters: { added: 0, fallbacks: 0, completed: 0, failed: 0, cancelled: 0, waitTime: 0, runTime: 0 },
    hosts,
    started: 0, // threads, ever
  }
}

/** What was counted, and what is now, in the environment. */
function figures() {
  const { added, fallbacks, completed, failed, cancelled, waitTime, runTime } = shared.counters
  let threads = 0
  let running = 0
  const perThread = []
  for (const host of shared.hosts) {
    const { present } = host
    threads += present.threads
    running += present.busy
    if (measures.on) perThread.push(...host.measured)
  }
  return {
    threads,
    running,
    // A member that has timed out may run on.
    queued: Math.max(0, added - completed - failed - cancelled - running),
    fallbacks,
    completed,
    failed,
    cancelled,
    waitTime,
    runTime,
    perThread,
  }
}

countThreadsBy(figures)

module.exports = { shared, stats }
