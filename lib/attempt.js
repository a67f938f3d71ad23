'use strict'
// Calls a function under a time limit, and again when it fails.

const { adopt, abandon } = require('./adopt.js')
const { TimeoutError, placeAt, withIndex } = require('./errors.js')
const { promiseOf } = require('./call/promises.js')
const { retrying } = require('./retrying.js')
const { Context, Scope } = require('./scope.js')
const { isTask } = require('./task.js')

/** The context of a function that may be called again: with `attempt`, from 1 on. */
class RetryContext extends Context {
  constructor(scope, index, number) {
    super(scope, index)
    this.attempt = number
  }
}

/** One call of a function. Its signal aborts when its time is up, or the call ends early. */
class Attempt extends Scope {
  #call
  #timer
  #promise = null // that is waited for
  #settle

  constructor(call) {
    super()
    this.#call = call
    call.own(this)
  }

  /**
   * @param {number | undefined} ms
   * @returns {Promise<unknown>} the value's, or a rejection by the time limit
   */
  watch(value, ms, makeError) {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#promise = promiseOf(value) ?? Promise.resolve(value)
      adopt(this.#promise, this)
      if (ms === undefined) return
      this.#timer = setTimeout(() => {
        const error = makeError()
        super.stop(error)
        this.done(false, error)
      }, ms)
    })
  }

  /** The promise has settled, or time is up. */
  done(fulfilled, value) {
    this.over()
    if (fulfilled) this.#settle.resolve(value)
    else this.#settle.reject(value)
  }

  over() {
    clearTimeout(this.#timer)
    if (this.#promise !== null) abandon(this.#promise, this)
    this.#call.disown(this)
  }

  stop(reason) {
    this.over()
    super.stop(reason)
  }
}

/** A wait that a call which ends early cuts short: it never ends then. */
class Wait {
  #timer

  start(ms, unref) {
    return new Promise((resolve) => {
      this.#timer = setTimeout(resolve, ms)
      if (unref) this.#timer.unref()
    })
  }

  stop() {
    clearTimeout(this.#timer)
  }
}

/**
 * As Call's attempts(). A promise, unless the function throws at once and is not
 * called again.
 */
function attempt(call, start, position, key, name) {
  const { itemTimeout, retry } = call.options
  const timeoutError = () => {
    const error = new TimeoutError(`${name || 'function'}: timed out after ${itemTimeout} ms`)
    return withIndex(placeAt(error, call.site), key)
  }
  const once = (number) => {
    const scope = new Attempt(call)
    const context = number === 0 ? new Context(scope, key) : new RetryContext(scope, key, number)
    try {
      const value = start(context)
      if (!isTask(value)) return scope.watch(call.track(value), itemTimeout, timeoutError)
      scope.over()
      return call.taskDone(position, value) // its group keeps the time
    } catch (error) {
      scope.over()
      throw error
    }
  }
  if (retry === undefined) return once(0)
  const wait = async (ms) => {
    const timer = new Wait()
    call.own(timer)
    await timer.start(ms, retry.unref)
    call.disown(timer)
  }
  return retrying(retry, once, wait, () => call.ended)
}

module.exports = { attempt }
