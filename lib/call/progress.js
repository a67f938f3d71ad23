'use strict'
// Tells the option onProgress how far a call is.

const { clearInterval, setInterval } = require('../task/clock.js')
const { Resource } = require('../task/intrinsics.js')

const PROGRESS_MS = 50

class Progress {
  #call
  #onProgress
  #ticker
  #outcome = null // once the call has ended
  #failed = false
  #pending = 0 // promises that it returned, and that have not settled
  #hurried = false // they are not waited for

  /** @param call has progress(), which gives what is told, end() and reported() */
  constructor(call, onProgress) {
    this.#call = call
    const context = new Resource('heddle.progress')
    this.#onProgress = (progress) => context.runInAsyncScope(onProgress, undefined, progress)
    this.#ticker = setInterval(() => this.#report(), PROGRESS_MS).unref()
  }

  #report() {
    try {
      const returned = this.#onProgress(this.#call.progress())
      const mayBePromise = typeof returned === 'object' || typeof returned === 'function'
      if (mayBePromise && returned !== null) this.#wait(returned)
    } catch (error) {
      this.#fail(error)
    }
  }

  #wait(returned) {
    this.#pending++
    const over = () => {
      if (--this.#pending === 0 && this.#outcome !== null) this.#call.reported()
    }
    new Promise((resolve) => resolve(returned)).then(over, (error) => {
      if (!this.#hurried) this.#fail(error)
      over()
    })
  }

  /** The first failure is what the call rejects with. */
  #fail(error) {
    if (this.#failed) return
    this.#failed = true
    if (this.#outcome === null) return this.#call.end(false, error)
    this.#outcome.fulfilled = false
    this.#outcome.value = error
    this.#call.reported()
  }

  /**
   * The last report, once the call has ended.
   * @param {{fulfilled: boolean, value: unknown}} outcome is changed when a report
   *   fails, now or while it is `waiting`
   */
  stop(outcome) {
    clearInterval(this.#ticker)
    this.#outcome = outcome
    if (!this.#failed) this.#report()
  }

  /** Whether the call has to wait for promises that reports returned. */
  get waiting() {
    return this.#pending > 0 && !this.#failed && !this.#hurried
  }

  /** The call was stopped: promises of reports are not waited for, and count no more. */
  hurry() {
    this.#hurried = true
  }
}

module.exports = { Progress }
