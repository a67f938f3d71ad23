'use strict'

const { aggregate } = require('../errors.js')
const { limited } = require('../call/call.js')
const { Follower } = require('../call/follow.js')
const { keep } = require('../task/keep.js')
const { mayBeLight } = require('../call/light.js')
const { isShort, mapLightly } = require('./light-map.js')
const { Policy } = require('../task/native.js')
const { BOUNDED } = require('../call/options.js')
const { PullCall } = require('../call/pull.js')
const { mapSkip, mapStop } = require('../task/previous.js')
const { isTask } = require('../task/task.js')
const { now } = require('../task/clock.js')
const { promiseOf } = require('../call/promises.js')
const { LED, never } = require('../call/trail.js')
const { nextTurn, SLICE_MS } = require('../call/turns.js')

const OPTIONS = [...BOUNDED, 'stopOnError']

class Mapping extends PullCall {
  name = 'map'
  #results = []
  #concurrency
  #errors = []
  #settled = 0
  #skipped = false
  #laned = false // whether lanes run
  #follower = new Follower(this)

  prepare() {
    super.prepare()
    if (this.options.stopOnError === false) this.policy = Policy.SETTLED
  }

  start(began) {
    const { concurrency = Infinity } = this.options
    this.#concurrency = concurrency
    // Stored far beyond the end of an empty array, results would make it a dictionary.
    if (!this.isAsync) this.#results = new Array(this.source.size ?? 0)
    this.#laned = this.isAsync || concurrency < Infinity || this.permits !== null
    if (this.permits !== null) limited().limitPull(this)
    if (this.#laned) this.fill()
    else this.#pump(began)
  }

  /** `work` has the Tasks; a lane has one at a time. */
  keyOf(position) {
    return this.#laned ? this.indexes[position] : position
  }

  hasRoom() {
    return this.running < this.#concurrency && !this.over && !this.ended
  }

  allMapped() {
    this.#finish()
  }

  // ---- All at once ----

  /** Starts all. Many Tasks let the loop go on now and then. */
  #pump(began = now()) {
    if (this.ended) return
    try {
      const taken = this.#startUntil(began + SLICE_MS)
      this.source?.tellOf?.(this)
      if (taken && !this.over) nextTurn(() => this.#pump())
    } catch (error) {
      this.end(false, error)
    } finally {
      this.#follower.lead()
    }
  }

  /** False when a group was decided already. */
  #startUntil(until) {
    const { source, groups } = this
    while (!this.ended) {
      const more = !this.over && this.pullItem(true)
      if (this.ended) return false // by the source
      if (more) this.#startOne(source.value, this.pulled++)
      if (more && !groups.full && !this.turns.due()) continue
      if (!groups.flush()) return false
      groups.close() // nobody knows how many there will be
      if (!more) this.over = true
      if (!more && this.#settled === this.pulled) this.#finish()
      if (!more || now() >= until) return true
    }
    return true
  }

  #startOne(item, index) {
    let value
    try {
      const promise = promiseOf(item)
      if (promise !== undefined) return this.#await(this.mapAwaited(index, promise, index), index)
      value = this.apply(index, item, index)
    } catch (error) {
      return this.done(index, false, error)
    }
    if (value === mapStop) this.over = true
    if (!isTask(value)) return this.#follower.follow(index, value)
    if (this.ended) return
    this.work[index] = value
    this.groups.start(index)
  }

  #await(mapped, index) {
    const told = tell(this.link, mapped, index)
    if (index < LED) this.lead(told)
  }

  // ---- The end ----

  member(index, fulfilled, value) {
    if (!fulfilled) {
      if (this.options.stopOnError !== false) return this.end(false, value)
      this.#errors.push({ position: index, value })
    } else {
      if (value === mapStop) return this.#finish()
      if (value === mapSkip) this.#skipped = true
      this.#results[index] = value
    }
    this.#settled++
    if (this.over && this.#settled === this.pulled) this.#finish()
  }

  release() {
    this.#results = null
    super.release()
  }

  /** Of members that have not settled, where one has stopped the call, there is a hole. */
  #finish() {
    if (this.#errors.length > 0) {
      return this.end(false, aggregate('map', this.#errors, this.pulled, this.site))
    }
    const results = this.#results
    if (results.length > this.pulled) results.length = this.pulled // the list has become shorter
    const isWhole = !this.#skipped && this.#settled === this.pulled
    this.end(true, isWhole ? results : results.filter((value) => value !== mapSkip))
  }
}

keep(new Mapping())

/** Tells the call, which the frame does not hold. Never settles. */
async function tell(link, mapped, index) {
  try {
    const value = await mapped
    link.call?.done(index, true, value)
  } catch (error) {
    link.call?.done(index, false, error)
  }
  return never()
}

/** As lib/index.js has it. */
function map([items, mapper], options, caller) {
  const full = (begun) => Mapping.start(Mapping, OPTIONS, [items, mapper, begun], options, caller)
  return mayBeLight(options) && isShort(items, mapper) ? mapLightly(items, mapper, full) : full()
}

module.exports = { map }
