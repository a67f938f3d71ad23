'use strict'
// The process's settings and figures.

const { getSystemErrorMap } = require('node:util')
const { native } = require('./native.js')
const { HeddleError, misuse, rangeError, typeError } = require('../errors.js')
const { now } = require('./clock.js')
const { measures } = require('./measures.js')
const { ownOf } = require('./own.js')

const LIMITS = { threads: [1, 1024], niceIncrement: [0, 19] }
const NAMES = [...Object.keys(LIMITS), 'histograms']

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

/** Whether this environment's times are kept. */
function setHistograms(wanted) {
  if (wanted) measures.want('configure', 0)
  else measures.forget('configure')
}

/**
 * Sets how many tasks run at once, and how much their threads give way, in the whole process;
 * and whether times by task are kept, in this environment.
 * @param {{threads?: number, niceIncrement?: number, histograms?: boolean}} options
 * @returns {{threads: number, niceIncrement: number, histograms: boolean}} the settings in force
 */
function configure(options = {}) {
  if (options === null || typeof options !== 'object') {
    throw typeError('configure', 'options', 'an object', options)
  }
  const { threads, niceIncrement, histograms } = ownOf(options, (key) => {
    if (NAMES.includes(key)) return
    throw misuse(`configure: there is no option '${key}'; it takes ${NAMES.join(', ')}`)
  })
  checkSetting('threads', threads)
  checkSetting('niceIncrement', niceIncrement)
  if (histograms !== undefined && typeof histograms !== 'boolean') {
    throw typeError('configure', 'option "histograms"', 'a boolean', histograms)
  }
  if (niceIncrement !== undefined) setNiceness(niceIncrement)
  if (threads !== undefined) native.threads(threads)
  if (histograms !== undefined) setHistograms(histograms)
  return {
    threads: native.threads(),
    niceIncrement: native.nice(),
    histograms: measures.has('configure'),
  }
}

const figures = new Float64Array(10)

// What JavaScript threads have done; set by those who know, which are above this file.
let threadFigures

/** countThreadsBy(read): read() gives the figures of JavaScript threads, which stats() adds. */
function countThreadsBy(read) {
  threadFigures = read
}

/** What is kept while somebody wants it: times by task, and what threads were busy. */
function measured(jsThreads) {
  if (!measures.on) return undefined
  const tasks = { __proto__: null }
  for (const [name, times] of measures.tasks()) tasks[name] = times.summary()
  const elapsed = now() - measures.since
  const part = (busy) => (elapsed > 0 ? Math.min(1, busy / elapsed) : 0)
  const perThread = measures.threads().map(({ number, pool, busy }) => ({
    thread: `${pool ? 'pool' : 'own'} ${number}`,
    busy,
    utilization: part(busy),
  }))
  for (const one of jsThreads) perThread.push({ ...one, utilization: part(one.busy) })
  const busy = perThread.reduce((sum, one) => sum + one.busy, 0)
  return { tasks, perThread, utilization: part(busy / native.threads()) }
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
    ...measured(js.perThread),
  }
}

module.exports = { configure, stats, countThreadsBy }
