'use strict'
// Waits for one thing after the other. What is waited for may never settle and
// outlive the call: it holds a lane, and the lane a link that the call cuts when it
// ends. An async function would not do: its frame keeps what it last had.

const { promiseOf, react } = require('./promises.js')

class Lane {
  index = -1 // of the member that is waited for

  /**
   * @param {{call: object | null}} link
   * @param {(call: object, fulfilled: boolean, value: unknown, lane: Lane) => void} tell
   * @param {number} slot where a Task goes in the call's `work`, if it differs
   */
  constructor(link, tell, slot) {
    this.slot = slot
    this.onFulfilled = (value) => {
      if (link.call !== null) tell(link.call, true, value, this)
    }
    this.onRejected = (reason) => {
      if (link.call !== null) tell(link.call, false, reason, this)
    }
  }

  /** Tells of a promise, thenable or value, never at once. Throws what getters throw. */
  wait(value) {
    react(promiseOf(value) ?? Promise.resolve(value), this.onFulfilled, this.onRejected)
  }
}

/** What most lanes tell: their call goes on in its own laneEnded(). */
const laneEnded = (call, fulfilled, value, lane) => call.laneEnded(fulfilled, value, lane)

module.exports = { Lane, laneEnded }
