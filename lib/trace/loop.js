'use strict'
// Watches this thread: when its event loop did not go on, and garbage collections.

const { constants, PerformanceObserver } = require('node:perf_hooks')
const { clearInterval, now, setInterval } = require('../task/clock.js')

const BEAT_MS = 10
const STALL_MS = 50 // without a beat, and more: a machine that is busy delays one by some ms

const KINDS = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weak callbacks'],
])

class Loop {
  stalls = [] // {start, duration}, by now()
  collections = [] // {kind, start, duration}
  #last = now()
  #timer
  #observer

  constructor() {
    this.#timer = setInterval(() => this.#beat(), BEAT_MS)
    this.#timer.unref()
    this.#observer = new PerformanceObserver((list) => this.#collected(list.getEntries()))
    this.#observer.observe({ entryTypes: ['gc'] })
  }

  /** A stall began at any time between the last beat and the one that would have come: say, the middle. */
  #beat() {
    const time = now()
    const duration = time - this.#last - BEAT_MS / 2
    if (duration > STALL_MS) this.stalls.push({ start: this.#last + BEAT_MS / 2, duration })
    this.#last = time
  }

  #collected(entries) {
    for (const { detail, startTime, duration } of entries) {
      this.collections.push({ kind: KINDS.get(detail?.kind) ?? 'other', start: startTime, duration })
    }
  }

  stop() {
    clearInterval(this.#timer)
    this.#beat() // it may be held while this is called
    this.#collected(this.#observer.takeRecords())
    this.#observer.disconnect()
  }
}

module.exports = { Loop }
