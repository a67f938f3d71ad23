'use strict'
// Runs a function that holds a token, until what it returns has settled.

const { listen, reasonOf, unlisten } = require('../call/signal.js')
const { promiseOf, react } = require('../call/promises.js')
const { stopToken } = require('./token.js')

class Holding {
  #gate
  #token
  #reject
  #listener // on the signal
  #onAbort

  constructor(gate, token, reject) {
    this.#gate = gate
    this.#token = token
    this.#reject = reject
    gate.enter(this)
  }

  listen(where, signal) {
    this.#onAbort = () => this.stop(reasonOf(signal))
    this.#listener = listen(where, signal, this.#onAbort)
  }

  /** Nobody waits any more; it still runs. */
  stop(reason) {
    this.#reject(reason)
    stopToken(this.#token, reason)
  }

  over() {
    if (this.#listener !== undefined) unlisten(this.#listener, this.#onAbort)
    this.#token.release()
    this.#gate.leave(this)
  }
}

/** Settles as what the function returns, or with the signal's reason. The stack of its errors leads on. */
function runHolding(gate, token, where, fn, signal) {
  return new Promise((resolve, reject) => {
    const holding = new Holding(gate, token, reject)
    let promise
    try {
      if (signal?.aborted) throw reasonOf(signal)
      if (signal !== undefined) holding.listen(where, signal)
      const value = fn(token)
      promise = promiseOf(value)
      if (promise === undefined) resolve(value)
    } catch (error) {
      reject(error)
    }
    if (promise === undefined) return holding.over()
    const over = react(
      promise,
      (result) => (holding.over(), result),
      (reason) => (holding.over(), Promise.reject(reason)),
    )
    react(over, resolve, reject)
  })
}

module.exports = { runHolding }
