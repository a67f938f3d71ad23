'use strict'
// Who may run: what a limiter counts. No code of users runs in here, but where stop()
// says so: those who wait are told by granted(token) and refused(error), which settle promises.

const { HeddleError, rangeError } = require('../errors.js')
const clock = require('../task/clock.js')
const { Token } = require('./token.js')
const { Waiter, Waiting } = require('./waiting.js')
const { Window } = require('./window.js')

const closedError = (words) => new HeddleError('ERR_HEDDLE_CLOSED', `limiter: ${words}`)

const fullError = (where, maxQueue) =>
  new HeddleError('ERR_HEDDLE_QUEUE_FULL', `${where}: the limiter's queue is full, of ${maxQueue}`)

class Gate {
  active = 0 // weights that run
  paused = false
  closed = false
  waiting = new Waiting()
  granted = 0
  rejected = 0 // since the queue was full
  waitTime = { sum: 0, max: 0 } // of granted tokens, in ms
  #clock
  #capacity
  #maxPerKey
  #maxQueue
  #window
  #held = 0 // tokens
  #parties = new Set() // what runs, and can be stopped
  #timer = null
  #wakesAt = 0
  #whenIdle = []

  /** @param {{now, setTimeout, clearTimeout}} [time] heddle's own: rates go by real time */
  constructor({ capacity, capacityPerKey, maxQueue, interval, intervalCapacity }, time = clock) {
    this.#clock = time
    this.#capacity = capacity
    this.#maxPerKey = capacityPerKey
    this.#maxQueue = maxQueue
    this.#window = interval === undefined ? null : new Window(interval, intervalCapacity)
  }

  get capacity() {
    return this.#capacity
  }

  /** Those who wait and are heavier now are refused, as they would be if they came. */
  set capacity(capacity) {
    this.#capacity = capacity
    for (const waiter of this.waiting) {
      if (waiter.weight > capacity) this.#refuse(waiter, this.#tooHeavy(waiter.where, waiter.weight))
    }
    this.dispatch()
  }

  /** Nothing runs, nobody waits, and no call is under way that may ask again. */
  get isIdle() {
    return this.#held === 0 && this.waiting.length === 0 && this.#parties.size === 0
  }

  /** The heaviest that can ever run. */
  get #heaviest() {
    return Math.min(this.#capacity, this.#maxPerKey, this.#window?.capacity ?? Infinity)
  }

  #tooHeavy(where, weight) {
    return rangeError(where, 'option "weight"', `at most ${this.#heaviest}, what the limiter lets run`, weight)
  }

  // ---- Asking ----

  /** One to ask with, for calls. */
  waiter({ key, weight, priority }) {
    return new Waiter(key, weight, priority)
  }

  /** A token for what has no key and weighs 1, if it need not wait; else null. */
  take({ key, weight }) {
    if (weight !== 1 || key !== undefined || this.waiting.length > 0 || this.paused || this.closed || this.#maxPerKey !== Infinity) return null
    return this.#window !== null || this.active >= this.#capacity ? null : this.#grant(1, null)
  }

  /**
   * Asks for a waiter's tokens: granted() is called for each, perhaps at once.
   * @param waiter a Waiter with `where` for errors, granted(token), refused(error);
   *   a call that has `entered` has its place, and is not refused, nor by a close() since then
   * @throws what it is refused for: nothing is granted then
   */
  ask(waiter) {
    const { where, count } = waiter
    if (this.closed && !waiter.entered) throw closedError('it is closed')
    if (waiter.weight > this.#heaviest) throw this.#tooHeavy(where, waiter.weight)
    if (count > 1 && !waiter.entered && !this.#hasPlaces(waiter)) throw this.#full(where, count)
    waiter.since = -1 // it need not wait
    this.waiting.add(waiter)
    this.dispatch()
    if (waiter.count === 0) return
    if (this.waiting.length > this.#maxQueue && !waiter.entered) {
      this.withdraw(waiter)
      throw this.#full(where, 1)
    }
    waiter.since = this.#clock.now()
  }

  #full(where, count) {
    this.rejected += count
    return fullError(where, this.#maxQueue)
  }

  /** Whether as many can wait as would have to. */
  #hasPlaces({ name, weight, count }) {
    if (this.#maxQueue === Infinity) return true
    let room = 0 // for who comes now
    if (this.waiting.length === 0 && !this.paused) {
      const ofKey = this.#maxPerKey - (this.waiting.keys.get(name)?.active ?? 0)
      const inWindow = this.#window === null ? Infinity : this.#window.room(this.#clock.now())
      room = Math.floor(Math.max(0, Math.min(this.#capacity - this.active, ofKey, inWindow)) / weight)
    }
    return count - room <= this.#maxQueue - this.waiting.length
  }

  /** A waiter asks no more. */
  withdraw(waiter) {
    if (waiter.count === 0) return
    this.waiting.remove(waiter)
    this.dispatch() // it may have been in the way
  }

  #refuse(waiter, error) {
    this.waiting.remove(waiter)
    waiter.refused(error)
  }

  // ---- Granting ----

  #grant(weight, key) {
    this.active += weight
    this.#held++
    this.granted++
    return new Token(this, weight, key)
  }

  /** A token is given back. */
  release(weight, key) {
    this.active -= weight
    this.#held--
    if (key !== null) {
      key.active -= weight
      this.waiting.release(key)
      this.waiting.forget(key)
    }
    if (this.waiting.length > 0) this.dispatch()
    else if (this.#whenIdle.length > 0) this.#tellIfIdle()
  }

  /** Grants what can be granted. */
  dispatch() {
    const at = this.#grantAll()
    if (at !== this.#wakesAt) this.#wakeAt(at)
    this.#tellIfIdle()
  }

  /** Gives the time at which more may be granted, as now() has it; 0 when that is not a matter of time. */
  #grantAll() {
    const { waiting } = this
    const time = this.#window === null || waiting.length === 0 ? 0 : this.#clock.now()
    while (waiting.length > 0 && !this.paused) {
      const waiter = waiting.first(this.#maxPerKey)
      if (waiter === null || this.active + waiter.weight > this.#capacity) break
      if (this.#window !== null) {
        if (!this.#window.fits(waiter.weight, time)) return this.#window.nextAt(waiter.weight)
        this.#window.add(waiter.weight, time)
      }
      this.#grantTo(waiter)
    }
    return 0
  }

  #grantTo(waiter) {
    const { key } = waiter.line
    // Whoever has no key has no turn to share, unless keys are bounded.
    const counted = key.name === undefined && this.#maxPerKey === Infinity ? null : key
    this.waiting.granted(waiter)
    if (counted !== null) key.active += waiter.weight
    else this.waiting.forget(key)
    if (waiter.since >= 0) this.#waited(this.#clock.now() - waiter.since)
    waiter.granted(this.#grant(waiter.weight, counted))
  }

  #waited(ms) {
    this.waitTime.sum += ms
    if (ms > this.waitTime.max) this.waitTime.max = ms
  }

  /** Somebody waits for it: it keeps the process alive. It may fire early, by less than a ms. */
  #wakeAt(at) {
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer)
    this.#timer = null
    this.#wakesAt = at
    if (at === 0) return
    const ms = Math.max(1, Math.ceil(at - this.#clock.now()))
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null
      this.#wakesAt = 0
      this.dispatch()
    }, ms)
  }

  // ---- Pausing, ending ----

  pause() {
    this.paused = true
    this.#wakeAt(0)
  }

  resume() {
    this.paused = false
    this.dispatch()
  }

  /** Something that runs, with a stop(reason), for the case that close() stops it. */
  enter(party) {
    this.#parties.add(party)
  }

  leave(party) {
    if (this.#parties.delete(party)) this.#tellIfIdle()
  }

  /** Calls back, once, when it is idle. */
  whenIdle(callback) {
    this.#whenIdle.push(callback)
    this.#tellIfIdle()
  }

  #tellIfIdle() {
    if (this.#whenIdle.length === 0 || !this.isIdle) return
    const callbacks = this.#whenIdle
    this.#whenIdle = []
    for (const callback of callbacks) callback()
  }

  /** Refuses those who wait, and stops what runs, where listeners of signals are called. */
  stop(reason) {
    for (const waiter of this.waiting) this.#refuse(waiter, reason)
    this.dispatch()
    for (const party of [...this.#parties]) party.stop(reason)
  }
}

module.exports = { Gate, closedError }
