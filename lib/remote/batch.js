'use strict'
// The members of a job, as a call of the worker's engine: it owns their groups.

const { TimeoutError } = require('../errors.js')
const { Groups } = require('../call/groups.js')
const { now } = require('../task/clock.js')
const { Policy } = require('../task/native.js')
const { dataOf, isTask, State, stateOf } = require('../task/task.js')
const { encodeError, serialize, sizeError } = require('./wire.js')

const FLUSH_MS = 5 // after which results go, while others run
const FLUSH_BYTES = 1 << 20 // likewise

class Batch {
  name = 'serve'
  policy = Policy.SETTLED
  site = null
  keys = null
  patience = 1
  ended = false
  options
  work // Tasks by place; null where there is none
  #reply
  #maxBytes
  #resolve
  #left
  #ends = [] // [place, how] of what was not sent yet
  #parts = [] // what they came to
  #bytes = 0 // of those
  #began = now()
  #flushed = now()

  /**
   * @param {(Task | {thrown: unknown} | null)[]} work null: nobody wants it
   * @param {{itemTimeout?: number, maxBytes: number, reply: (head: object, parts: Buffer[]) => void}} options
   */
  constructor(work, { itemTimeout, maxBytes, reply }) {
    this.work = work
    this.#maxBytes = maxBytes
    this.options = { itemTimeout }
    this.#reply = reply
    this.#left = work.length
    this.groups = new Groups(this)
  }

  mostFrom(place) {
    return this.work.length - place
  }

  keyOf(place) {
    return place
  }

  get total() {
    return this.work.length
  }

  /** Fulfils when nothing of it runs any more. */
  run() {
    const over = new Promise((resolve) => (this.#resolve = resolve))
    const tasks = []
    this.work.forEach((one, place) => {
      if (isTask(one)) tasks.push(place)
      else if (one === null) this.#left--
      else this.#put(place, 'rejected', encodeError(one.thrown))
    })
    try {
      for (const place of tasks) this.groups.start(place)
      this.groups.watch()
      this.groups.flush()
      this.groups.close()
    } catch (error) {
      this.end(false, error)
    }
    this.#finishIfOver()
    return over
  }

  settled(place, task) {
    this.groups.settled(place)
    const value = dataOf(task)
    if (stateOf(task) === State.FULFILLED) this.#put(place, 'fulfilled', value)
    else if (this.options.itemTimeout > 0 && value instanceof TimeoutError) this.#put(place, 'expired')
    else this.#put(place, 'rejected', encodeError(value))
    this.#finishIfOver()
  }

  finished(group) {
    this.groups.finished(group)
    this.#finishIfOver()
  }

  refused(group) {
    this.groups.refused(group)
  }

  /** What has not ended fails so. */
  end(_fulfilled, error) {
    this.work.forEach((one, place) => {
      if (one !== undefined && one !== null) this.#put(place, 'rejected', encodeError(error))
    })
    this.ended = true
    this.groups.withdraw(error)
    this.#finishIfOver()
  }

  #put(place, how, value) {
    if (this.work[place] === undefined || this.ended) return // it was told of
    this.work[place] = undefined
    this.#left--
    this.#ends.push([place, how])
    const part = how === 'expired' ? Buffer.alloc(0) : this.#serialize(value)
    this.#parts.push(part)
    this.#bytes += part.length
    if (now() - this.#flushed >= FLUSH_MS || this.#bytes >= FLUSH_BYTES) this.flush()
  }

  /** What cannot be sent is that member's error. */
  #serialize(value) {
    try {
      const bytes = serialize(value)
      if (bytes.length <= this.#maxBytes) return bytes
      this.#ends.at(-1)[1] = 'rejected'
      return serialize(encodeError(sizeError('serve', 'the result', bytes.length, this.#maxBytes)))
    } catch (error) {
      this.#ends.at(-1)[1] = 'rejected'
      return serialize({ unsent: String(error.message) })
    }
  }

  /** @param {object} [more] of what is said */
  flush(more) {
    if (this.#ends.length === 0 && more === undefined) return
    this.#reply({ ends: this.#ends, ...more }, this.#parts)
    this.#ends = []
    this.#parts = []
    this.#bytes = 0
    this.#flushed = now()
  }

  /** Fractions of the members that run, summed. */
  get progress() {
    return this.groups.counts().running
  }

  /** Nobody wants these any more; null: none of them. */
  stop(places, reason) {
    if (this.ended) return
    if (places === null) {
      this.ended = true
      this.groups.withdraw(reason)
    } else {
      for (const place of places) this.#leave(place, reason)
    }
    this.#finishIfOver()
  }

  /** One of several: its Task is left to run, and nobody hears of it. */
  #leave(place) {
    if (!Number.isInteger(place) || this.work[place] === undefined || this.work[place] === null) return
    this.work[place] = undefined
    this.#left--
  }

  #finishIfOver() {
    if (this.#resolve === undefined || (!this.ended && this.#left > 0) || this.groups.running) return
    this.ended = true
    const resolve = this.#resolve
    this.#resolve = undefined
    this.flush({ over: true, took: now() - this.#began })
    resolve()
  }
}

module.exports = { Batch }
