'use strict'
// Calls that are decided by one member, and let go of the others.

const { abandon, adopt } = require('./adopt.js')
const { observe } = require('./collect.js')
const { ListCall } = require('./list.js')
const { Scope } = require('./scope.js')
const { isTask } = require('./task.js')

class FirstCall extends ListCall {
  #adopted = [] // pairs of a promise and who waits for it
  #scopes = new Map() // by position

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
    this.#adopt(promise, this, position)
  }

  awaitable(position, value) {
    if (isTask(value)) return super.awaitable(position, value)
    const promise = Promise.resolve(value)
    return new Promise((resolve, reject) => {
      const done = (_position, fulfilled, result) => (fulfilled ? resolve : reject)(result)
      this.#adopt(promise, { done }, position)
    })
  }

  #adopt(promise, party, position) {
    if (this.ended) return observe(promise) // by the function that gave it
    adopt(promise, party, position)
    this.#adopted.push([promise, party])
  }

  release() {
    super.release()
    for (const [promise, party] of this.#adopted) abandon(promise, party)
    this.#adopted = []
  }
}

module.exports = { FirstCall }
