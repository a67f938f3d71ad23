'use strict'

const { aggregate } = require('../errors.js')
const { Follower } = require('../call/follow.js')
const { keep } = require('../task/keep.js')
const { SLICE_MS } = require('../call/list.js')
const { Policy } = require('../task/native.js')
const { BOUNDED } = require('../call/options.js')
const { mapSkip, promiseOf, PullCall } = require('../call/pull.js')
const { isTask } = require('../task/task.js')
const { now, setImmediate } = require('../task/clock.js')

const OPTIONS = [...BOUNDED, 'stopOnError']

class Mapping extends PullCall {
  name = 'map'
  #results = []
  #errors = []
  #settled = 0
  #skipped = false
  #indexes = null // of the Tasks in `work`, where lanes run
  #follower = new Follower(this)

  prepare() {
    super.prepare()
    if (this.options.stopOnError === false) this.policy = Policy.SETTLED
  }

  start(began) {
    const { concurrency = Infinity } = this.options
    if (concurrency < Infinity) this.#startLanes(concurrency)
    else if (this.isAsync) void this.#pullAll()
    else this.#pump(began)
  }

  /** `work` has the Tasks; a lane has one at a time. */
  keyOf(position) {
    return this.#indexes === null ? position : this.#indexes[position]
  }

  #allPulled() {
    this.over = true
    if (this.#settled === this.pulled) this.#finish()
  }

  // ---- A few at a time ----

  #startLanes(concurrency) {
    this.#indexes = []
    const lanes = Math.min(concurrency, this.source.size ?? Infinity)
    if (lanes === 0) return this.#allPulled()
    for (let slot = 0; slot < lanes && !this.over && !this.ended; slot++) void this.#lane(slot)
  }

  /** Never rejects. */
  async #lane(slot) {
    while (!this.ended && !this.over) {
      let item
      try {
        if (this.isAsync) {
          const pulled = await this.track(this.source.pull())
          if (this.ended) return
          if (pulled === undefined) return this.#allPulled()
          item = pulled.value
        } else {
          const { source } = this
          if (!source.pull()) return this.#allPulled()
          if (this.ended) return // by the source
          item = source.value
        }
      } catch (error) {
        return this.end(false, error)
      }
      const index = this.pulled++
      this.#indexes[slot] = index
      let value
      try {
        value = await this.mapped(slot, item, index)
      } catch (error) {
        this.done(index, false, error)
        continue
      }
      this.done(index, true, value)
    }
  }

  // ---- All at once ----

  /** Starts all. Many Tasks let the loop go on now and then. */
  #pump(began = now()) {
    if (this.ended) return
    try {
      const taken = this.#startUntil(began + SLICE_MS)
      if (taken && !this.over) setImmediate(() => this.#pump())
    } catch (error) {
      this.end(false, error)
    } finally {
      this.#follower.flush()
    }
  }

  /** False when a group was decided already. */
  #startUntil(until) {
    const { source, groups } = this
    while (!this.ended) {
      const more = source.pull()
      if (this.ended) return false // by the source
      if (more) this.#startOne(source.value, this.pulled++)
      if (more && !groups.full) continue
      if (!groups.flush()) return false
      groups.close() // nobody knows how many there will be
      if (!more) this.#allPulled()
      if (!more || now() >= until) return true
    }
    return true
  }

  #startOne(item, index) {
    let value
    try {
      const promise = promiseOf(item)
      if (promise !== undefined) return void this.#one(this.mapAwaited(index, promise, index), index)
      value = this.apply(index, item, index)
    } catch (error) {
      return this.done(index, false, error)
    }
    if (!isTask(value)) return this.#follower.follow(index, value)
    if (this.ended) return
    this.work[index] = value
    this.groups.start(index)
  }

  /** Never rejects. */
  async #one(promise, index) {
    let value
    try {
      value = await promise
    } catch (error) {
      return this.done(index, false, error)
    }
    this.done(index, true, value)
  }

  #startAwaited(item, index) {
    try {
      void this.#one(this.mapped(index, item, index), index)
    } catch (error) {
      this.done(index, false, error)
    }
  }

  async #pullAll() {
    try {
      for (;;) {
        const pulled = await this.track(this.source.pull())
        if (this.ended) return
        if (pulled === undefined) return this.#allPulled()
        this.#startAwaited(pulled.value, this.pulled++)
      }
    } catch (error) {
      this.end(false, error)
    }
  }

  // ---- The end ----

  member(index, fulfilled, value) {
    if (!fulfilled) {
      if (this.options.stopOnError !== false) return this.end(false, value)
      this.#errors.push({ position: index, value })
    } else {
      if (value === mapSkip) this.#skipped = true
      this.#results[index] = value
    }
    this.#settled++
    if (this.over && this.#settled === this.pulled) this.#finish()
  }

  #finish() {
    if (this.#errors.length > 0) {
      return this.end(false, aggregate('map', this.#errors, this.pulled, this.site))
    }
    const results = this.#results
    this.end(true, this.#skipped ? results.filter((value) => value !== mapSkip) : results)
  }
}

keep(new Mapping())

/**
 * Calls the mapper with each item, some at a time, and fulfils with the results
 * in the items' order. The mapper may return any work. Items are pulled as there
 * is room for them.
 */
function map(items, mapper, options) {
  return Mapping.start(Mapping, OPTIONS, [items, mapper], options, map)
}

module.exports = { map, mapSkip }
