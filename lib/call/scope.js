'use strict'
// What functions are told by: a signal, made only when somebody looks at it.

const { AsyncResource } = require('node:async_hooks')
const { setMaxListeners } = require('node:events')

const { AbortController } = globalThis

/** All functions of a call may listen. */
function allowListeners(signal) {
  try {
    setMaxListeners(0, signal)
  } catch {
    // It is jsdom's, say, and no limit is known there.
  }
}

/** Has a signal, which stop() aborts. */
class Scope {
  #controller = null
  #resource // the context in which listeners are called
  #aborted = false
  #reason

  get signal() {
    if (this.#controller === null) {
      this.#controller = new AbortController()
      this.#resource = new AsyncResource('heddle.signal')
      allowListeners(this.#controller.signal)
      if (this.#aborted) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  stop(reason) {
    if (this.#aborted) return
    this.#aborted = true
    this.#reason = reason
    if (this.#controller === null) return
    this.#resource.runInAsyncScope(this.#controller.abort, this.#controller, reason)
  }
}

/** The last argument of functions. */
class Context {
  #scope

  /** @param {number | string | undefined} index position or key of the member */
  constructor(scope, index) {
    this.#scope = scope
    this.index = index
  }

  /** Aborts when the result is no longer needed. @type {AbortSignal} */
  get signal() {
    return this.#scope.signal
  }
}

module.exports = { Scope, Context }
