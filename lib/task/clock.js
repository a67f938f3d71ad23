'use strict'
// Time, in two kinds. heddle's own steps use what was there when heddle was
// loaded: test runners replace the globals by fakes that stand still. What users
// ask to wait for uses the timers that are current at the call, so that fakes
// drive it.

const intrinsics = require('./intrinsics.js')

const { hrtime, now, setImmediate, setInterval, clearInterval, setTimeout, clearTimeout } = intrinsics

/** By how many ms libuv's clock, which threads share, is ahead of a thread's now(). Of several looks the shortest counts. */
function clockOffset() {
  let least = Infinity
  let offset = 0
  for (let i = 0; i < 5; i++) {
    const before = now()
    const shared = Number(hrtime.bigint()) / 1e6
    const took = now() - before
    if (took >= least) continue
    least = took
    offset = shared - before - took / 2
  }
  return offset
}

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
  clockOffset,
  now,
  soon,
  Timer,
  setImmediate,
  setInterval,
  clearInterval,
  setTimeout,
  clearTimeout,
}
