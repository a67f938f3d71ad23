'use strict'
// Waits for promises and values that members gave.

const { promiseOf } = require('./promises.js')

const { all } = Promise

class Follower {
  #call
  #positions = [] // of what is followed in bulk
  #values = []

  constructor(call) {
    this.#call = call
  }

  /** Waits for a value; the call is told by done(). */
  follow(position, value) {
    const call = this.#call
    if (call.bulk) {
      this.#positions.push(position)
      this.#values.push(value)
      return
    }
    let promise
    try {
      promise = promiseOf(value) ?? Promise.resolve(value)
    } catch (error) {
      return call.done(position, false, error) // a getter threw
    }
    call.await(position, promise)
  }

  /** One reaction for all that can be followed in bulk: Promise.all is quicker than we are. */
  flush() {
    const { link } = this.#call
    const positions = this.#positions
    const values = this.#values
    if (positions.length === 0) return
    this.#positions = []
    this.#values = []
    all.call(Promise, values).then(
      (results) => {
        for (let i = 0; i < positions.length; i++) link.call?.done(positions[i], true, results[i])
      },
      (reason) => link.call?.done(positions[0], false, reason),
    )
  }
}

module.exports = { Follower }
