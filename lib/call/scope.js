'use strict'
// What functions are told by: a signal, made only when somebody looks at it.

const { setMaxListeners } = require('node:events')
const { define } = require('../errors.js')
const { AbortController, Resource } = require('../task/intrinsics.js')

const LAZY = 8 // contexts of a scope for which a signal is not worth making

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
  #contexts = 0 // with a getter of their own

  get signal() {
    if (this.#controller === null) {
      this.#controller = new AbortController()
      this.#resource = new Resource('heddle.signal')
      allowListeners(this.#controller.signal)
      if (this.#aborted) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  /** The signal, if it has been made or many ask for it. */
  get readySignal() {
    return this.#controller === null && this.#contexts++ < LAZY ? undefined : this.signal
  }

  /** Whether somebody has looked at it. */
  get isHeard() {
    return this.#controller !== null
  }

  stop(reason) {
    if (this.#aborted) return
    this.#aborted = true
    this.#reason = reason
    if (this.#controller === null) return
    this.#resource.runInAsyncScope(this.#controller.abort, this.#controller, reason)
  }
}

const scopeOf = Symbol('heddle.scope')

/** What functions are given as their last argument. */
class Context {
  index // fields are defined, not assigned

  constructor(scope, index) {
    this[scopeOf] = scope // no private field: it can be inherited, and seen through a Proxy
    this.index = index
  }

  /** Aborts when the result is no longer needed. @type {AbortSignal} */
  get signal() {
    return this[scopeOf].signal
  }
}

// One getter for all: V8 has a hidden class for such objects then.
const own = {
  __proto__: null,
  get: Object.getOwnPropertyDescriptor(Context.prototype, 'signal').get,
  enumerable: true,
  configurable: true,
}

/** The same, with a signal of its own: a copy has it, too. */
const ownContext = (scope, index) => Object.defineProperty(new Context(scope, index), 'signal', own)

/**
 * @param {Scope} scope
 * @param {number | string | undefined} index position or key of the member
 * @param {boolean} declared whether the function declares a parameter for it:
 *   then `signal` is the context's own; for others it costs less
 */
function contextOf(scope, index, declared) {
  if (!declared) return new Context(scope, index)
  const signal = scope.readySignal
  return signal === undefined ? ownContext(scope, index) : { signal, index }
}

/** The same for functions that may be called again: with `attempt`, from 1 on. */
const retryContextOf = (scope, index, attempt) => define(ownContext(scope, index), 'attempt', attempt)

module.exports = { Scope, contextOf, retryContextOf }
