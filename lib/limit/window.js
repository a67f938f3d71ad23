'use strict'

/**
 * A sliding window: what has started within the last interval. The interval does not
 * have its end: what started at 0 counts until just before `interval`.
 */
class Window {
  #times = [] // of starts, from #first on
  #weights = []
  #first = 0
  #sum = 0

  /**
   * @param {number} interval ms
   * @param {number} capacity weight that may start in any interval
   */
  constructor(interval, capacity) {
    this.interval = interval
    this.capacity = capacity
  }

  /** Whether so much may start now. */
  fits(weight, now) {
    while (this.#first < this.#times.length && this.#times[this.#first] + this.interval <= now) {
      this.#sum -= this.#weights[this.#first++]
    }
    if (this.#first > 64 && this.#first * 2 > this.#times.length) this.#cut()
    return this.#sum + weight <= this.capacity
  }

  #cut() {
    this.#times = this.#times.slice(this.#first)
    this.#weights = this.#weights.slice(this.#first)
    this.#first = 0
  }

  add(weight, now) {
    this.#sum += weight
    const last = this.#times.length - 1
    if (last >= this.#first && this.#times[last] >= now) this.#weights[last] += weight
    else this.#times.push(now), this.#weights.push(weight)
  }

  /** When so much may start that does not fit now. */
  nextAt(weight) {
    let sum = this.#sum
    let at = this.#first
    while (sum + weight > this.capacity) sum -= this.#weights[at++]
    return this.#times[at - 1] + this.interval
  }

  /** Weight that may start now. */
  room(now) {
    this.fits(0, now)
    return this.capacity - this.#sum
  }
}

module.exports = { Window }
