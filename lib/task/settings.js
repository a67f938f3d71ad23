'use strict'
// The process's settings and figures.

const { getSystemErrorMap } = require('node:util')
const { native } = require('./native.js')
const { HeddleError, misuse, rangeError, typeError } = require('../errors.js')
const { ownOf } = require('./own.js')

const LIMITS = { threads: [1, 1024], niceIncrement: [0, 19] }

function checkSetting(name, value) {
  if (value === undefined) return
  const label = `option "${name}"`
  const [least, most] = LIMITS[name]
  if (typeof value !== 'number') throw typeError('configure', label, 'a number', value)
  if (!Number.isInteger(value) || value < least || value > most) {
    throw rangeError('configure', label, `an integer from ${least} to ${most}`, value)
  }
}

function setNiceness(increment) {
  const status = native.nice(increment)
  if (status === 0) return
  const [code, words] = getSystemErrorMap().get(status) ?? [status, 'unknown error']
  throw new HeddleError(
    'ERR_HEDDLE_UNAVAILABLE',
    `configure: option "niceIncrement" cannot be ${increment} here: no thread can have a lower priority (${code}: ${words})`,
  )
}

/**
 * Sets how many tasks run at once, and how much their threads give way, in the whole process.
 * @param {{threads?: number, niceIncrement?: number}} options
 * @returns {{threads: number, niceIncrement: number}} the settings in force
 */
function configure(options = {}) {
  if (options === null || typeof options !== 'object') {
    throw typeError('configure', 'options', 'an object', options)
  }
  const { threads, niceIncrement } = ownOf(options, (key) => {
    if (Object.hasOwn(LIMITS, key)) return
    throw misuse(`configure: there is no option '${key}'; it takes ${Object.keys(LIMITS).join(', ')}`)
  })
  checkSetting('threads', threads)
  checkSetting('niceIncrement', niceIncrement)
  if (niceIncrement !== undefined) setNiceness(niceIncrement)
  if (threads !== undefined) native.threads(threads)
  return { threads: native.threads(), niceIncrement: native.nice() }
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
    fallbacks: js.fallbacks,
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
