'use strict'
// What lends threads of the engine's number to this environment. There is one for
// all evaluations of heddle's files, since the addon is one: a test runner loads
// them anew for each of its files.

const { native } = require('../task/native.js')

/** Begins to hear of threads that were lent. */
function begin() {
  const waiting = new Set() // functions to be told of one thread each, first come first

  /** Threads that were lent go to those who wait; what nobody wants any more goes back. */
  function hand(count) {
    let left = count
    for (const told of waiting) {
      if (left === 0) return
      left--
      waiting.delete(told)
      told()
    }
    if (left > 0) native.giveBack(left)
  }

  native.lending(hand)
  return {
    /** Wants a thread: true when there is one now; else `told` is called, once. */
    borrow(told) {
      waiting.add(told)
      const count = native.borrow(waiting.size)
      if (count === 0) return false
      waiting.delete(told)
      if (count > 1) hand(count - 1)
      return true
    },

    /** Does not want it any more. */
    forget(told) {
      if (!waiting.delete(told)) return
      const count = native.borrow(waiting.size)
      if (count > 0) hand(count)
    },
  }
}

native.lender ??= begin()

module.exports = { lender: native.lender }
