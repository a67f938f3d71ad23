'use strict'
// Calls a function under a time limit, and again when it fails.

const { TimeoutError, placeAt, withIndex } = require('./errors.js')
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

/** One call of the function. Its signal aborts when its time is up, or the call ends early. */
class Attempt extends Scope {
  #timer

  stop(reason) {
    clearTimeout(this.#timer)
    super.stop(reason)
  }

  /** @returns {Promise<unknown>} the value's, or a rejection by the time limit */
  limit(value, ms, makeError) {
    return new Promise((resolve, reject) => {
      this.#timer = setTimeout(() => {
        const error = makeError()
        super.stop(error)
        reject(error)
      }, ms)
      const over = (settle) => (result) => {
        clearTimeout(this.#timer)
        settle(result)
      }
      Promise.resolve(value).then(over(resolve), over(reject))
    })
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

async function owned(call, thing, use) {
  call.own(thing)
  try {
    return await use()
  } finally {
    call.disown(thing)
  }
}

/** As Call's attempts(). */
async function attempt(call, start, position, key, name) {
  const { itemTimeout, retry } = call.options
  const timeoutError = () => {
    const error = new TimeoutError(`${name || 'function'}: timed out after ${itemTimeout} ms`)
    return withIndex(placeAt(error, call.site), key)
  }
  const once = (number) => {
    const scope = new Attempt()
    const context = number === 0 ? new Context(scope, key) : new RetryContext(scope, key, number)
    return owned(call, scope, () => {
      const value = call.track(start(context))
      if (isTask(value)) return call.taskDone(position, value) // its group keeps the time
      return itemTimeout === undefined ? value : scope.limit(value, itemTimeout, timeoutError)
    })
  }
  if (retry === undefined) return once(0)
  const wait = (ms) => {
    const timer = new Wait()
    return owned(call, timer, () => timer.start(ms, retry.unref))
  }
  return retrying(retry, once, wait, () => call.ended)
}

module.exports = { attempt }
