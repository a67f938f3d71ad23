'use strict'
// Time, in two kinds. heddle's own steps use what was there when heddle was
// loaded: test runners replace the globals by fakes that stand still. What users
// ask to wait for uses the timers that are current at the call, so that fakes
// drive it.

const intrinsics = require('./intrinsics.js')

const { now, setImmediate, setInterval, clearInterval, setTimeout, clearTimeout } = intrinsics

/** Calls back in a microtask. Nothing that could have been replaced takes part. */
async function soon(callback) {
  await undefined
  callback()
}

/** A timer of those that are current. They may be numbers, which cannot be unref'd. */
class Timer {
  #clear = globalThis.clearTimeout // its own: fakes may come and go meanwhile
  #id

  /** @param {boolean} [unref] whether it keeps no process alive, where that can be */
  constructor(callback, ms, unref = false) {
    this.#id = globalThis.setTimeout(callback, ms)
    if (unref) this.#id?.unref?.()
  }

  stop() {
    Reflect.apply(this.#clear, globalThis, [this.#id])
  }
}

module.exports = {
  now,
  soon,
  Timer,
  setImmediate,
  setInterval,
  clearInterval,
  setTimeout,
  clearTimeout,
}
