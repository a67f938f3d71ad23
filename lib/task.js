'use strict'
// The public face of a unit of work: a lazy promise.

const { inspect } = require('node:util')
const { Work, State } = require('./work.js')
const { Group } = require('./group.js')
const { Policy } = require('./native.js')
const { callSite, misuse } = require('./errors.js')

/** Tasks whose .then was called in this turn, and which have not started. */
let pending = []
let pendingSite = null

const FLUSH_AT = 256

// Owns groups that nobody ever withdraws.
const nobody = { settled() {}, finished() {} }

/** Starts what is pending, as one group. */
function flush() {
  const works = pending
  const site = pendingSite
  pending = []
  pendingSite = null
  if (works.length === 0) return
  const group = new Group(nobody, { policy: Policy.SETTLED, total: works.length, site })
  try {
    for (const work of works) {
      try {
        group.add(work, 0)
      } catch (error) {
        work.settle(false, error) // its buffer was detached; the others go on
      }
    }
    group.flush()
    group.seal()
    group.watch()
  } catch (error) {
    for (const work of works) work.settle(false, error)
  }
}

function startSoon(work, caller) {
  work.state = State.PENDING
  if (pending.push(work) === 1) {
    pendingSite = callSite(caller)
    queueMicrotask(flush)
  } else if (pending.length >= FLUSH_AT) {
    flush()
  }
}

/** Settles a promise with a Work's end. */
class PromiseParty {
  constructor(resolve, reject) {
    this.resolve = resolve
    this.reject = reject
  }

  settled(_position, work) {
    if (work.state === State.FULFILLED) this.resolve(work.value)
    else this.reject(work.value)
  }
}

function checkAlone(work) {
  if (work.usesPrevious && work.state === State.IDLE) {
    throw misuse(
      `${work.definition.name}: a Task with 'previous' in it runs in a sequential() or chain() only`,
    )
  }
}

let workOf

/**
 * A unit of work that starts when it is first asked for: by a combinator, by
 * `await` or `.then`, or by `run()`. It runs at most once and is shared by all
 * who ask.
 */
class Task {
  #work
  #promise = null

  constructor(work) {
    this.#work = work
  }

  static {
    workOf = (value) =>
      typeof value === 'object' && value !== null && #work in value ? value.#work : undefined
  }

  /** Name of the task, as `hash`. @type {string} */
  get name() {
    return this.#work.definition.name
  }

  /** Starts the Task, unless it has started, and asks for its result. */
  then(onFulfilled, onRejected) {
    this.#promise ??= this.#ask()
    return this.#promise.then(onFulfilled, onRejected)
  }

  catch(onRejected) {
    return this.then(undefined, onRejected)
  }

  finally(onSettled) {
    this.#promise ??= this.#ask()
    return this.#promise.finally(onSettled)
  }

  #ask() {
    const work = this.#work
    return new Promise((resolve, reject) => {
      checkAlone(work)
      const party = new PromiseParty(resolve, reject)
      if (work.ask(party, 0)) return
      startSoon(work, this.then)
      work.ask(party, 0)
    })
  }

  get [Symbol.toStringTag]() {
    return 'Task'
  }

  [inspect.custom](depth, options) {
    const work = this.#work
    let state
    if (work.state === State.FULFILLED) {
      state = inspect(work.value, { ...options, depth: depth === null ? null : depth - 1 })
    } else if (work.state === State.REJECTED) {
      const short = { ...options, depth: depth === null ? null : depth - 1 }
      state = `${options.stylize('<rejected>', 'special')} ${inspect(work.value, short)}`
    } else {
      const words = ['<not started>', '<pending>', '<pending>', '<step of a chain>']
      state = options.stylize(words[work.state], 'special')
    }
    return `Task ${work.definition.label ?? work.definition.name} { ${state} }`
  }
}

/** Makes a Task that runs `definition` with checked arguments. */
function makeTask(definition, args, usesPrevious) {
  return new Task(new Work(definition, args, usesPrevious))
}

module.exports = { Task, makeTask, workOf, flush }
