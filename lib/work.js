'use strict'
// What a Task has inside: what to run, how far it is, and who asks for it.
// Combinators and groups deal with Works; users see only the Task.

const { Claim } = require('./native.js')
const { misuse } = require('./errors.js')

const State = {
  IDLE: 0, // nobody asks for it
  PENDING: 1, // about to start, because .then was called
  STARTED: 2, // in a group
  CHAINED: 3, // a step of a chain, and of nothing else
  FULFILLED: 4,
  REJECTED: 5,
}

class Work {
  constructor(definition, args, usesPrevious) {
    this.definition = definition
    this.args = args // dropped when it settles
    this.usesPrevious = usesPrevious
    this.state = State.IDLE
    this.group = null // while it is STARTED
    this.index = 0 // in the group
    this.value = undefined // result or error; before that, why the last claim left
    this.waiters = null // those who asked after it had started: {party, position}
  }

  get settled() {
    return this.state >= State.FULFILLED
  }

  /**
   * Asks for the result: party.settled(position, work) will be called, or has
   * been. False when the Work has to be started first, by whoever asked.
   */
  ask(party, position) {
    if (this.settled) {
      party.settled(position, this)
      return true
    }
    if (this.state === State.CHAINED) {
      throw misuse(`${this.definition.name}: this Task is a step of a chain and of nothing else`)
    }
    if (this.state === State.IDLE) return false
    if (this.state === State.STARTED && this.group.owner !== party) {
      switch (this.group.claim(this.index)) {
        case Claim.CANCELLED:
          this.settle(false, this.value ?? this.group.reason)
          party.settled(position, this)
          return true
        case Claim.DROPPED:
          this.reset()
          return false
      }
    }
    this.waiters ??= []
    this.waiters.push({ party, position })
    return true
  }

  /** Takes what ask() asked back; `reason` is what a cancelled Task settles with. */
  leave(party, position, reason) {
    const at = this.waiters?.findIndex((w) => w.party === party && w.position === position) ?? -1
    if (at < 0) return
    this.waiters.splice(at, 1)
    if (this.state === State.STARTED && this.group.owner !== party) {
      this.value = reason
      this.group.unclaim(this.index)
    }
  }

  start(group, index) {
    this.state = State.STARTED
    this.group = group
    this.index = index
  }

  /** Back to not started. */
  reset() {
    this.state = State.IDLE
    this.group = null
    this.value = undefined
  }

  /** Settles for good and tells those who wait. False when it had settled. */
  settle(fulfilled, value) {
    if (this.settled) return false
    this.state = fulfilled ? State.FULFILLED : State.REJECTED
    this.value = value
    this.args = null
    this.group = null
    const waiters = this.waiters
    if (waiters !== null) {
      this.waiters = null
      for (const { party, position } of waiters) party.settled(position, this)
    }
    return true
  }
}

module.exports = { Work, State }
