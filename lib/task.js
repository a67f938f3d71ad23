'use strict'
// Task: a lazy promise. Users see its public methods; combinators and groups
// use the functions below the class, which reach its private fields. It is one
// small object, because there may be a million of them.

const { inspect } = require('node:util')
const { Claim } = require('./native.js')
const { misuse } = require('./errors.js')
const { previous } = require('./previous.js')
const { startSoon } = require('./start.js')

const State = {
  IDLE: 0, // nobody asks for it
  PENDING: 1, // about to start, because .then was called
  STARTED: 2, // in a group
  CHAINED: 3, // a step of a chain, and of nothing else
  FULFILLED: 4,
  REJECTED: 5,
}

const words = ['<not started>', '<pending>', '<pending>', '<step of a chain>']

/** Settles a promise with a Task's end. */
class PromiseParty {
  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  settled(_position, task) {
    if (stateOf(task) === State.FULFILLED) this.resolve(dataOf(task))
    else this.reject(dataOf(task))
  }
}

let stateOf
let dataOf
let definitionOf
let isTask
let ask
let leave
let setStarted
let setPending
let setChained
let reset
let settle

/**
 * A unit of work that starts when it is first asked for: by a combinator, by
 * `await` or `.then`, or by `run()`. It runs at most once and is shared by all
 * who ask.
 */
class Task {
  #definition
  #data // the arguments; once it has settled, the result or the error
  #state = State.IDLE
  #group = null // while it is STARTED
  #index = 0 // in the group
  #waiters = null // those who asked after it had started: {party, position}

  /** @private */
  constructor(definition, args) {
    this.#definition = definition
    this.#data = args
  }

  /** Name of the task, as `hash`. @type {string} */
  get name() {
    return this.#definition.name
  }

  /** Starts the Task, unless it has started, and asks for its result. */
  then(onFulfilled, onRejected) {
    return this.#promise().then(onFulfilled, onRejected)
  }

  catch(onRejected) {
    return this.#promise().then(undefined, onRejected)
  }

  finally(onSettled) {
    return this.#promise().finally(onSettled)
  }

  #promise() {
    if (this.#state === State.FULFILLED) return Promise.resolve(this.#data)
    if (this.#state === State.REJECTED) return Promise.reject(this.#data)
    const waiting = this.#waiters?.find(({ party }) => party instanceof PromiseParty)
    if (waiting !== undefined) return waiting.party.promise
    try {
      if (this.#state === State.IDLE) checkAlone(this)
      const party = new PromiseParty()
      if (!this.#ask(party, 0)) {
        this.#wait(party, 0)
        startSoon(this, this.then)
      }
      return party.promise
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #ask(party, position) {
    switch (this.#state) {
      case State.IDLE:
        return false
      case State.PENDING:
        break
      case State.STARTED:
        if (this.#group.owner !== party) {
          switch (this.#group.claim(this.#index)) {
            case Claim.CANCELLED:
              this.#settle(false, this.#group.reasonFor(this.#index))
              party.settled(position, this)
              return true
            case Claim.DROPPED:
              this.#reset()
              return false
          }
        }
        break
      case State.CHAINED:
        throw misuse(`${this.name}: this Task is a step of a chain and of nothing else`)
      default:
        party.settled(position, this)
        return true
    }
    this.#wait(party, position)
    return true
  }

  #wait(party, position) {
    this.#waiters ??= []
    this.#waiters.push({ party, position })
  }

  #leave(party, position, reason) {
    const at =
      this.#waiters?.findIndex((w) => w.party === party && w.position === position) ?? -1
    if (at < 0) return
    this.#waiters.splice(at, 1)
    if (this.#state === State.STARTED && this.#group.owner !== party) {
      this.#group.unclaim(this.#index, reason)
    }
  }

  #reset() {
    this.#state = State.IDLE
    this.#group = null
  }

  #settle(fulfilled, value) {
    if (this.#state >= State.FULFILLED) return false
    this.#state = fulfilled ? State.FULFILLED : State.REJECTED
    this.#data = value
    this.#group = null
    const waiters = this.#waiters
    if (waiters !== null) {
      this.#waiters = null
      for (const { party, position } of waiters) party.settled(position, this)
    }
    return true
  }

  static {
    stateOf = (task) => task.#state
    dataOf = (task) => task.#data
    definitionOf = (task) => task.#definition
    isTask = (value) => typeof value === 'object' && value !== null && #state in value
    ask = (task, party, position) => task.#ask(party, position)
    leave = (task, party, position, reason) => task.#leave(party, position, reason)
    setStarted = (task, group, index) => {
      task.#state = State.STARTED
      task.#group = group
      task.#index = index
    }
    setPending = (task) => {
      task.#state = State.PENDING
    }
    setChained = (task) => {
      task.#state = State.CHAINED
    }
    reset = (task, group) => {
      if (task.#group === group) task.#reset()
    }
    settle = (task, fulfilled, value) => task.#settle(fulfilled, value)
  }

  get [Symbol.toStringTag]() {
    return 'Task'
  }

  [inspect.custom](depth, options) {
    const { label, name } = this.#definition
    const deeper = { ...options, depth: depth === null ? null : depth - 1 }
    let text
    if (this.#state < State.FULFILLED) text = options.stylize(words[this.#state], 'special')
    else text = inspect(this.#data, deeper)
    if (this.#state === State.REJECTED) text = `${options.stylize('<rejected>', 'special')} ${text}`
    return `Task ${label ?? name} { ${text} }`
  }
}

/** Whether the Task takes the previous step's result. */
function usesPrevious(task) {
  const { positional } = definitionOf(task)
  const args = dataOf(task)
  if (stateOf(task) >= State.FULFILLED) return false
  for (let i = 0; i < positional; i++) if (args[i] === previous) return true
  return false
}

/** Throws when the Task takes the previous step's result, and there is none. */
function checkAlone(task) {
  if (usesPrevious(task)) {
    throw misuse(
      `${task.name}: a Task with 'previous' in it runs in a sequential() or chain() only`,
    )
  }
}

module.exports = {
  Task,
  State,
  /** A Task's State. */
  stateOf,
  /** Its checked arguments; its result or error once it has settled. */
  dataOf,
  /** What it runs: {name, id, params, ...}, or {name, label, steps: true}. */
  definitionOf,
  /** Whether a value is a Task of this copy of heddle. */
  isTask,
  /**
   * ask(task, party, position) asks for the result: party.settled(position,
   * task) will be called, or has been. False when it is IDLE: whoever asked has
   * to start it.
   */
  ask,
  /** leave(task, party, position, reason) takes that back. */
  leave,
  /** setStarted(task, group, index) */
  setStarted,
  setPending,
  setChained,
  /** reset(task, group): not started any more, if it is in that group. */
  reset,
  /** settle(task, fulfilled, value): for good; false when it had settled. */
  settle,
  usesPrevious,
  checkAlone,
}
