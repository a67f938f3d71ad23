'use strict'
// One call of a combinator: its promise, its options, and how it ends. What
// the members' ends mean is the combinators' (lib/combinators).

const { AsyncResource } = require('node:async_hooks')
const { AbortError, TimeoutError, callSite, placeAt, typeError, withIndex } = require('./errors.js')
const { checkOptions } = require('./options.js')
const { collect } = require('./collect.js')
const { listen, unlisten } = require('./signal.js')
const { Group } = require('./group.js')
const { State, ask, checkAlone, dataOf, isTask, leave, stateOf } = require('./task.js')

const SLICE_MS = 5 // that a call keeps the loop at a time
const PROGRESS_MS = 50
const CHECKED = 8192 // members that are checked before anything starts; the rest, as it starts

class Call {
  /** Set by subclasses. */
  name
  policy

  tasks = []
  keys = null // of an object
  next = 0 // the position that is planned next
  ended = false
  options
  site

  #resolve
  #reject
  #group = null // to which members are added
  #groups = new Set() // all that have something to run
  #pumping = false
  #asked = [] // positions of Tasks that other calls had started
  #outcome = null // kept while `join` waits
  #delivered = 0 // members that have settled
  #failed = 0
  #timer
  #ticker
  #onAbort
  #onProgress

  /**
   * Starts a call. Never throws: the promise rejects.
   * @returns {Promise<unknown>}
   */
  static start(Kind, allowed, work, options, caller) {
    const call = new Kind()
    const promise = new Promise((resolve, reject) => {
      call.#resolve = resolve
      call.#reject = reject
    })
    const began = performance.now()
    try {
      call.site = callSite(caller)
      call.options = checkOptions(call.name, allowed, options)
      const { items, keys } = collect(call.name, work)
      call.tasks = items
      call.keys = keys
      call.#begin(began)
    } catch (error) {
      call.end(false, error)
    }
    return promise
  }

  #begin(began) {
    const { signal, timeout, onProgress } = this.options
    if (signal?.aborted) return this.end(false, signal.reason)
    for (let i = 0; i < this.tasks.length && i < CHECKED; i++) this.check(i)
    this.prepare()
    if (this.ended) return
    if (signal !== undefined) {
      this.#onAbort = () => this.end(false, signal.reason)
      listen(signal, this.#onAbort)
    }
    if (timeout !== undefined && timeout !== Infinity) {
      this.#timer = setTimeout(() => this.end(false, this.#timeoutError()), timeout)
    }
    if (onProgress !== undefined) {
      this.#onProgress = AsyncResource.bind(onProgress)
      this.#ticker = setInterval(() => this.#tick(), PROGRESS_MS).unref()
    }
    this.pump(began)
  }

  /** What is to be done before anything starts; may end the call. */
  prepare() {}

  /** Throws when the member cannot be in this call. */
  check(position) {
    const task = this.tasks[position]
    if (!isTask(task)) {
      const key = this.keys === null ? position : `'${this.keys[position]}'`
      throw typeError(this.name, `item ${key}`, 'a Task', task)
    }
    this.checkTask(task, position)
  }

  checkTask(task) {
    checkAlone(task)
  }

  /** Starts members, for a few ms at a time. */
  pump(began = performance.now()) {
    if (this.#pumping || this.ended) return
    this.#pumping = true
    const until = began + SLICE_MS
    try {
      do {
        if (!this.window()) return
      } while (this.next < this.tasks.length && performance.now() < until)
      if (this.next < this.tasks.length) setImmediate(() => this.pump())
      else this.closeGroup()
    } catch (error) {
      this.end(false, error)
    } finally {
      this.#pumping = false
    }
  }

  /** Starts members until a window is full. False when it must wait. */
  window() {
    const { tasks } = this
    while (this.next < tasks.length && !this.ended && !this.full) {
      const position = this.next++
      if (position >= CHECKED) this.check(position)
      if (!this.ask(position)) this.add(position)
    }
    return this.flush()
  }

  /** Whether the present group's window is full. */
  get full() {
    return this.#group !== null && this.#group.full
  }

  /** Asks for a member that has started elsewhere; false when it has not. */
  ask(position) {
    const task = this.tasks[position]
    if (!ask(task, this, position)) return false
    if (stateOf(task) < State.FULFILLED) this.#asked.push(position)
    return true
  }

  /** Adds a member to the call's group. `before`: see Plan.add(). */
  add(position, before) {
    this.#group ??= this.#newGroup(position)
    try {
      this.#group.add(position, before)
    } catch (error) {
      throw withIndex(placeAt(error, this.site), this.keyOf(position))
    }
  }

  #newGroup(position) {
    const group = new Group(this, this.tasks, {
      policy: this.policy,
      total: this.tasks.length - position,
      limit: this.options.concurrency,
      priority: this.options.priority,
      itemTimeout: this.options.itemTimeout === Infinity ? 0 : this.options.itemTimeout,
      site: this.site,
    })
    this.#groups.add(group)
    return group
  }

  flush() {
    return this.#group === null || this.#group.flush()
  }

  /** No more members come to the present group. */
  closeGroup() {
    this.#group?.seal()
    this.#group = null
  }

  /** Name of the member in errors: its index or key. */
  keyOf(position) {
    return this.keys === null ? position : this.keys[position]
  }

  /** A member has settled. */
  settled(position, task) {
    this.#delivered++
    const fulfilled = stateOf(task) === State.FULFILLED
    const value = dataOf(task)
    if (!fulfilled) {
      this.#failed++
      // Once the call has ended, the value may be its own timeout's error.
      if (!this.ended) withIndex(value, this.keyOf(position))
    }
    if (!this.ended) this.member(position, fulfilled, value)
  }

  /** A group has nothing left to run. */
  finished(group) {
    this.#groups.delete(group)
    if (this.#outcome !== null && this.#groups.size === 0) this.#settle(this.#outcome)
  }

  /** The members' results as the user gave the members. */
  shape(results) {
    if (this.keys === null) return results
    const object = {}
    for (let i = 0; i < results.length; i++) {
      // Not an assignment: a key may be __proto__.
      Object.defineProperty(object, this.keys[i], {
        value: results[i],
        writable: true,
        enumerable: true,
        configurable: true,
      })
    }
    return object
  }

  /** Ends the call: what it started and nobody else wants is stopped. */
  end(fulfilled, value) {
    if (this.ended) return
    this.ended = true
    this.#unwire()
    const outcome = this.#lastProgress({ fulfilled, value })
    this.#withdraw(outcome)
    this.tasks = []
    if (this.options?.join === true && this.#groups.size > 0) this.#outcome = outcome
    else this.#settle(outcome)
  }

  #settle({ fulfilled, value }) {
    this.#outcome = null
    if (fulfilled) this.#resolve(value)
    else this.#reject(value)
  }

  #withdraw({ fulfilled, value }) {
    const asked = this.#asked.filter((p) => stateOf(this.tasks[p]) < State.FULFILLED)
    const left = fulfilled ? this.#delivered < this.tasks.length : true
    if (!left || (this.#groups.size === 0 && asked.length === 0)) return
    const reason = fulfilled ? this.#noLongerNeeded() : value
    for (const group of this.#groups) {
      group.withdraw(reason)
      if (!group.open) this.#groups.delete(group) // it never went down
    }
    for (const position of asked) leave(this.tasks[position], this, position, reason)
  }

  #noLongerNeeded() {
    return placeAt(new AbortError(`${this.name}: the Task is no longer needed`), this.site)
  }

  #timeoutError() {
    const message = `${this.name}: timed out after ${this.options.timeout} ms`
    return placeAt(new TimeoutError(message), this.site)
  }

  #unwire() {
    if (this.#onAbort !== undefined) unlisten(this.options.signal, this.#onAbort)
    clearTimeout(this.#timer)
    clearInterval(this.#ticker)
  }

  /** @returns {{done: number, total: number, failed: number, fraction: number}} */
  #progress() {
    const total = this.tasks.length
    let done = this.#delivered
    let failed = this.#failed
    let running = 0
    for (const group of this.#groups) {
      const counts = group.undelivered()
      done += counts.done
      failed += counts.failed
      running += counts.running
    }
    const fraction = total === 0 ? 1 : Math.min(1, (done + running) / total)
    return { done, total, failed, fraction }
  }

  #tick() {
    try {
      this.#onProgress(this.#progress())
    } catch (error) {
      this.end(false, error)
    }
  }

  /** The last report; what it throws is what the call rejects with. */
  #lastProgress(outcome) {
    if (this.#onProgress === undefined) return outcome
    try {
      this.#onProgress(this.#progress())
      return outcome
    } catch (error) {
      return { fulfilled: false, value: error }
    }
  }
}

module.exports = { CHECKED, Call }
