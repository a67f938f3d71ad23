'use strict'
// Tells the option onProgress how far a call is.

const { AsyncResource } = require('node:async_hooks')

const PROGRESS_MS = 50

class Progress {
  #call
  #onProgress
  #ticker
  #thrown = false

  /** @param call has progress(), which gives what is told, and end() */
  constructor(call, onProgress) {
    this.#call = call
    this.#onProgress = AsyncResource.bind(onProgress)
    this.#ticker = setInterval(() => this.#tick(), PROGRESS_MS).unref()
  }

  #tick() {
    try {
      this.#onProgress(this.#call.progress())
    } catch (error) {
      this.#thrown = true
      this.#call.end(false, error)
    }
  }

  /**
   * The last report, once the call has ended.
   * @returns {{fulfilled: boolean, value: unknown}} what it ends with: what the
   *   report throws, or the outcome that is given
   */
  stop(outcome) {
    clearInterval(this.#ticker)
    if (this.#thrown) return outcome
    try {
      this.#onProgress(this.#call.progress())
      return outcome
    } catch (error) {
      return { fulfilled: false, value: error }
    }
  }
}

module.exports = { Progress }
