'use strict'
// A group: native Tasks that go down together, and what comes up of them.

const { native, groups, kinds, numbers, Claim, Kind } = require('./native.js')
const { AbortError, HeddleError, TimeoutError, fromNative, placeAt } = require('../errors.js')
const { apply } = require('./intrinsics.js')
const { keep } = require('./keep.js')
const { Plan, argumentsOf } = require('./plan.js')
const { recorder } = require('./recorder.js')
const { ask, definitionOf, isIn, reset, setStarted, settle } = require('./task.js')

const plan = new Plan()
let planning = null // the group that the plan is for

// What goes down in one crossing, so that it takes a millisecond or two: members,
// and values among their arguments, which cost more.
const WINDOW_MEMBERS = 4096
const WINDOW_VALUES = 1024

// A test runner may evaluate these files in a realm of its own, with a Promise of its own.
const ofThisRealm = Object.getPrototypeOf(native) === Object.prototype

// As in src/binding/groups.c: more would take too much of the stack.
const MOST_VALUES = 2048

/** Calls the addon with the plan's values as arguments: they cost more in an array. */
function cross(into, own, values) {
  if (values.length > MOST_VALUES) return apply(into, native, own)
  const args = new Array(own.length + values.length) // which need not grow
  for (let i = 0; i < own.length; i++) args[i] = own[i]
  for (let i = 0; i < values.length; i++) args[own.length + i] = values[i]
  return apply(into, native, args)
}

class Group {
  #watched = false // before it goes down
  #refusal = null // makes the error of what could not go down

  /**
   * @param owner is told: settled(position, task), refused(group) when it can take no more,
   *   and finished(group) last
   * @param {Task[]} list of which members are added, by their positions
   * @param {{policy: number, total: number, limit?: number, priority?: number,
   *   itemTimeout?: number, site?: object | null}} options `total` is the most
   *   members there will be; `itemTimeout` is in ms
   */
  constructor(owner, list, options) {
    this.owner = owner
    this.list = list
    this.options = options
    this.id = -1
    this.length = 0 // members added
    this.first = 0 // position of member 0
    this.positions = null // of all, when they do not just follow each other
    this.reason = undefined // why it was withdrawn
    this.reasons = null // why the last claim on a member was taken back, by index
    this.open = false
    this.ending = false // the last of it is being delivered
    this.delivered = 0
    this.failed = 0 // of these
    this.keys = recorder.on !== null && owner?.reusesPositions === true ? [] : null // of members, for who records what ran
    this.overdue = 0 // permits of members that had settled while they ran, see lib/call/permits.js
  }

  /** Members that the next flush() takes down. */
  get planned() {
    return planning === this ? plan.members : 0
  }

  /** Whether it is time for a flush(). */
  get full() {
    if (planning !== this) return false
    return plan.members >= WINDOW_MEMBERS || plan.values.length >= WINDOW_VALUES
  }

  /** Adds a Task of the list, which starts at the next flush(). Throws if it cannot. */
  add(position, before) {
    const task = this.list[position]
    const args = argumentsOf(task, before) // before the plan is touched: others may need it
    this.#plan()
    plan.add(task, args)
    if (this.length === 0) this.first = position
    else if (position !== this.first + this.length) this.#scatter()
    this.positions?.push(position)
    this.keys?.push(this.owner.keyOf(position))
    setStarted(task, this, this.length++)
  }

  /** Takes the plan over. When another group cannot go down user code runs, which may take it. */
  #plan() {
    while (planning !== this) {
      const other = planning
      if (other !== null) other.#overtaken()
      if (planning === other) planning = this
    }
  }

  /** From now on positions do not follow each other. */
  #scatter() {
    this.positions ??= Array.from({ length: this.length }, (_, i) => this.first + i)
  }

  positionOf(index) {
    return this.positions === null ? this.first + index : this.positions[index]
  }

  /**
   * Takes what was added down; where there is no memory for it, it fails. False when
   * the group is withdrawn already, and nothing was taken. Throws when there is no thread.
   */
  flush() {
    if (this.planned === 0) return true
    let taken = false
    let refusal
    try {
      taken = this.#send(plan.members)
    } catch (error) {
      if (error.code !== 'ERR_HEDDLE_NO_MEMORY') throw error
      refusal = error
    } finally {
      if (taken) this.#planDone()
      else if (refusal === undefined) this.#unplan()
    }
    if (refusal === undefined) return taken
    this.#refuse(refusal)
    return true
  }

  /** Fails what was to go down, and takes no more. The group is as if it had not been added. */
  #refuse({ code, message }) {
    const first = this.length - this.planned
    const refused = []
    for (let i = first; i < this.length; i++) refused.push({ index: i, position: this.positionOf(i) })
    this.#truncate(first)
    this.#refusal = () => placeAt(new HeddleError(code, message), this.options.site ?? null)
    const { list, owner } = this
    owner.refused(this)
    for (const { index, position } of refused) {
      const task = list[position]
      if (owner.ended) reset(task, this)
      else if (isIn(task, this, index)) settle(task, false, this.#refusal(), owner, position)
      else ask(task, owner, position) // who was told before has asked for it
    }
  }

  /** Another group needs the plan: what was to go down at the end of the turn goes now. */
  #overtaken() {
    try {
      this.flush()
    } catch (error) {
      this.owner.end(false, error)
    }
  }

  /** Gives up what was added and not taken down. */
  #unplan() {
    const first = this.length - this.planned
    this.#resetFrom(first)
    this.#truncate(first)
  }

  #truncate(first) {
    this.length = first
    if (this.positions !== null) this.positions.length = first
    if (this.keys !== null) this.keys.length = first
    this.#planDone()
  }

  /** Lets go of what the plan holds. */
  #planDone() {
    if (planning !== this) return
    planning = null
    plan.clear()
  }

  #resetFrom(first) {
    for (let i = first; i < this.length; i++) reset(this.list[this.positionOf(i)], this)
  }

  #send(members) {
    const { words, length, values } = plan
    if (this.open) return cross(native.append, [this.id, words, length, members, values], values)
    const { policy, total, limit = Infinity, priority = 0, itemTimeout = 0 } = this.options
    const about = [policy, total, limit, priority, itemTimeout, this.#watched]
    about.push(words, length, members, values)
    this.id = cross(native.open, about, values)
    if (this.id < 0) throw new HeddleError('ERR_HEDDLE_STOPPED', 'the process is going down')
    groups.set(this.id, this)
    this.open = true
    recorder.on?.opened(this)
    return true
  }

  /** Says that no more members will come. */
  seal() {
    if (this.open && this.length < this.options.total) native.seal(this.id)
  }

  /** Each member is delivered as it ends, from now on. */
  watch() {
    this.#watched = true
    if (this.open) native.watch(this.id)
  }

  /** Takes the owner's claim on everything back. */
  withdraw(reason) {
    if (this.reason !== undefined) return
    this.reason = reason
    this.reasons = null // of those who left while this claim was there
    this.#unplan()
    if (this.open) native.withdraw(this.id)
  }

  /** Another party's claim on a member; returns a Claim. */
  claim(index) {
    // What waits for the end of the turn goes now: the addon must know the member.
    if (index >= this.length - this.planned) this.#overtaken()
    if (this.ending) return Claim.HELD // what was dropped is not of it any more
    if (this.#refusal !== null && index >= this.length) return Claim.CANCELLED
    if (!this.open || index >= this.length) return Claim.DROPPED // it could not start
    const claim = native.claim(this.id, index)
    native.watch(this.id)
    return claim
  }

  /** Takes that claim back. */
  unclaim(index, reason) {
    this.reasons ??= new Map()
    this.reasons.set(index, reason)
    native.unclaim(this.id, index)
  }

  /** Why a member was cancelled. */
  reasonFor(index) {
    if (this.#refusal !== null && index >= this.length) return this.#refusal()
    this.reason ??= placeAt(
      new AbortError('the Task is no longer needed'),
      this.options.site ?? null,
    )
    return this.reasons?.get(index) ?? this.reason
  }

  /** What has ended and was not delivered yet, and the fractions of what runs. */
  undelivered() {
    const [done, failed, running] = (this.open && native.count(this.id)) || [0, 0, 0]
    return {
      done: Math.max(0, done - this.delivered),
      failed: Math.max(0, failed - this.failed),
      running,
    }
  }

  /** A promise that the group holds; undefined where the addon's are not of this realm. */
  promise() {
    return ofThisRealm ? native.promise(this.id) : undefined
  }

  /** Settles that promise; the group may have ended. Runs user code. */
  conclude(fulfilled, value) {
    native.conclude(this.id, fulfilled, value)
  }

  /** Members that run or are still to, at most. */
  get left() {
    return (this.open && native.count(this.id)?.[3]) || 0
  }

  /** Called by the addon, with the mailbox filled. */
  deliver(count, values, finished, droppedFrom) {
    if (finished) this.#end(count, droppedFrom)
    let next = 0
    for (let i = 0; i < count; i++) {
      const index = kinds[2 * i]
      switch (kinds[2 * i + 1]) {
        case Kind.UNDEFINED:
          this.#settle(index, true, undefined)
          break
        case Kind.NULL:
          this.#settle(index, true, null)
          break
        case Kind.FALSE:
          this.#settle(index, true, false)
          break
        case Kind.TRUE:
          this.#settle(index, true, true)
          break
        case Kind.NUMBER:
          this.#settle(index, true, numbers[i])
          break
        case Kind.VALUE:
          this.#settle(index, true, values[next++])
          break
        case Kind.ERROR:
          this.#settle(index, false, fromNative(values[next++], this.options.site ?? null))
          break
        case Kind.CANCELLED:
          this.#settle(index, false, this.reasonFor(index))
          break
        case Kind.EXPIRED:
          this.#expire(index)
          break
        case Kind.DROPPED:
          reset(this.list[this.positionOf(index)], this)
          break
      }
    }
    if (finished) this.#finish()
  }

  /** The addon knows it no more: Tasks that are still of it settle in the loop that follows. */
  #end(count, droppedFrom) {
    this.#unplan()
    this.open = false
    this.ending = true
    this.#resetFrom(droppedFrom)
    for (let i = 0; i < count; i++) {
      if (kinds[2 * i + 1] !== Kind.DROPPED) continue
      reset(this.list[this.positionOf(kinds[2 * i])], this)
    }
  }

  /** It runs on. */
  #expire(index) {
    const position = this.positionOf(index)
    if (isIn(this.list[position], this, index)) this.owner.overdue?.(position, this)
    this.#settle(index, false, this.#timeoutError(index))
  }

  #settle(index, fulfilled, value) {
    const position = this.positionOf(index)
    const task = this.list[position]
    if (!isIn(task, this, index)) return // it has expired, and its place may have another
    this.delivered++
    if (!fulfilled) this.failed++
    settle(task, fulfilled, value, this.owner, position)
  }

  #finish() {
    this.ending = false
    this.list = []
    this.owner.finished(this)
  }

  #timeoutError(index) {
    const { itemTimeout, site } = this.options
    const { name } = definitionOf(this.list[this.positionOf(index)])
    return placeAt(new TimeoutError(`${name}: timed out after ${itemTimeout} ms`), site ?? null)
  }
}

keep(new Group(null, [], {}))

/** The class of groups that runs a Task. */
const groupClassOf = (task) => definitionOf(task).Group ?? Group

module.exports = { Group, WINDOW_MEMBERS, groupClassOf }
