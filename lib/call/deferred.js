'use strict'
// The promise that a call gives, and what settles it. Where the whole call is one group
// of Tasks it is Node-API's, held by that group and concluded in C. Else it is one of
// JavaScript's, made when it is first needed.

const { Trail } = require('./trail.js')

const nothing = () => {}

class Deferred {
  #promise = null // until the caller has it
  #resolve = null
  #reject = null
  #group = null // which holds the promise
  #trail = null
  #settled = false

  /** Leads stacks to the caller; null once the promise has settled, or when a group has it. */
  get trail() {
    if (this.#settled || this.#group !== null) return null
    if (this.#trail === null) {
      this.#make()
      this.#trail = new Trail(this.#resolve, this.#reject)
    }
    return this.#trail
  }

  /**
   * The promise, once.
   * @param group which runs the whole call, or null
   */
  give(group) {
    if (this.#promise === null) {
      const promise = group?.promise?.()
      if (promise !== undefined) {
        this.#group = group
        return promise
      }
      this.#make()
    }
    const promise = this.#promise
    this.#promise = null // it holds the result
    return promise
  }

  /** Once; again, should it have thrown: where recursion has used the stack up. */
  settle(fulfilled, value) {
    if (this.#settled) return
    if (this.#group !== null) {
      this.#group.conclude(fulfilled, value)
    } else {
      this.#make()
      if (fulfilled) this.#resolve(value)
      else this.#reject(value)
    }
    this.#settled = true
    this.#group = this.#resolve = this.#reject = null // they hold the promise, and it the result
    this.#trail?.end()
    this.#trail = null
  }

  #make() {
    if (this.#resolve !== null) return
    this.#promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // Where recursion has used the stack up in there, the promise is rejected already.
    this.#resolve ??= nothing
    this.#reject ??= nothing
  }
}

module.exports = { Deferred }
