'use strict'
// The process's settings and figures.

const { native } = require('./native.js')
const { misuse, rangeError, typeError } = require('../errors.js')
const { ownOf } = require('./own.js')

const MOST_THREADS = 1024

/**
 * Sets how many tasks run at once, in the whole process.
 * @param {{threads?: number}} options
 * @returns {{threads: number}} the settings in force
 */
function configure(options = {}) {
  if (options === null || typeof options !== 'object') {
    throw typeError('configure', 'options', 'an object', options)
  }
  const { threads } = ownOf(options, (key) => {
    if (key !== 'threads') throw misuse(`configure: there is no option '${key}'; it takes threads`)
  })
  if (threads === undefined) return { threads: native.threads() }
  if (typeof threads !== 'number') {
    throw typeError('configure', 'option "threads"', 'a number', threads)
  }
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw rangeError('configure', 'option "threads"', `from 1 to ${MOST_THREADS}`, threads)
  }
  return { threads: native.threads(threads) }
}

const figures = new Float64Array(10)

// What JavaScript threads have done; set by those who know, which are above this file.
let threadFigures

/** countThreadsBy(read): read() gives the figures of JavaScript threads, which stats() adds. */
function countThreadsBy(read) {
  threadFigures = read
}

/** Figures of this environment's tasks since it began; times are sums in ms. */
function stats() {
  native.stats(figures)
  const [queued, running, completed, failed, cancelled, waitTime, runTime, ...threads] = figures
  const [ownThreads, poolThreads, lentThreads] = threads
  const js = threadFigures()
  return {
    threads: native.threads(),
    poolThreads,
    ownThreads,
    lentThreads,
    jsThreads: js.threads,
    queued: queued + js.queued,
    running: running + js.running,
    completed: completed + js.completed,
    failed: failed + js.failed,
    cancelled: cancelled + js.cancelled,
    waitTime: waitTime + js.waitTime,
    runTime: runTime + js.runTime,
  }
}

module.exports = { configure, stats, countThreadsBy }
