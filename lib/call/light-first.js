'use strict'
// Light calls that one member decides.

const { abandon, adopt } = require('./adopt.js')
const { AbortError } = require('../errors.js')
const { Light } = require('./light.js')
const { promiseOf, react } = require('./promises.js')
const { Scope } = require('./scope.js')
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

class LightFirst extends Light {
  scopes = [] // of functions, by position
  #link = { call: this } // what promises hold, which may outlive the call
  #adopted = [] // by turns, promises that are to be left, and who waits for them
  #resolve
  #reject
  #trail = null
  #winner = -1
  #lost = null // {reason} of the others, once the call has ended

  scopeOf(position) {
    return (this.scopes[position] = new Contender(this, position, givesNew(this.items[position])))
  }

  /** A function has thrown. */
  threw(_position, _error) {}

  /** A member has settled, and the call has not. */
  member(_position, _fulfilled, _value) {}

  run(full) {
    const { items } = this
    if (items.length === 0) return full(this)
    const promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    while (this.started < items.length && this.#lost === null) {
      try {
        if (this.start()) return full(this)
      } catch (error) {
        this.threw(this.started - 1, error)
      }
    }
    if (this.#lost === null) this.#followAll()
    else this.observe()
    return promise
  }

  #followAll() {
    const { items } = this
    if (items.length <= LED) this.#trail = new Trail(this.#resolve, this.#reject)
    for (let i = 0; i < items.length && this.#lost === null; i++) this.#follow(i, items[i])
    if (this.#lost === null) this.items = null
    else this.observe() // a `then` or `constructor` has thrown
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
