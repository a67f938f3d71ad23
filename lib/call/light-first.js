'use strict'
// Light calls that one member decides.

const { abandon, adopt } = require('./adopt.js')
const { AbortError } = require('../errors.js')
const { observe } = require('./collect.js')
const { Begun } = require('./light.js')
const { contextOf, Scope } = require('./scope.js')
const { isTask } = require('../task/task.js')
const { promiseOf, react } = require('./promises.js')
const { LED, never, Trail } = require('./trail.js')

const AsyncFunction = Object.getPrototypeOf(async () => {})

/** Whether what a member gives is a promise of its own, which need not be left: no other waits for it. */
const givesNew = (work) => typeof work === 'function' && Object.getPrototypeOf(work) === AsyncFunction

/** Of one function: the winner's signal must not abort, its result may still need it. */
class Contender extends Scope {
  #call
  #position

  /** @param {boolean} isNew whether its promise need not be left */
  constructor(call, position, isNew) {
    super()
    this.isNew = isNew
    this.#call = call
    this.#position = position
  }

  /** Looked at for the first time, it may have lost long ago. */
  get signal() {
    this.#call.stopLoser(this, this.#position)
    return super.signal
  }
}

class LightFirst extends Begun {
  #link = { call: this } // what promises hold, which may outlive the call
  #adopted = [] // by turns, promises that are to be left, and who waits for them
  #resolve
  #reject
  #trail = null
  #winner = -1
  #lost = null // {reason} of the others, once the call has ended

  constructor(items, keys) {
    super(items, keys, 0, null)
  }

  /** A function has thrown. */
  threw(_position, _error) {}

  /** A member has settled, and the call has not. */
  member(_position, _fulfilled, _value) {}

  /**
   * @param {(begun: Begun) => Promise} full goes on as a full call
   * @returns {Promise}
   */
  run(full) {
    const { items } = this
    if (items.length === 0) return full(this)
    const promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    while (this.started < items.length && this.#lost === null) {
      if (this.#start(this.started++)) return full(this)
    }
    if (this.#lost === null) this.#followAll()
    else items.forEach(observe)
    return promise
  }

  /** Whether it gave a Task. */
  #start(position) {
    const { items, keys } = this
    const work = items[position]
    if (typeof work !== 'function') return false
    const scope = new Contender(this, position, givesNew(work))
    this.scopes[position] = scope
    try {
      items[position] = work(contextOf(scope, keys === null ? position : keys[position], work.length > 0))
      return isTask(items[position])
    } catch (error) {
      this.threw(position, error)
      return false
    }
  }

  #followAll() {
    const { items } = this
    if (items.length <= LED) this.#trail = new Trail(this.#resolve, this.#reject)
    for (let i = 0; i < items.length && this.#lost === null; i++) this.#follow(i, items[i])
    if (this.#lost === null) this.items = null
    else items.forEach(observe) // a `then` or `constructor` has thrown
  }

  #follow(position, value) {
    let promise
    try {
      promise = promiseOf(value) ?? Promise.resolve(value)
    } catch (error) {
      return this.member(position, false, error)
    }
    const link = this.#link
    const done = (fulfilled, end) => {
      link.call?.member(position, fulfilled, end)
      return never()
    }
    const post = this.#trail?.post
    if (!this.#isNew(position)) return this.#adopt(promise, { done, post })
    const told = react(
      promise,
      (end) => done(true, end),
      (reason) => done(false, reason),
    )
    if (post !== undefined) react(told, post)
  }

  #isNew(position) {
    return this.scopes[position]?.isNew === true
  }

  #adopt(promise, party) {
    adopt(promise, party)
    this.#adopted.push(promise, party)
  }

  /**
   * The call is decided.
   * @param {number} winner position; -1 when it was none of those that are waited for
   */
  end(fulfilled, value, winner = -1) {
    this.#link.call = null
    this.#winner = winner
    this.#lost = fulfilled ? {} : { reason: value }
    this.scopes.forEach((scope, position) => {
      if (scope.isHeard) this.stopLoser(scope, position)
    })
    const adopted = this.#adopted
    for (let i = 0; i < adopted.length; i += 2) abandon(adopted[i], adopted[i + 1])
    this.#adopted = this.scopes = []
    if (fulfilled) this.#resolve(value)
    else this.#reject(value)
    this.#trail?.end()
    this.#resolve = this.#reject = this.#trail = null
  }

  /** Unless it has won, or the call goes on. */
  stopLoser(scope, position) {
    if (this.#lost === null || position === this.#winner) return
    if (!('reason' in this.#lost)) {
      this.#lost.reason = new AbortError(`${this.name}: the result is no longer needed`)
    }
    scope.stop(this.#lost.reason)
  }
}

module.exports = { LightFirst, givesNew }
