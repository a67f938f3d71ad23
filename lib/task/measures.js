'use strict'
// Times by task and by thread, while somebody wants them. Native members are counted
// in C, the others here.

const { native } = require('./native.js')
const { clockOffset, now } = require('./clock.js')
const { BUCKETS, Histogram } = require('./histogram.js')

/** How a member has ended, as HD_END_s in src/engine/schedule/recording.h. */
const End = { FULFILLED: 0, REJECTED: 1, CANCELLED: 2, EXPIRED: 3 }
const ENDS = 4

class TaskTimes {
  ends = new Array(ENDS).fill(0)
  wait = new Histogram()
  run = new Histogram()

  /** One has ended; times in ms. */
  add(wait, run, end) {
    this.ends[end]++
    this.wait.add(wait)
    this.run.add(run)
  }

  summary() {
    const [completed, failed, cancelled, expired] = this.ends
    return { completed, failed, cancelled, expired, wait: this.wait.summary(), run: this.run.summary() }
  }
}

class Measures {
  #wants = new Map() // rooms by who wants them
  #room = 0 // members of which the engine keeps records
  #tasks = new Map() // of JavaScript threads, by name
  on = false
  since = 0 // when it began
  epoch = 0 // how often it has begun
  offset = 0 // of the engine's clock from now(), see clockOffset()

  /**
   * Begins, unless others have. Records that were not taken are gone where the room changes.
   * @param who wants it
   * @param {number} room members of which the engine keeps records
   */
  want(who, room) {
    const rooms = [...this.#wants].map(([other, its]) => (other === who ? 0 : its))
    const most = Math.max(room, ...rooms)
    if (!this.on || most !== this.#room) native.record(most) // throws without memory
    this.#room = most
    this.#wants.set(who, room)
    if (this.on) return
    this.on = true
    this.epoch++
    this.#tasks.clear()
    this.offset = clockOffset()
    this.since = now()
  }

  forget(who) {
    if (!this.#wants.delete(who)) return
    const most = Math.max(0, ...this.#wants.values())
    if (this.#wants.size === 0) native.record()
    else if (most !== this.#room) native.record(most)
    this.#room = most
    this.on = this.#wants.size > 0
  }

  has(who) {
    return this.#wants.has(who)
  }

  /** Where members of that name are counted that the engine did not run. */
  tallyOf(name) {
    let times = this.#tasks.get(name)
    if (times === undefined) this.#tasks.set(name, (times = new TaskTimes()))
    return times
  }

  /** Times of all tasks that have run, by name. */
  tasks() {
    const all = new Map()
    const timesOf = (name) => {
      if (!all.has(name)) all.set(name, new TaskTimes())
      return all.get(name)
    }
    const add = (into, from) => {
      into.sum += from.sum
      into.max = Math.max(into.max, from.max)
      into.count += from.count
      from.counts.forEach((count, i) => (into.counts[i] += count))
    }
    const given = new Float64Array(ENDS + 2 * (2 + BUCKETS))
    for (let i = 0, name; (name = native.taskTimes(given, i)) !== undefined; i++) {
      const times = timesOf(name)
      for (let end = 0; end < ENDS; end++) times.ends[end] += given[end]
      times.run.addAll(given, times.wait.addAll(given, ENDS))
    }
    for (const [name, { ends, wait, run }] of this.#tasks) {
      const times = timesOf(name)
      ends.forEach((count, end) => (times.ends[end] += count))
      add(times.wait, wait)
      add(times.run, run)
    }
    return all
  }

  /** The name of the engine's task of that number. */
  nameOf(task) {
    return native.taskTimes(new Float64Array(ENDS + 2 * (2 + BUCKETS)), task)
  }

  /** Native threads that have run members: {number, pool, busy}; ms. */
  threads() {
    let given = new Float64Array(64)
    let count
    while (2 * (count = native.threadTimes(given)) > given.length) given = new Float64Array(2 * count)
    return Array.from({ length: count }, (_, i) => {
      const number = given[2 * i]
      return { number: Math.abs(number), pool: number < 0, busy: given[2 * i + 1] }
    })
  }
}

// Once an addon, since its records are.
native.measures1 ??= new Measures()

module.exports = { End, measures: native.measures1 }
