'use strict'
// Calls whose members are known from the start: a list or object of work.

const { inspect } = require('node:util')
const { collect, collectKeyed, observe } = require('./collect.js')
const { Call, limited } = require('./call.js')
const { define, misuse } = require('../errors.js')
const { Follower } = require('./follow.js')
const { Begun, NOTHING } = require('./light.js')
const { groupClassOf } = require('../task/group.js')
const { contextOf } = require('./scope.js')
const { copyMemory } = require('../task/copies.js')
const { checkAlone, definitionOf, isTask } = require('../task/task.js')
const { now } = require('../task/clock.js')
const { Lane, NONE } = require('./lane.js')
const { awaitable, promiseOf } = require('./promises.js')
const { nextTurn, SLICE_MS } = require('./turns.js')

const CHECKED = 8192 // members that are checked before anything starts; the rest, as it starts

const LONG = 200_000 // Tasks whose reading alone takes some ms: they start in the next turn

/** What work is called in traces. */
function nameOf(work) {
  if (isTask(work)) return definitionOf(work).name
  return typeof work === 'function' ? work.name || 'function' : 'promise'
}

/** Results under their keys. */
function shape(keys, results) {
  const object = {}
  for (let i = 0; i < results.length; i++) {
    // Not an assignment: a key may be __proto__.
    define(object, keys[i], results[i])
  }
  return object
}

/** The same in an object without prototype. */
function shapeKeyed(keys, results) {
  const object = Object.create(null)
  for (let i = 0; i < results.length; i++) object[keys[i]] = results[i]
  return object
}

/** How work is read, and its results are given. */
const listed = { collect, shape }
const keyed = { collect: collectKeyed, shape: shapeKeyed }

class ListCall extends Call {
  form = listed
  next = 0 // the position that is started next
  #begun = NOTHING
  #pumping = false
  #follower = new Follower(this)

  read(work) {
    const { items, keys } = work instanceof Begun ? this.goOn(work) : this.form.collect(this.name, work)
    this.work = items
    this.keys = keys
  }

  /** A light call goes on as this one. */
  goOn(begun) {
    this.#begun = begun
    if (begun.scope !== null) this.scope = begun.scope
    return begun
  }

  prepare() {
    for (let i = 0; i < this.work.length && i < CHECKED; i++) this.check(i)
  }

  copy() {
    const copied = copyMemory(this.work.filter(isTask), () => this.ended)
    if (copied !== undefined) this.observe()
    return copied
  }

  /** Throws when the member cannot be in this call. */
  check(position) {
    const work = this.work[position]
    if (!isTask(work)) return
    if (this.options.retry !== undefined) {
      const key = inspect(this.keyOf(position))
      throw misuse(`${this.name}: option 'retry' is for functions; item ${key} is a Task, which runs once`)
    }
    this.checkTask(work, position)
  }

  checkTask(task) {
    checkAlone(task)
  }

  /** The members' results as the user gave the members. */
  shape(results) {
    return this.keys === null ? results : this.form.shape(this.keys, results)
  }

  start(began) {
    if (this.permits !== null) this.#startLimited()
    else if (this.#bounded()) this.#startLanes()
    else if (this.work.length > LONG && isTask(this.work[0])) nextTurn(() => this.pump())
    else this.pump(began)
    this.observe()
  }

  /** Whether members must be counted here: groups bound only their own Tasks. */
  #bounded() {
    const { concurrency = Infinity } = this.options
    if (concurrency >= this.work.length) return false
    if (!isTask(this.work[0])) return true
    const first = groupClassOf(this.work[0])
    return !this.work.every((work) => isTask(work) && groupClassOf(work) === first)
  }

  /** Promises that wait for their turn do not count as unhandled, and lead home. */
  observe() {
    for (let i = this.next; i < this.work.length; i++) this.expect(this.work[i], i)
  }

  release() {
    for (let i = this.next; i < this.work.length; i++) observe(this.work[i])
    super.release()
  }

  // ---- All at once ----

  /** Starts members. A long list of Tasks lets the loop go on now and then. */
  pump(began = now()) {
    if (this.#pumping || this.ended) return
    this.#pumping = true
    try {
      const taken = this.#startUntil(began + SLICE_MS)
      if (!taken || this.ended) return // it is decided: its end is on the way
      if (this.next < this.work.length) nextTurn(() => this.pump())
      else this.groups.close()
    } catch (error) {
      this.end(false, error)
    } finally {
      this.#pumping = false
      this.#follower.lead()
    }
  }

  /** False when a group was decided already. */
  #startUntil(until) {
    const { work, groups } = this
    while (this.next < work.length && !this.ended) {
      const position = this.next++
      if (position >= CHECKED) this.check(position)
      if (isTask(work[position]) && this.trace === null) groups.start(position)
      else this.#startOne(position)
      if (!groups.full) continue
      if (!groups.flush()) return false
      if (now() >= until) return true
    }
    return groups.flush()
  }

  #startOne(position) {
    let value
    try {
      value = this.launch(position)
    } catch (error) {
      return this.done(position, false, error)
    }
    if (isTask(value)) {
      if (this.ended) return // by the function itself
      this.work[position] = value
      this.groups.start(position)
    } else {
      this.#follower.follow(position, value)
    }
  }

  /** Starts a member, if it is a function, and gives what there is to wait for. */
  launch(position) {
    if (this.hasBegun(position)) return this.begun(position)
    const work = this.work[position]
    if (this.trace === null) return this.#launch(position, work)
    return this.trace.start(position, this.keyOf(position), nameOf(work), () => this.#launch(position, work))
  }

  #launch(position, work) {
    if (typeof work !== 'function') return work
    const key = this.keyOf(position)
    if (this.plain) return work(contextOf(this.scopeOf(position), key, work.length > 0))
    return this.attempts((context) => work(context), position, key, work.name)
  }

  /** Whether it was started by a light call, which this one goes on from. */
  hasBegun(position) {
    return position < this.#begun.started
  }

  /** What it gave. */
  begun(position) {
    return this.#begun.items[position]
  }

  /** What gives a function's signal. */
  scopeOf(_position) {
    return this.scope
  }

  // ---- A few at a time ----

  #startLimited() {
    this.#checkRest()
    limited().startList(this)
  }

  #checkRest() {
    for (let i = CHECKED; i < this.work.length; i++) this.check(i)
  }

  #startLanes() {
    this.#checkRest()
    for (let i = 0; i < this.options.concurrency && !this.ended; i++) {
      const lane = new Lane(this.link)
      lane.start(this.laneNext(lane))
    }
  }

  laneNext(lane) {
    while (this.next < this.work.length && !this.ended) {
      const position = (lane.index = this.next++)
      try {
        return awaitable(this.awaitableOf(position, this.launch(position)))
      } catch (error) {
        this.done(position, false, error)
      }
    }
    return NONE
  }

  /** Promises of the list may outlive many calls. */
  awaitableOf(position, value) {
    if (value !== this.work[position]) return this.awaitable(position, value)
    const promise = isTask(value) ? undefined : promiseOf(value)
    return promise === undefined ? this.awaitable(position, value) : this.shared(promise)
  }

  laneEnded(fulfilled, value, lane) {
    this.done(lane.index, fulfilled, value)
  }
}

module.exports = { CHECKED, keyed, ListCall, listed, nameOf, shape }
