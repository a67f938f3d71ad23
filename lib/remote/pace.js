'use strict'
// How many members go together: as many as take some ms, which shows as they come back. And
// how many batches are out until that is known: as TCP's slow start, two more for each that
// has come back, so that a thousand short members do not go one by one.

const { now } = require('../task/clock.js')

const BATCH_MS = 5 // that the members of a batch are meant to take
const MOST = 1024 // members of a batch
const GROWTH = 8 // times, at most, from one batch to the next
const FIRST = 16 // batches that are out at the start
const QUIET_MS = 100 // without an answer: members take long, and all may go

class Pace {
  size
  #isFixed
  #isOpen = false
  #out = 0
  #most = FIRST
  #heard = 0 // by now(), when the last answer came, or the first batch went

  /** @param {number | 'auto'} batch */
  constructor(batch) {
    this.#isFixed = this.#isOpen = batch !== 'auto'
    this.size = this.#isFixed ? batch : 1
  }

  /** Ms until another batch may go; 0: now. Whoever waits asks again when one is over. */
  wait() {
    if (this.#isOpen || this.#out < this.#most) return 0
    const left = this.#heard + QUIET_MS - now()
    if (left > 0) return left
    this.#isOpen = true
    return 0
  }

  sent() {
    if (this.#out++ === 0) this.#heard = now()
  }

  over() {
    this.#out--
    this.#most += 2
    this.#heard = now()
    if (this.size === MOST) this.#isOpen = true
  }

  /** A batch of so many has taken so many ms on its worker. */
  add(count, ms) {
    if (this.#isFixed) return
    const fits = Math.floor((BATCH_MS * count) / Math.max(ms, 0.01))
    if (fits > this.size && count >= this.size) {
      this.size = Math.min(MOST, Math.max(fits, 2 * this.size), GROWTH * this.size)
    } else if (ms > 2 * BATCH_MS && count <= this.size && 2 * count > this.size) {
      // Not of larger ones, which went before, nor at once: some time is their neighbours'.
      this.size = Math.max(1, this.size >> 1)
    }
  }
}

module.exports = { Pace }
