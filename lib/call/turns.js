'use strict'
// Sees to it that the event loop goes on: items that are there at once would let
// no timer and no signal act.

const { now, setImmediate } = require('../task/clock.js')

const SLICE_MS = 5 // that a call keeps the loop at a time
const LOOKED = 16 // items between two looks at the clock

class Turns {
  #asked = 0
  #since = now()

  /** Whether it is time to let the loop go on. Asked for each item. */
  due() {
    if (++this.#asked % LOOKED !== 0) return false
    const time = now()
    if (time - this.#since < SLICE_MS) return false
    this.#since = time
    return true
  }
}

module.exports = { SLICE_MS, Turns, nextTurn: setImmediate }
