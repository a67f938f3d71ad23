'use strict'
// A group: native Works that go down together, and what comes up of them.

const { native, groups, kinds, numbers, Kind } = require('./native.js')
const { AbortError, HeddleError, TimeoutError, fromNative, placeAt } = require('./errors.js')
const { Plan } = require('./plan.js')

const plan = new Plan()
let planning = null // the group that the plan is for

/** Most members that go down in one crossing. */
const WINDOW = 4096

class Group {
  /**
   * @param owner is told: settled(position, work), and finished() last
   * @param {{policy: number, total: number, limit?: number, priority?: number,
   *   itemTimeout?: number, site?: object | null}} options `total` is the most
   *   members there will be; `itemTimeout` is in ms
   */
  constructor(owner, options) {
    this.owner = owner
    this.options = options
    this.id = -1
    this.works = []
    this.positions = []
    this.reason = undefined // why it was withdrawn
    this.open = false
    this.delivered = 0
    this.failed = 0 // of these
  }

  /** Members that the next flush() takes down. */
  get planned() {
    return planning === this ? plan.members : 0
  }

  /** Adds a Work, which starts at the next flush(). Throws if it cannot. */
  add(work, position, before) {
    if (planning !== this) {
      plan.clear()
      planning = this
    }
    plan.add(work, before)
    work.start(this, this.works.length)
    this.works.push(work)
    this.positions.push(position)
  }

  /**
   * Takes what was added down. False when the group is withdrawn already, and
   * nothing was taken. Throws when there is no memory or no thread.
   */
  flush() {
    if (this.planned === 0) return true
    let taken = false
    try {
      taken = this.#send(plan.members)
    } finally {
      if (taken) planning = null
      else this.#unplan()
    }
    return taken
  }

  /** Gives up what was added and not taken down. */
  #unplan() {
    const first = this.works.length - this.planned
    for (let i = first; i < this.works.length; i++) this.works[i].reset()
    this.works.length = this.positions.length = first
    if (planning === this) planning = null
  }

  #send(members) {
    if (this.open) return native.append(this.id, plan.words, plan.length, members, plan.values)
    const { policy, total, limit = Infinity, priority = 0, itemTimeout = 0 } = this.options
    this.id = native.open(
      policy,
      total,
      limit,
      priority,
      itemTimeout,
      plan.words,
      plan.length,
      members,
      plan.values,
    )
    if (this.id < 0) throw new HeddleError('ERR_HEDDLE_STOPPED', 'the process is going down')
    groups.set(this.id, this)
    this.open = true
    return true
  }

  /** Says that no more members will come. */
  seal() {
    if (this.open && this.works.length < this.options.total) native.seal(this.id)
  }

  /** Each member is delivered as it ends, from now on. */
  watch() {
    if (this.open) native.watch(this.id)
  }

  /** Takes the owner's claim on everything back. */
  withdraw(reason) {
    if (this.reason !== undefined) return
    this.reason = reason
    this.#unplan()
    if (this.open) native.withdraw(this.id)
  }

  /** Another party's claim on a member; returns a Claim. */
  claim(index) {
    const claim = native.claim(this.id, index)
    native.watch(this.id)
    return claim
  }

  unclaim(index) {
    native.unclaim(this.id, index)
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

  /** Called by the addon, with the mailbox filled. */
  deliver(count, values, finished, droppedFrom) {
    let next = 0
    for (let i = 0; i < count; i++) {
      const index = kinds[2 * i]
      const work = this.works[index]
      switch (kinds[2 * i + 1]) {
        case Kind.UNDEFINED:
          this.#settle(index, work, true, undefined)
          break
        case Kind.NULL:
          this.#settle(index, work, true, null)
          break
        case Kind.FALSE:
          this.#settle(index, work, true, false)
          break
        case Kind.TRUE:
          this.#settle(index, work, true, true)
          break
        case Kind.NUMBER:
          this.#settle(index, work, true, numbers[i])
          break
        case Kind.VALUE:
          this.#settle(index, work, true, values[next++])
          break
        case Kind.ERROR:
          this.#settle(index, work, false, fromNative(values[next++], this.options.site ?? null))
          break
        case Kind.CANCELLED:
          this.#settle(index, work, false, work.value ?? this.#abortReason())
          break
        case Kind.EXPIRED:
          this.#settle(index, work, false, this.#timeoutError(work))
          break
        case Kind.DROPPED:
          this.#drop(work)
          break
      }
    }
    if (finished) this.#finish(droppedFrom)
  }

  #settle(index, work, fulfilled, value) {
    this.delivered++
    if (!fulfilled) this.failed++
    if (work.settle(fulfilled, value)) this.owner.settled(this.positions[index], work)
  }

  #drop(work) {
    if (work.group === this) work.reset()
  }

  #finish(droppedFrom) {
    const { works } = this
    this.open = false
    for (let i = droppedFrom; i < works.length; i++) this.#drop(works[i])
    this.works = this.positions = []
    this.owner.finished(this)
  }

  #abortReason() {
    this.reason ??= placeAt(
      new AbortError('the Task is no longer needed'),
      this.options.site ?? null,
    )
    return this.reason
  }

  #timeoutError(work) {
    const { itemTimeout, site } = this.options
    const message = `${work.definition.name}: timed out after ${itemTimeout} ms`
    return placeAt(new TimeoutError(message), site ?? null)
  }
}

module.exports = { Group, WINDOW }
