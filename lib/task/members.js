'use strict'
// What groups have in common whose members are started by JavaScript, not by the
// engine: to their owner and to Tasks they are as Group in lib/task/group.js is.

const { Claim } = require('./native.js')
const { AbortError, TimeoutError, placeAt } = require('../errors.js')
const { definitionOf, reset, setStarted, settle } = require('./task.js')
const { soon } = require('./clock.js')

const WINDOW_MEMBERS = 4096 // that are added between two flushes

const Member = {
  WAITING: 0,
  SENT: 1, // to where it runs or is about to
  STOPPING: 2, // it had started, and nobody wants it any more
  OVER: 3, // settled, and still running
  ENDED: 4,
}

/**
 * Subclasses have: added(index, definition, before), start() and sweep(), which
 * drops what waits and stops what runs of that which is not wanted; sweepMember(index)
 * does it of one that is not wanted.
 *
 * Whenever a member settles user code may run, which starts, aborts or withdraws
 * anything: state is whole before, and settling comes last.
 */
class Members {
  /** As of Group in lib/task/group.js; `figures` are counted in. */
  constructor(owner, list, options, figures) {
    this.owner = owner
    this.list = list
    this.options = options
    this.figures = figures
    this.length = 0 // members added
    this.first = 0 // position of member 0
    this.positions = null // of all, when they do not just follow each other
    this.tasks = [] // by index: a place in the list may get another one, later
    this.states = [] // by index: a Member
    this.flushed = 0 // members that may start
    this.left = 0 // members that have not ended
    this.busy = 0 // what runs members, besides: chunks of a thread
    this.open = false
    this.sealed = false
    this.withdrawn = false
    this.reason = undefined // why
    this.reasons = null // why the last claim on a member was taken back, by index
    this.overdue = 0 // permits of members that had settled while they ran, see lib/call/permits.js
    this.claims = null // of other parties: numbers by index
  }

  /** Members that the next flush() takes down. */
  get planned() {
    return this.length - this.flushed
  }

  /** Whether it is time for a flush(). */
  get full() {
    return this.planned >= WINDOW_MEMBERS
  }

  /** Where the call was, for errors. */
  get site() {
    return this.options.site ?? null
  }

  /** Adds a Task of the list, which starts at the next flush(). Throws if it cannot. */
  add(position, before) {
    const task = this.list[position]
    const index = this.length
    this.added(index, definitionOf(task), before)
    if (index === 0) this.first = position
    else if (this.positions === null && position !== this.first + index) {
      this.positions = Array.from({ length: index }, (_, i) => this.first + i)
    }
    this.positions?.push(position)
    this.states.push(Member.WAITING)
    this.tasks.push(task)
    this.length++
    this.left++
    setStarted(task, this, index)
  }

  positionOf(index) {
    return this.positions === null ? this.first + index : this.positions[index]
  }

  taskAt(index) {
    return this.tasks[index]
  }

  definitionAt(index) {
    return definitionOf(this.taskAt(index))
  }

  /** Lets what was added start. False when the group is withdrawn already. */
  flush() {
    if (this.planned === 0) return true
    if (this.withdrawn) {
      this.sweep()
      return false
    }
    this.open = true
    this.flushed = this.length
    this.start()
    return true
  }

  /** Says that no more members will come. */
  seal() {
    this.sealed = true
    this.maybeFinish()
  }

  /** Each member is delivered as it ends, from now on: they are anyway. */
  watch() {}

  /** Takes the owner's claim on everything back. */
  withdraw(reason) {
    if (this.withdrawn) return
    this.withdrawn = this.sealed = true
    this.reason = reason
    this.reasons = null // of those who left while this claim was there
    const planned = this.planned
    this.flushed = this.length
    this.sweep()
    if (planned > 0 && this.left > 0) {
      this.open = true
      this.start() // what others want, and would have gone down later
    }
    this.maybeFinish()
  }

  /** Another party's claim on a member; returns a Claim. */
  claim(index) {
    const state = this.states[index]
    if (state === Member.STOPPING || state === Member.OVER) return Claim.CANCELLED
    if (state === Member.ENDED) return Claim.DROPPED
    this.claims ??= new Map()
    this.claims.set(index, (this.claims.get(index) ?? 0) + 1)
    return Claim.HELD
  }

  /** Takes that claim back. */
  unclaim(index, reason) {
    const claims = this.claims?.get(index)
    if (claims === undefined) return
    if (claims > 1) this.claims.set(index, claims - 1)
    else this.claims.delete(index)
    this.reasons ??= new Map()
    this.reasons.set(index, reason)
    if (this.wants(index)) return
    this.sweepMember(index)
    this.maybeFinish()
  }

  /** Whether anybody wants a member. */
  wants(index) {
    return !this.withdrawn || (this.claims !== null && this.claims.has(index))
  }

  waits(index) {
    return this.states[index] === Member.WAITING
  }

  /** Why a member was cancelled. */
  reasonFor(index) {
    this.reason ??= placeAt(new AbortError('the Task is no longer needed'), this.site)
    return this.reasons?.get(index) ?? this.reason
  }

  /** A member has run; `fulfilled` says how, unless nobody wanted it any more. */
  ended(index, fulfilled, value) {
    const state = this.states[index]
    if (state === Member.ENDED) return
    const reason = state === Member.STOPPING ? this.reasonFor(index) : undefined
    this.#end(index)
    if (state === Member.STOPPING) {
      this.figures.cancelled++
      this.settle(index, false, reason)
    } else if (state !== Member.OVER) {
      if (fulfilled) this.figures.completed++
      else this.figures.failed++
      this.settle(index, fulfilled, value)
    }
  }

  #end(index) {
    this.states[index] = Member.ENDED
    this.left--
    this.claims?.delete(index)
    this.gone(index)
  }

  /** A member has ended, or was dropped; called once for each. */
  gone(_index) {}

  /** A member fails while it still runs. */
  over(index, error) {
    this.states[index] = Member.OVER
    this.figures.failed++
    this.owner.overdue?.(this.positionOf(index), this)
    this.settle(index, false, error)
  }

  /** A member that nobody wants and that had not started. */
  drop(index) {
    this.#end(index)
    this.figures.cancelled++
    reset(this.taskAt(index), this)
  }

  settle(index, fulfilled, value) {
    const position = this.positionOf(index)
    settle(this.taskAt(index), fulfilled, value, this.owner, position)
  }

  timeoutError(index) {
    const words = `${this.definitionAt(index).name}: timed out after ${this.options.itemTimeout} ms`
    return placeAt(new TimeoutError(words), this.site)
  }

  maybeFinish() {
    if (!this.open || this.left > 0 || this.busy > 0) return
    if (!this.sealed && this.length < this.options.total) return
    this.open = false
    this.finishing?.()
    // Later: the owner may be in the middle of withdrawing.
    void soon(() => {
      this.list = this.tasks = []
      this.owner.finished(this)
    })
  }
}

module.exports = { Members, Member }
