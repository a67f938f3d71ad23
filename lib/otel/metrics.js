'use strict'
// Figures of stats() as gauges and counters, and times by task as two histograms.

const { clearInterval, now, setInterval } = require('../task/clock.js')
const { measures } = require('../task/measures.js')
const { startOf } = require('../task/histogram.js')
const { stats } = require('../thread/figures.js')

const FEED_MS = 1000
const S = 1000 // ms

const GAUGES = [
  ['heddle.threads', 'threads', '{thread}', 'Most Tasks that run at once, in the process'],
  ['heddle.threads.pool', 'poolThreads', '{thread}', "Slots of libuv's pool that heddle holds, in the process"],
  ['heddle.threads.own', 'ownThreads', '{thread}', "heddle's own threads, in the process"],
  ['heddle.threads.javascript', 'jsThreads', '{thread}', 'JavaScript threads'],
  ['heddle.tasks.queued', 'queued', '{task}', 'Tasks that wait for a thread'],
  ['heddle.tasks.running', 'running', '{task}', 'Tasks that run'],
]

const COUNTERS = [
  ['heddle.tasks.completed', 'completed', '{task}', 'Tasks that have fulfilled'],
  ['heddle.tasks.failed', 'failed', '{task}', 'Tasks that have failed, timed out ones included'],
  ['heddle.tasks.cancelled', 'cancelled', '{task}', 'Tasks that were cancelled'],
]

class Metrics {
  #meter
  #observed // instruments by fields of stats()
  #utilization
  #wait
  #run
  #seen = new Map() // counts that were told, by task
  #busy = null // what threads had done when that was last asked: {time, busy}
  #timer
  #observe = (result) => this.#observeAll(result)

  constructor(meter) {
    this.#meter = meter
    const about = ([name, , unit, description]) => [name, { unit, description }]
    this.#observed = [
      ...GAUGES.map((given) => [given[1], meter.createObservableGauge(...about(given))]),
      ...COUNTERS.map((given) => [given[1], meter.createObservableCounter(...about(given))]),
    ]
    this.#utilization = meter.createObservableGauge('heddle.utilization', {
      unit: '1',
      description: 'Part of the threads that was busy since this was last read',
    })
    const seconds = (description) => ({ unit: 's', description })
    this.#wait = meter.createHistogram('heddle.task.wait', seconds('How long Tasks waited for a thread'))
    this.#run = meter.createHistogram('heddle.task.run', seconds('How long Tasks ran'))
    meter.addBatchObservableCallback(this.#observe, this.#instruments)
    measures.want(this, 0)
    this.#feed(false) // others may have counted before
    this.#timer = setInterval(() => this.#feed(), FEED_MS)
    this.#timer.unref()
  }

  get #instruments() {
    return [...this.#observed.map(([, instrument]) => instrument), this.#utilization]
  }

  #observeAll(result) {
    const figures = stats()
    for (const [field, instrument] of this.#observed) result.observe(instrument, figures[field])
    const present = { time: now(), busy: figures.runTime }
    const before = this.#busy
    this.#busy = present
    if (before === null || present.time <= before.time) return
    const part = (present.busy - before.busy) / ((present.time - before.time) * figures.threads)
    result.observe(this.#utilization, Math.min(1, Math.max(0, part)))
  }

  /** Tells the histograms of what has run since the last time, each as the middle of its bucket. */
  #feed(isTold = true) {
    for (const [name, { wait, run }] of measures.tasks()) {
      const seen = this.#seen.get(name) ?? { wait: new Float64Array(wait.counts.length), run: new Float64Array(run.counts.length) }
      this.#seen.set(name, seen)
      const attributes = { 'heddle.task': name }
      tell(isTold ? this.#wait : null, wait.counts, seen.wait, attributes)
      tell(isTold ? this.#run : null, run.counts, seen.run, attributes)
    }
  }

  stop() {
    clearInterval(this.#timer)
    this.#feed()
    measures.forget(this)
    this.#meter.removeBatchObservableCallback(this.#observe, this.#instruments)
  }
}

/** `histogram` may be null: what there is counts as told. */
function tell(histogram, counts, seen, attributes) {
  for (let i = 0; i < counts.length; i++) {
    const more = counts[i] - seen[i]
    seen[i] = counts[i]
    if (more <= 0 || histogram === null) continue
    const middle = i + 1 < counts.length ? (startOf(i) + startOf(i + 1)) / 2 : startOf(i)
    for (let n = 0; n < more; n++) histogram.record(middle / S, attributes)
  }
}

module.exports = { Metrics }
