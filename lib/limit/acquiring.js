'use strict'
// Waits for one token, as acquire() and with() do.

const { callSite, placeAt, TimeoutError } = require('../errors.js')
const { listen, reasonOf, unlisten } = require('../call/signal.js')
const { Timer } = require('../task/clock.js')
const { Token } = require('./token.js')
const { Waiter } = require('./waiting.js')

class Acquiring extends Waiter {
  #gate
  #resolve
  #reject
  #listener // on the signal
  #onAbort
  #timer

  constructor(gate, where, { key, weight = 1, priority = 0 }) {
    super(key, weight, priority)
    this.#gate = gate
    this.where = where
  }

  /** @returns {Promise<Token>} */
  start({ signal, timeout }, caller) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) throw reasonOf(signal)
      this.#resolve = resolve
      this.#reject = reject
      this.#gate.ask(this)
      if (this.count > 0 && timeout !== undefined && timeout !== Infinity) this.#limit(timeout, caller)
      if (this.count > 0 && signal !== undefined) this.#listen(signal)
    })
  }

  #limit(timeout, caller) {
    const site = callSite(caller)
    const error = () => placeAt(new TimeoutError(`${this.where}: timed out after ${timeout} ms`), site)
    if (timeout === 0) this.#leave(error())
    else this.#timer = new Timer(() => this.#leave(error()), timeout)
  }

  #listen(signal) {
    this.#onAbort = () => this.#leave(reasonOf(signal))
    try {
      this.#listener = listen(this.where, signal, this.#onAbort)
    } catch (error) {
      return this.#leave(error)
    }
    if (this.count === 0) this.#over() // it called back at once
  }

  /** Does not want it any more. */
  #leave(reason) {
    if (this.count === 0) return
    this.#gate.withdraw(this)
    this.refused(reason)
  }

  granted() {
    this.#over()
    this.#resolve(new Token(this.#gate, { name: this.name, weight: this.weight }))
  }

  refused(error) {
    this.#over()
    this.#reject(error)
  }

  #over() {
    this.#timer?.stop()
    if (this.#listener !== undefined) unlisten(this.#listener, this.#onAbort)
  }
}

module.exports = { Acquiring }
