'use strict'
// Who may run: what a limiter counts. No code of users runs in here, but where stop()
// says so: those who wait are told by granted(n) and refused(error), which settle promises.

const { HeddleError, rangeError } = require('../errors.js')
const clock = require('../task/clock.js')
const { Waiter, Waiting } = require('./waiting.js')
const { Window } = require('./window.js')

const closedError = (words) => new HeddleError('ERR_HEDDLE_CLOSED', `limiter: ${words}`)

const fullError = (where, most) =>
  new HeddleError('ERR_HEDDLE_QUEUE_FULL', `${where}: the limiter's queue is full, of ${most}`)

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
  #maxQueueBytes
  #window
  #held = 0 // tokens
  #parties = new Set() // what runs, and can be stopped
  #timer = null
  #wakesAt = 0
  #whenIdle = []

  /** @param {{now, setTimeout, clearTimeout}} [time] heddle's own: rates go by real time */
  constructor({ interval, intervalCapacity, ...bounds }, time = clock) {
    this.#clock = time
    this.#capacity = bounds.capacity
    this.#maxPerKey = bounds.capacityPerKey
    this.#maxQueue = bounds.maxQueue
    this.#maxQueueBytes = bounds.maxQueueBytes
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

  /** Whether what runs keeps others from running. */
  get isBounded() {
    return this.#capacity < Infinity || this.#maxPerKey < Infinity
  }

  /** Whether waiters' bytes count. */
  get countsBytes() {
    return this.#maxQueueBytes < Infinity
  }

  /** One to ask with, for calls. */
  waiter({ key, weight, priority }) {
    return new Waiter(key, weight, priority)
  }

  /** Takes for what has no key and weighs 1, if it need not wait. */
  take({ key, weight }) {
    if (weight !== 1 || key !== undefined || this.#maxPerKey !== Infinity || this.#window !== null) return false
    if (this.waiting.length > 0 || this.paused || this.closed || this.active >= this.#capacity) return false
    this.#count(1, 1)
    return true
  }

  /**
   * Whether a call may go on with what one of its members held: nobody else waits.
   * @param waiter the call's
   * @param {boolean} stays whether it goes on to wait for as many
   */
  passes(waiter, stays) {
    const { count } = waiter
    if (this.paused || this.#window !== null || this.active > this.#capacity) return false
    if (this.waiting.length !== count || (!stays && count === 0)) return false
    if (!stays) {
      const { key } = waiter.line
      this.waiting.granted(waiter, 1)
      this.waiting.forget(key)
      this.#waited(1, this.#clock.now() - waiter.since)
    }
    this.granted++
    return true
  }

  /**
   * Asks for what a waiter wants: granted(n) is called until that is all, perhaps at once.
   * @param waiter a Waiter with `where` for errors, granted(n), refused(error);
   *   a call that has `entered` has its place, and is not refused, nor by a close() since then
   * @throws what it is refused for: nothing is granted then
   */
  ask(waiter) {
    const { where, count, entered } = waiter
    if (this.closed && !entered) throw closedError('it is closed')
    if (waiter.weight > this.#heaviest) throw this.#tooHeavy(where, waiter.weight)
    if (count > 1 && !entered) this.#checkPlaces(waiter)
    waiter.since = -1 // it need not wait
    this.waiting.add(waiter)
    this.dispatch()
    if (waiter.count === 0) return
    if (count === 1 && !entered && this.#isOverfull(0, 0)) {
      const error = this.#full(where, 1)
      this.withdraw(waiter)
      throw error
    }
    waiter.since = this.#clock.now()
  }

  #isOverfull(more, bytes) {
    return this.waiting.length + more > this.#maxQueue || this.waiting.bytes + bytes > this.#maxQueueBytes
  }

  #full(where, count) {
    this.rejected += count
    const isLong = this.waiting.length + (count > 1 ? count : 0) > this.#maxQueue
    return fullError(where, isLong ? this.#maxQueue : `${this.#maxQueueBytes} bytes`)
  }

  /** Throws when not as many can wait as would have to. */
  #checkPlaces(waiter) {
    if (this.#maxQueue === Infinity && !this.countsBytes) return
    const { name, weight, count } = waiter
    const none = this.waiting.length > 0 || this.paused
    const room = none ? 0 : this.#room(weight, this.waiting.keys.get(name)?.active ?? 0, this.#clock.now())
    const rest = Math.max(0, count - room)
    if (rest > 0 && this.#isOverfull(rest, waiter.bytesOf(rest))) throw this.#full(waiter.where, rest)
  }

  /** How many of a weight may start. */
  #room(weight, activeOfKey, time) {
    const inWindow = this.#window === null ? Infinity : this.#window.room(time)
    const room = Math.min(this.#capacity - this.active, this.#maxPerKey - activeOfKey, inWindow)
    return Math.floor(Math.max(0, room) / weight)
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

  #count(n, weight) {
    this.active += n * weight
    this.#held += n
    this.granted += n
  }

  /** Whoever has no key has no turn to share, unless keys are bounded. */
  #countsKey(name) {
    return name !== undefined || this.#maxPerKey !== Infinity
  }

  /** What was granted is given back. */
  release(n, { name, weight }) {
    this.active -= n * weight
    this.#held -= n
    if (this.#countsKey(name)) this.#releaseKey(this.waiting.keys.get(name), n * weight)
    if (this.waiting.length > 0) this.dispatch()
    else if (this.#whenIdle.length > 0) this.#tellIfIdle()
  }

  #releaseKey(key, weight) {
    key.active -= weight
    this.waiting.release(key)
    this.waiting.forget(key)
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
      if (this.#window !== null && !this.#window.fits(waiter.weight, time)) return this.#window.nextAt(waiter.weight)
      this.#grantTo(waiter, time)
    }
    return 0
  }

  #grantTo(waiter, time) {
    const { weight } = waiter
    const { key } = waiter.line
    // Whoever waits alone gets all that there is.
    const alone = waiter.count > 1 && this.waiting.length === waiter.count
    const n = alone ? Math.min(waiter.count, this.#room(weight, key.active, time)) : 1
    if (this.#window !== null) this.#window.add(n * weight, time)
    this.waiting.granted(waiter, n)
    if (this.#countsKey(key.name)) key.active += n * weight
    else this.waiting.forget(key)
    if (waiter.since >= 0) this.#waited(n, this.#clock.now() - waiter.since)
    this.#count(n, weight)
    waiter.granted(n)
  }

  #waited(n, ms) {
    this.waitTime.sum += n * ms
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
