'use strict'
// Waits for promises that may outlive many calls. Each reaction on a promise
// stays there until it settles, with what it holds: a race a second against one
// "shutting down" promise would fill the memory. So a promise gets one reaction
// for all who wait, and these can leave.

/** Parties by promise: Map from party to its position. */
const waiting = new WeakMap()

function tell(promise, fulfilled, value) {
  const parties = waiting.get(promise)
  waiting.delete(promise)
  for (const [party, positions] of parties) {
    for (const position of positions) party.done(position, fulfilled, value)
  }
}

/**
 * Tells the party by done(position, fulfilled, value) when the promise settles.
 * @param {Promise} promise a native one
 */
function adopt(promise, party, position) {
  let parties = waiting.get(promise)
  if (parties === undefined) {
    parties = new Map()
    waiting.set(promise, parties)
    promise.then(
      (value) => tell(promise, true, value),
      (reason) => tell(promise, false, reason),
    )
  }
  const positions = parties.get(party)
  if (positions === undefined) parties.set(party, [position])
  else positions.push(position)
}

/** The party does not wait any more. */
function abandon(promise, party) {
  waiting.get(promise)?.delete(party)
}

module.exports = { adopt, abandon }
