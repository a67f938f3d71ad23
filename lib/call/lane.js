'use strict'
// Waits for one thing after the other. What is waited for may never settle and
// outlive the call: it holds a lane, and the lane a link that the call cuts when it
// ends. The frame holds nothing of what was before: V8 keeps what is still used.

const { never } = require('./trail.js')

/** There is nothing to wait for, for now. */
const NONE = Symbol('none')

class Lane {
  index = -1 // of the member that is waited for

  /**
   * @param {{call: object | null}} link to what has
   *   laneNext(lane): starts a member and gives what to await, or NONE
   *   laneEnded(fulfilled, value, lane): it has settled
   *   lead(promise): leads its stacks home; end(false, error): should one of them throw
   * @param {number} slot where a Task goes in the call's `work`, if it differs
   */
  constructor(link, slot) {
    this.link = link
    this.slot = slot
  }

  /** Awaits that, and what comes next, until there is none. */
  start(awaited) {
    if (awaited === NONE) return
    const travelling = travel(this, awaited) // also when the call has just ended: it may reject
    this.link.call?.lead(travelling)
  }
}

/** Never settles, as what leads home must not. `awaited` is overwritten: the frame would keep the first. */
async function travel(lane, awaited) {
  const { link } = lane
  try {
    while (awaited !== NONE) {
      let fulfilled = true
      let value
      try {
        value = await awaited
      } catch (reason) {
        fulfilled = false
        value = reason
      }
      if (link.call === null) break
      link.call.laneEnded(fulfilled, value, lane)
      if (link.call === null) break
      awaited = link.call.laneNext(lane)
    }
  } catch (error) {
    link.call?.end(false, error)
  }
  return never()
}

module.exports = { Lane, NONE }
