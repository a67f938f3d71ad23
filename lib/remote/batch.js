'use strict'
// The members of a job, as a call of the worker's engine: it owns their groups.

const { AbortError, TimeoutError } = require('../errors.js')
const { Groups } = require('../call/groups.js')
const { clearTimeout, now, setTimeout } = require('../task/clock.js')
const { native, Policy } = require('../task/native.js')
const { dataOf, isTask, State, stateOf } = require('../task/task.js')
const { packValues, sizeOf } = require('./parts.js')
const { encodeError, How, sizeError } = require('./wire.js')

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
  #advance
  #flush = 1
  #isAdvancing = false
  #next = 0 // place that starts next
  #running = 0 // Tasks that were started and have not settled
  #maxBytes
  #resolve
  #left
  #places = [] // of members whose ends were not sent yet
  #hows = [] // how they have ended
  #values = [] // what they came to
  #bytes = 0 // of those, about
  #timer // of the next flush
  #began = now()
  #flushed = now()

  /**
   * @param {(Task | {thrown: unknown} | null)[]} work null: nobody wants it
   * @param {{itemTimeout?: number, maxBytes: number, reply: (head: object, values: Buffer) => void,
   *   advance: (to: number) => Promise<number[] | null>}} options advance() says first that
   *   the members before `to` start; it gives the places that nobody wants, or null where
   *   nothing must start any more
   */
  constructor(work, { itemTimeout, maxBytes, reply, advance }) {
    this.work = work
    this.#maxBytes = maxBytes
    this.options = { itemTimeout }
    this.#reply = reply
    this.#advance = advance
    this.#left = work.filter((one) => one !== null).length
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

  /**
   * Starts members before `to`, and then so many at a time as `flush` says, before threads
   * would be idle. Fulfils when nothing of it runs any more.
   */
  run(to, flush) {
    const over = new Promise((resolve) => (this.#resolve = resolve))
    this.#flush = flush
    this.#startTo(to)
    void this.#startMore()
    this.#finishIfOver()
    return over
  }

  #startTo(to) {
    try {
      for (; this.#next < to && this.#next < this.work.length && !this.ended; this.#next++) {
        const one = this.work[this.#next]
        if (isTask(one)) this.#start(this.#next)
        else if (one !== null && one !== undefined) this.#put(this.#next, How.REJECTED, encodeError(one.thrown))
      }
      this.groups.watch()
      this.groups.flush()
      this.groups.close() // those that come later are groups of their own
    } catch (error) {
      this.end(false, error)
    }
  }

  #start(place) {
    this.#running++
    this.groups.start(place)
  }

  async #startMore() {
    if (this.#isAdvancing) return
    this.#isAdvancing = true
    while (!this.ended && this.#next < this.work.length && this.#running < native.threads()) {
      const to = this.#next + this.#flush
      const places = await this.#advance(to).catch(() => null)
      if (places === null) this.stop(null, new AbortError('the job is not this worker\'s any more'))
      else this.#startTo(this.#leaveAll(places, to))
    }
    this.#isAdvancing = false
    this.#finishIfOver()
  }

  settled(place, task) {
    this.groups.settled(place)
    this.#running--
    const value = dataOf(task)
    if (stateOf(task) === State.FULFILLED) this.#put(place, How.FULFILLED, value)
    else if (this.options.itemTimeout > 0 && value instanceof TimeoutError) this.#put(place, How.EXPIRED)
    else this.#put(place, How.REJECTED, encodeError(value))
    if (this.#next < this.work.length) void this.#startMore()
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
      if (one !== undefined && one !== null) this.#put(place, How.REJECTED, encodeError(error))
    })
    this.ended = true
    this.groups.withdraw(error)
    this.#finishIfOver()
  }

  #put(place, how, value) {
    if (this.work[place] === undefined || this.ended) return // it was told of
    this.work[place] = undefined
    this.#left--
    this.#places.push(place)
    this.#hows.push(how)
    this.#values.push(value)
    this.#bytes += sizeOf(value)
    if (now() - this.#flushed >= FLUSH_MS || this.#bytes >= FLUSH_BYTES) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS)
  }

  /** @param {object} [more] of what is said */
  flush(more) {
    if (this.#places.length === 0 && more === undefined) return
    const [places, hows, values] = [this.#places, this.#hows, this.#values]
    this.#places = []
    this.#hows = []
    this.#values = []
    this.#bytes = 0
    this.#flushed = now()
    clearTimeout(this.#timer)
    this.#timer = undefined
    const packed = packValues(values, this.#maxBytes, (i, error, bytes) => {
      hows[i] = How.REJECTED
      return error === null ? encodeError(sizeError('serve', 'the result', bytes, this.#maxBytes)) : { unsent: String(error.message) }
    })
    this.#reply({ places, hows, ...more }, packed)
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
      this.#leaveAll(places)
    }
    this.#finishIfOver()
  }

  #leaveAll(places, to) {
    for (const place of places) this.#leave(place)
    return to
  }

  /** One of several: it never starts, or its Task is left to run and nobody hears of it. */
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
