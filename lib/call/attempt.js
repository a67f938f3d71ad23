'use strict'
// Calls a function under a time limit, and again when it fails.

const { adopt, abandon } = require('./adopt.js')
const { placeAt, TimeoutError, withIndex } = require('../errors.js')
const { retrying, Waits } = require('./retrying.js')
const { contextOf, retryContextOf, Scope } = require('./scope.js')
const { isTask } = require('../task/task.js')
const { observe } = require('./collect.js')
const { Timer } = require('../task/clock.js')
const { promiseOf } = require('./promises.js')

/** One call of a function. Its signal aborts when its time is up, or the call ends early. */
class Attempt extends Scope {
  #call
  #timer
  #isOver = false
  post // what it is waited for leads to
  #promise = null // that is waited for
  #settle = null

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
    if (this.#isOver) return this.#leave(value)
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.post = resolve
      this.#promise = promiseOf(value) ?? Promise.resolve(value)
      adopt(this.#promise, this)
      if (ms === undefined) return
      this.#timer = new Timer(() => {
        if (this.#isOver) return
        const error = makeError()
        super.stop(error)
        this.done(false, error)
      }, ms)
    })
  }

  /** The function has ended the call itself: nobody waits for what it returned. */
  #leave(value) {
    observe(value)
    return new Promise(() => {})
  }

  /** The promise has settled, or time is up. */
  done(fulfilled, value) {
    this.over()
    if (fulfilled) this.#settle.resolve(value)
    else this.#settle.reject(value)
  }

  over() {
    this.#isOver = true
    this.#timer?.stop()
    if (this.#promise !== null) abandon(this.#promise, this)
    this.#call.disown(this)
  }

  /**
   * The call ends. Who awaits this goes on to his end: what is waited for leads to
   * him, and would keep him. It keeps the rejection, too, which nobody sees.
   */
  stop(reason) {
    this.over()
    super.stop(reason)
    this.#settle?.reject()
  }
}

/**
 * As Call's attempts(). A promise, unless the function throws at once and is not
 * called again.
 * @param {() => Promise} [again] what is to be waited for before it is called again
 */
function attempt(call, start, position, key, name, again) {
  const { itemTimeout, retry } = call.options
  const timeoutError = () => {
    const error = new TimeoutError(`${name || 'function'}: timed out after ${itemTimeout} ms`)
    return withIndex(placeAt(error, call.site), key)
  }
  const once = (number) => {
    const scope = new Attempt(call)
    const context = number === 0 ? contextOf(scope, key, true) : retryContextOf(scope, key, number)
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
  const each = again === undefined ? once : async (number) => {
    if (number > 1) await again()
    return await once(number)
  }
  return retrying(retry, each, new Waits(call, retry), () => call.ended)
}

module.exports = { attempt }
