'use strict'
// The Tasks of one call: those that it starts, group by group, and those that
// others had started.

const { placeAt, withIndex } = require('../errors.js')
const { groupClassOf } = require('../task/group.js')
const { copyMemory } = require('../task/copies.js')
const { State, ask, leave, settle, stateOf } = require('../task/task.js')

const FOR_GOOD = ['ERR_HEDDLE_CLOSED', 'ERR_HEDDLE_DETACHED']

/** Whether a Task that could not start for that error never can; else the call is at fault. */
const isForGood = (error) => FOR_GOOD.includes(error?.code)

class Groups {
  #call
  #current = [] // to which members may be added; one of a class
  #only = null // the first one, until there is another
  #last = null // of these, the one that the last member came to
  #all = new Set() // that have something to run
  #asked = new Map() // who waits for Tasks that others had started, by position
  #added = 0 // members, so far
  #flushing = false

  /** @param call the groups' owner, with the Tasks in its `work` */
  constructor(call) {
    this.#call = call
  }

  /** Asks for the Task at a position; starts it, at the next flush, if nobody has. */
  start(position) {
    if (!this.ask(position) && !this.#copiesFirst(position)) this.#addOrFail(position)
  }

  /** A Task that can never start has failed, as any other member may. */
  #addOrFail(position) {
    try {
      this.add(position)
    } catch (error) {
      if (!isForGood(error)) throw error
      settle(this.#call.work[position], false, error, this.#call, position)
    }
  }

  /** Whether the Task starts later, when its memory has been copied. */
  #copiesFirst(position) {
    const call = this.#call
    if (call.options.copy !== true) return false
    const copied = copyMemory([call.work[position]], () => call.ended)
    copied?.then(
      () => this.#startCopied(position),
      (error) => this.#notCopied(position, error),
    )
    return copied !== undefined
  }

  #notCopied(position, error) {
    const call = this.#call
    if (call.ended) return
    if (!isForGood(error)) return call.end(false, error)
    if (this.ask(position)) return // somebody else has started it before
    const placed = withIndex(placeAt(error, call.site), call.keyOf(position))
    settle(call.work[position], false, placed, call, position)
  }

  #startCopied(position) {
    if (this.#call.ended) return
    try {
      this.start(position) // unless somebody else has
      this.flushSoon()
    } catch (error) {
      this.#call.end(false, error)
    }
  }

  /** Asks for a Task that has started elsewhere; false when it has not. */
  ask(position) {
    const task = this.#call.work[position]
    const waiter = ask(task, this.#call, position)
    if (typeof waiter === 'object') this.#asked.set(position, waiter)
    return waiter !== false
  }

  /** Adds a Task to the group of its class. `before`: see Plan.add(). */
  add(position, before) {
    const call = this.#call
    const Class = groupClassOf(call.work[position])
    if (this.#last?.constructor !== Class) this.#last = this.#groupOf(Class, position)
    this.#added++
    try {
      this.#last.add(position, before)
    } catch (error) {
      if (this.#last?.length === 0) this.#discard(this.#last)
      throw withIndex(placeAt(error, call.site), call.keyOf(position))
    }
  }

  #groupOf(Class, position) {
    const present = this.#current.find((group) => group.constructor === Class)
    if (present !== undefined) return present
    const call = this.#call
    const { concurrency, priority, itemTimeout } = call.options
    const group = new Class(call, call.work, {
      policy: call.policy,
      total: call.mostFrom(position),
      limit: concurrency,
      priority,
      itemTimeout,
      site: call.site,
    })
    this.#only = this.#added === 0 ? group : null
    this.#all.add(group)
    this.#current.push(group)
    return group
  }

  /** A group can take no more members; others come to another one. */
  refused(group) {
    group.seal()
    if (group.open) this.#leave(group)
    else this.#discard(group)
  }

  /** A group to which nothing could be added would never finish. */
  #discard(group) {
    this.#all.delete(group)
    this.#leave(group)
  }

  #leave(group) {
    this.#current = this.#current.filter((one) => one !== group)
    this.#last = null
  }

  /** Whether it is time to flush. Asked after each member: only its group can have become full. */
  get full() {
    return this.#last !== null && this.#last.full
  }

  /** Takes what was added down. False when that was decided against meanwhile. */
  flush() {
    let taken = true
    for (const group of this.#current) taken = group.flush() && taken
    return taken
  }

  /** Takes down what is added until nothing has come for some microtasks, as groups of their own. */
  flushSoon() {
    if (this.full) return this.#flushAndClose()
    if (!this.#flushing) void this.#flushWhenQuiet()
  }

  async #flushWhenQuiet() {
    this.#flushing = true
    let added = 0
    for (let quiet = 0; quiet < this.#call.patience && !this.#call.ended; quiet++) {
      if (added !== this.#added) quiet = 0
      added = this.#added
      await undefined
    }
    this.#flushing = false
    if (!this.#call.ended) this.#flushAndClose()
  }

  #flushAndClose() {
    try {
      this.watch() // each member that ends makes room for another
      this.flush()
      this.close()
    } catch (error) {
      this.#call.end(false, error)
    }
  }

  /** What ends is told at once. */
  watch() {
    for (const group of this.#current) group.watch()
  }

  /** No more members come to the present groups. */
  close() {
    for (const group of this.#current) group.seal()
    this.#current = []
    this.#last = null
  }

  /** The group that runs the whole call, if one does. */
  whole(members) {
    return this.#only !== null && this.#only.open && this.#only.length === members ? this.#only : null
  }

  /** A Task has settled. */
  settled(position) {
    if (this.#asked.size > 0) this.#asked.delete(position)
  }

  /** A group has nothing left to run. */
  finished(group) {
    this.#all.delete(group)
  }

  /** Whether it waits for a Task that others had started. */
  hasAsked(position) {
    return this.#asked.size > 0 && this.#asked.has(position)
  }

  /** Members that run or are still to, at most. */
  get left() {
    let sum = 0
    for (const group of this.#all) sum += group.left
    return sum
  }

  /** Whether a group has something left to run. */
  get running() {
    return this.#all.size > 0
  }

  /** Takes the call's claims back. */
  withdraw(reason) {
    for (const group of this.#all) {
      group.withdraw(reason)
      if (!group.open) this.#all.delete(group) // it never went down
    }
    const asked = this.#asked
    this.#asked = new Map()
    for (const [position, waiter] of asked) {
      const task = this.#call.work[position]
      if (stateOf(task) < State.FULFILLED) leave(task, waiter, reason)
    }
  }

  /** Members that have ended and were not delivered yet, and what runs. */
  counts() {
    const sum = { done: 0, failed: 0, running: 0 }
    for (const group of this.#all) {
      const { done, failed, running } = group.undelivered()
      sum.done += done
      sum.failed += failed
      sum.running += running
    }
    return sum
  }
}

module.exports = { Groups }
