'use strict'
// Replaces what has to do with time, as test runners do. No test in here.

const { performance } = require('node:perf_hooks')

/** Timers that are numbers, and fire when they are told to. */
class Timers {
  pending = new Map() // {callback, ms} by number
  asked = [] // ms, of all that there were
  #last = 0

  setTimeout = (callback, ms) => {
    this.asked.push(ms)
    this.pending.set(++this.#last, { callback, ms })
    return this.#last
  }

  clearTimeout = (id) => void this.pending.delete(id)

  /** The ms of those that wait. */
  get waiting() {
    return [...this.pending.values()].map(({ ms }) => ms)
  }

  /** Lets the time of all that wait now pass. */
  fire() {
    for (const [id, { callback }] of [...this.pending]) {
      if (this.pending.delete(id)) callback()
    }
  }
}

const dead = () => {}

/** Clocks that stand still, and what never calls back. */
const STOPPED = [
  [globalThis, 'queueMicrotask', dead],
  [globalThis, 'setImmediate', dead],
  [globalThis, 'setInterval', dead],
  [globalThis, 'setTimeout', dead],
  [globalThis, 'clearTimeout', dead],
  [process, 'nextTick', dead],
  [performance, 'now', () => 0],
  [Date, 'now', () => NaN],
]

/** Replaces functions, given as [object, name, value]; returns what undoes it. */
function replace(functions) {
  const before = functions.map(([object, name]) => Object.getOwnPropertyDescriptor(object, name))
  for (const [object, name, value] of functions) {
    Object.defineProperty(object, name, { value, writable: true, configurable: true })
  }
  return () =>
    functions.forEach(([object, name], i) => {
      if (before[i] === undefined) delete object[name]
      else Object.defineProperty(object, name, before[i])
    })
}

/** For the tests of a suite: timers of its own, anew for each. */
function withTimers() {
  const current = {}
  let undo
  beforeEach(() => {
    current.timers = new Timers()
    const { setTimeout, clearTimeout } = current.timers
    undo = replace([
      [globalThis, 'setTimeout', setTimeout],
      [globalThis, 'clearTimeout', clearTimeout],
    ])
  })
  afterEach(() => undo())
  return current
}

module.exports = { STOPPED, Timers, replace, withTimers }
