'use strict'
// Calls that are decided by one member, and let go of the others.

const { givesNew } = require('./light-first.js')
const { ListCall } = require('./list.js')
const { promiseOf, react } = require('./promises.js')
const { Scope } = require('./scope.js')
const { isTask } = require('../task/task.js')
const { LED, never } = require('./trail.js')

class FirstCall extends ListCall {
  #scopes = new Map() // by position

  goOn(light) {
    light.scopes.forEach((scope, position) => this.#own(position, scope))
    return super.goOn(light)
  }

  /** A member's own: the winner's signal must not abort, its result may still need it. */
  scopeOf(position) {
    return this.#own(position, new Scope())
  }

  #own(position, scope) {
    this.#scopes.set(position, scope)
    this.own(scope)
    return scope
  }

  done(position, fulfilled, value) {
    const scope = this.#scopes.get(position)
    if (scope !== undefined) {
      this.#scopes.delete(position)
      this.disown(scope)
    }
    super.done(position, fulfilled, value)
  }

  await(position, promise) {
    const { link } = this
    const done = (fulfilled, value) => {
      link.call?.done(position, fulfilled, value)
      return never()
    }
    const post = this.work.length > LED ? undefined : this.trail?.post
    if (!this.#isNew(position)) return this.adopt(promise, { done, post })
    const told = react(
      promise,
      (value) => done(true, value),
      (reason) => done(false, reason),
    )
    if (post !== undefined) react(told, post)
  }

  /** Whether the promise that a member gave is nobody else's, so that it need not be left. */
  #isNew(position) {
    const work = this.work[position]
    return givesNew(work) || (typeof work === 'function' && !this.plain)
  }

  awaitable(position, value) {
    if (isTask(value)) return super.awaitable(position, value)
    const promise = promiseOf(value)
    return promise === undefined ? value : this.shared(promise)
  }
}

module.exports = { FirstCall }
