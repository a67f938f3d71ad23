'use strict'
// How many members go together: as many as take some ms, which shows as they come back. And
// how many batches are out until that is known, so that a thousand short members do not go
// one by one: as TCP's slow start, two more for each that has come back and was large enough.

const { now } = require('../task/clock.js')

const BATCH_MS = 5 // that the members take which a worker starts at a time
const LONG = 8 // times as long as that is a batch where many wait
const SHARES = 32 // that what waits is parted into then, at least
const MOST = 1024 // members of a batch
const GROWTH = 8 // times, at most, from one batch to the next
const FIRST = 16 // batches that are out at the start
const QUIET_MS = 100 // without an answer: members take long, and all may go

class Pace {
  flush = 1 // members that take BATCH_MS, as far as is known
  #fixed
  #isOpen
  #out = 0
  #most = FIRST
  #heard = 0 // by now(), when the last answer came, or the first batch went

  /** @param {number | 'auto'} batch */
  constructor(batch) {
    this.#isOpen = batch !== 'auto'
    this.#fixed = this.#isOpen ? batch : null
  }

  /** Members of a batch, where so many wait: longer ones while there are enough for several workers. */
  most(waiting) {
    if (this.#fixed !== null) return this.#fixed
    return Math.max(this.flush, Math.min(LONG * this.flush, MOST, Math.floor(waiting / SHARES)))
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
    this.#heard = now()
  }

  /** A batch of so many has taken so many ms on its worker. */
  add(count, ms) {
    const fits = Math.floor((BATCH_MS * count) / Math.max(ms, 0.01))
    const took = (ms * this.flush) / count // so many as `flush` is
    if (took < BATCH_MS && count >= this.flush) {
      this.flush = Math.min(MOST, Math.max(fits, 2 * this.flush), GROWTH * this.flush)
    } else if (took > 2 * BATCH_MS && 2 * count > this.flush) {
      this.flush = Math.max(1, this.flush >> 1)
    }
    // More batches only while larger ones would be too large.
    if (took >= BATCH_MS) this.#most += 2
    if (this.flush === MOST) this.#isOpen = true
  }
}

module.exports = { Pace }
