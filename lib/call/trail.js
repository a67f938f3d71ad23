'use strict'
// Leads stacks home. V8 shows in an error's stack who awaits the promise of the
// function that throws, and so on, as long as each promise has one reaction, and that
// is an await, a then(), one of Promise.all, or a promise's own resolve function. So
// what a call waits for leads to a promise of the call's, by whose resolve function
// nothing comes, and that one to the promise which the caller has.
//
// What is waited for may outlive the call: nothing on the way holds a result.

const { react } = require('./promises.js')
const { all } = require('../task/intrinsics.js')

const LED = 1000 // members up to which their stacks are led: it costs as much as waiting for them

const ignore = () => {}

// One executor for all: no closure each.
let resolveIt
const executor = (resolve) => {
  resolveIt = resolve
}

/** A promise that nothing holds, and that never settles. */
const never = () => new Promise(ignore)

class Trail {
  #post
  #cut = null // rejects what stands for the end

  /** Of the promise that the call gave: its resolve and reject functions. */
  constructor(resolve, reject) {
    const home = new Promise(executor)
    this.#post = resolveIt
    resolveIt = null // it holds the promise, and so the caller's context
    react(home, resolve, reject)
  }

  /** The resolve function: the reaction on what leads home, and never settles. */
  get post() {
    return this.#post
  }

  /** Leads a promise home that never settles. */
  lead(promise) {
    react(promise, this.#post)
  }

  /** Leads promises home that do not reject. */
  leadAll(promises) {
    if (this.#cut === null) this.#cut = endOf()
    react(all.call(Promise, [...promises, this.#cut.promise]), this.#post, ignore)
  }

  /** The call's promise has settled. */
  end() {
    this.#post()
    this.#cut?.reject()
  }
}

function endOf() {
  const end = {}
  end.promise = new Promise((_resolve, reject) => (end.reject = reject))
  return end
}

module.exports = { LED, Trail, ignore, never }
