'use strict'
// Calls that are decided by one member, and let go of the others.

const { ListCall } = require('./list.js')
const { promiseOf } = require('./promises.js')
const { Scope } = require('./scope.js')
const { isTask } = require('../task/task.js')

class FirstCall extends ListCall {
  #scopes = new Map() // by position

  /** Promise.all cannot be left. */
  get mayBulk() {
    return false
  }

  /** A member's own: the winner's signal must not abort, its result may still need it. */
  scopeOf(position) {
    const scope = new Scope()
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
    this.adopt(promise, { done: (fulfilled, value) => this.done(position, fulfilled, value) })
  }

  awaitable(position, value) {
    if (isTask(value)) return super.awaitable(position, value)
    const promise = promiseOf(value)
    return promise === undefined ? value : this.shared(promise)
  }
}

module.exports = { FirstCall }
