'use strict'
// Waits for promises and values that members gave.

const { promiseOf } = require('./promises.js')
const { LED } = require('./trail.js')

class Follower {
  #call
  #led = [] // by position, what fulfils when the call was told

  constructor(call) {
    this.#call = call
  }

  /** Waits for a value; the call is told by done(). */
  follow(position, value) {
    const call = this.#call
    let promise
    try {
      promise = promiseOf(value)
    } catch (error) {
      return call.done(position, false, error) // a getter threw
    }
    const told = call.await(position, promise ?? Promise.resolve(value))
    if (told === undefined || promise === undefined || position >= LED) return
    while (this.#led.length < position) this.#led.push(undefined)
    this.#led[position] = told
  }

  /** Leads home, at once, what is followed since then. */
  lead() {
    if (this.#led.length === 0) return
    this.#call.trail?.leadAll(this.#led)
    this.#led = []
  }
}

module.exports = { Follower }
