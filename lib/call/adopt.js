'use strict'
// Waits for promises that may outlive many calls. Each reaction on a promise
// stays there until it settles, with what it holds: a race a second against one
// "shutting down" promise would fill the memory. So a promise gets one reaction
// for all who wait, and these can leave.

const { react } = require('./promises.js')

/** Who waits, by promise: a Set of {done(fulfilled, value)}. */
const waiting = new WeakMap()

function tell(promise, fulfilled, value) {
  // Those that leave meanwhile are left out.
  for (const party of waiting.get(promise)) party.done(fulfilled, value)
  waiting.delete(promise)
}

/**
 * Tells the party by done(fulfilled, value) when the promise settles.
 * @param {Promise} promise as promiseOf() gives it
 */
function adopt(promise, party) {
  let parties = waiting.get(promise)
  if (parties === undefined) {
    parties = new Set()
    waiting.set(promise, parties)
    react(
      promise,
      (value) => tell(promise, true, value),
      (reason) => tell(promise, false, reason),
    )
  }
  parties.add(party)
}

/** The party does not wait any more. */
function abandon(promise, party) {
  waiting.get(promise)?.delete(party)
}

module.exports = { adopt, abandon }
