'use strict'
// Waits for promises that may outlive many calls. Each reaction on a promise
// stays there until it settles, with what it holds: a race a second against one
// "shutting down" promise would fill the memory. So a promise gets one reaction
// for all who wait, and these can leave.

const { react } = require('./promises.js')
const { never } = require('./trail.js')

/** Who waits for a promise: mostly one party, so that there is no list. */
class Waiting {
  first
  rest = null // a Set, from the second party on

  constructor(party) {
    this.first = party
  }

  add(party) {
    this.rest ??= new Set()
    this.rest.add(party)
  }

  leave(party) {
    if (this.first === party) this.first = null
    else this.rest?.delete(party)
  }
}

/** By promise. */
const waiting = new WeakMap()

function tell(promise, fulfilled, value) {
  const parties = waiting.get(promise)
  // Those that leave meanwhile are left out.
  parties.first?.done(fulfilled, value)
  if (parties.rest !== null) for (const party of parties.rest) party.done(fulfilled, value)
  waiting.delete(promise)
  return never()
}

/**
 * Tells the party by done(fulfilled, value) when the promise settles.
 * @param {Promise} promise as promiseOf() gives it
 * @param party has a `post` to which the promise leads (trail.js), if it is the first one
 */
function adopt(promise, party) {
  const parties = waiting.get(promise)
  if (parties !== undefined) return parties.add(party)
  waiting.set(promise, new Waiting(party))
  const told = react(
    promise,
    (value) => tell(promise, true, value),
    (reason) => tell(promise, false, reason),
  )
  react(told, party.post)
}

/** The party does not wait any more. */
function abandon(promise, party) {
  waiting.get(promise)?.leave(party)
}

module.exports = { adopt, abandon }
