'use strict'
// Threads that are busy count against configure({threads}), together with the
// engine's runners: one is borrowed from it for each. See src/engine/schedule/budget.h.

const { native } = require('../task/native.js')
const { recorder } = require('../task/recorder.js')
const { lender } = require('./lender.js')

class Lease {
  #held = 0 // borrowed
  #used = 0 // of these, by busy threads
  #wishing = false // the engine will say when there is one
  #onLent

  /** @param {() => void} onLent called when a thread was lent that take() could not get */
  constructor(onLent) {
    this.#onLent = () => {
      this.#held++
      recorder.on?.lent()
      this.#wishing = false
      onLent()
    }
  }

  /** For a thread that becomes busy; false when it has to wait. */
  take() {
    if (this.#used === this.#held) {
      if (this.#wishing) return false
      this.#wishing = !lender.borrow(this.#onLent)
      if (this.#wishing) return false
      this.#held++
      recorder.on?.lent()
    }
    this.#used++
    return true
  }

  /** A thread is busy no more. Others may have waited for it for long enough. */
  release() {
    this.#used--
    if (native.pressed()) this.#giveBack(1)
  }

  /** What is not used goes back; `wanting` says that more would be. */
  settle(wanting) {
    this.#giveBack(this.#held - this.#used)
    if (wanting || !this.#wishing) return
    lender.forget(this.#onLent)
    this.#wishing = false
  }

  #giveBack(count) {
    if (count === 0) return
    this.#held -= count
    native.giveBack(count)
    recorder.on?.lent()
  }
}

module.exports = { Lease }
