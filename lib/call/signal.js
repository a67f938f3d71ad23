'use strict'
// Listens to AbortSignals: one listener a signal, whatever the number of calls
// that wait for it, and none when no call does.

const { typeError } = require('../errors.js')
const { aborted, AbortSignal, addAbortListener, DOMException } = require('../task/intrinsics.js')

/** Listeners by signal. What is a signal may wrap another one, which is the event's target. */
const waiting = new WeakMap()

/** The event's target: of an object that inherits from a signal, which Node takes as well, that one. */
function targetOf(signal) {
  let target = signal
  for (let at = signal; at !== null && at !== AbortSignal.prototype; at = Object.getPrototypeOf(at)) {
    try {
      Reflect.apply(aborted, at, [])
      target = at
    } catch {
      // It is none itself.
    }
  }
  return target
}

/** The one listener on a signal, and who waits. */
class Listener {
  callbacks = new Set()
  #signal
  #target
  #onAbort = () => this.#fire()

  constructor(signal) {
    this.#signal = this.#target = signal
    waiting.set(signal, this)
  }

  /** Throws what the signal's methods do. */
  add() {
    this.#target = targetOf(this.#signal)
    addAbortListener(this.#target, this.#onAbort)
    if (waiting.get(this.#signal) !== this) this.remove() // it fired at once
  }

  /** Never throws: the call that ends must settle. */
  remove() {
    if (waiting.get(this.#signal) === this) waiting.delete(this.#signal)
    try {
      this.#target.removeEventListener('abort', this.#onAbort)
    } catch {
      // It fires in vain, then.
    }
  }

  #fire() {
    this.remove() // not every signal knows `once`
    for (const callback of this.callbacks) callback() // those that unlisten meanwhile are left out
  }
}

/**
 * Calls back once when the signal aborts, unless unlisten() is called before.
 * @param {string} where the combinator's name
 * @returns what unlisten() takes
 * @throws {TypeError} when the signal cannot be listened to
 */
function listen(where, signal, callback) {
  const present = waiting.get(signal)
  if (present !== undefined) {
    present.callbacks.add(callback)
    return present
  }
  const listener = new Listener(signal)
  listener.callbacks.add(callback)
  try {
    listener.add()
  } catch (error) {
    listener.remove()
    throw notSignal(where, 'option "signal"', signal, error)
  }
  return listener
}

function unlisten(listener, callback) {
  if (listener.callbacks.delete(callback) && listener.callbacks.size === 0) listener.remove()
}

/** Why the signal was aborted. Never undefined: old polyfills know no reasons. */
function reasonOf(signal) {
  let reason
  try {
    reason = signal.reason
  } catch {
    // It gives none.
  }
  return reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason
}

function notSignal(where, what, value, cause) {
  const error = typeError(where, what, 'an AbortSignal', value)
  if (cause === undefined) return error
  const descriptor = { __proto__: null, value: cause, writable: true, configurable: true }
  return Object.defineProperty(error, 'cause', descriptor)
}

/** Throws a TypeError unless the value has what is needed of a signal. */
function checkSignal(where, what, value) {
  let cause
  try {
    const isSignal =
      value !== null &&
      typeof value === 'object' &&
      typeof value.aborted === 'boolean' &&
      typeof value.addEventListener === 'function' &&
      typeof value.removeEventListener === 'function'
    if (isSignal) return
  } catch (error) {
    cause = error
  }
  throw notSignal(where, what, value, cause)
}

module.exports = { checkSignal, listen, unlisten, reasonOf }
