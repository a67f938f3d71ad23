'use strict'
// Task: a lazy promise. Users see its public methods; combinators and groups
// use the functions below the class, which reach its private fields. It is one
// small object, because there may be a million of them.

const { inspect, types } = require('node:util')
const { Claim } = require('./native.js')
const { misuse, typeError } = require('../errors.js')
const { keep } = require('./keep.js')
const { previous } = require('./previous.js')

const State = {
  IDLE: 0, // nobody asks for it
  PENDING: 1, // about to start, because .then was called
  STARTED: 2, // in a group
  CHAINED: 3, // a step of a chain, and of nothing else
  FULFILLED: 4,
  REJECTED: 5,
}

// By its name: Tasks of another copy of heddle, of whatever version, have it too.
const brand = Symbol.for('heddle.task')

const words = ['<not started>', '<pending>', '<pending>', '<step of a chain>']

/** One who waits for a Task that had started; a link of a list, the last one first. */
class Waiter {
  before = null

  constructor(party, position, next) {
    this.party = party
    this.position = position
    this.next = next
    this.promised = next === null ? null : next.promised // the PromiseWaiter, which never leaves
    if (next !== null) next.before = this
  }
}

// One executor serves all promises: a closure each would be garbage.
let resolveIt
let rejectIt
const executor = (resolve, reject) => {
  resolveIt = resolve
  rejectIt = reject
}

/** The promise that .then made: a Waiter and its own party, in one object. */
class PromiseWaiter {
  before = null

  constructor(next) {
    this.promise = new Promise(executor)
    this.resolve = resolveIt
    this.reject = rejectIt
    resolveIt = rejectIt = null // they hold the promise, and so the caller's context
    this.party = this
    this.position = 0
    this.next = next
    this.promised = this
  }

  settled(_position, task) {
    if (stateOf(task) === State.FULFILLED) this.resolve(dataOf(task))
    else this.reject(dataOf(task))
  }
}

/** Throws where a method is called on what is no Task of this copy: a Proxy, an heir, another copy's Task. */
function checkTask(method, value) {
  if (isTask(value)) return
  throw typeError(`Task.prototype.${method}`, 'this', 'a Task of this copy of heddle', value)
}

// Starts a Task at the end of the turn: set by start.js, which needs Tasks itself.
let startSoon

let stateOf
let dataOf
let definitionOf
let argsOf
let setArgument
let isTask
let isIn
let ask
let leave
let setStarted
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
  #data // the arguments, or the one that is no constant; once it has settled, what it came to
  #state = State.IDLE
  #group = null // while it is STARTED
  #index = 0 // in the group
  #waiters = null // those who asked after it had started, the last one first

  /** @private */
  constructor(definition, args) {
    if (args === undefined) throw misuse('Task: Tasks are made by hash(), sort() and their like')
    this.#definition = definition
    this.#data = args
  }

  /** Name of the task, as `hash`. @type {string} */
  get name() {
    checkTask('name', this)
    return this.#definition.name
  }

  /** Whether it runs in C alone: not on a JavaScript thread. @type {boolean} */
  get native() {
    const { Group, native: isNative = Group === undefined } = this.#definition
    return isNative
  }

  /** Starts the Task, unless it has started, and asks for its result. */
  then(onFulfilled, onRejected) {
    checkTask('then', this)
    return this.#promise().then(onFulfilled, onRejected)
  }

  catch(onRejected) {
    checkTask('catch', this)
    return this.#promise().then(undefined, onRejected)
  }

  finally(onSettled) {
    checkTask('finally', this)
    return this.#promise().finally(onSettled)
  }

  #promise() {
    if (this.#state === State.FULFILLED) return Promise.resolve(this.#data)
    if (this.#state === State.REJECTED) return Promise.reject(this.#data)
    const promised = this.#waiters?.promised
    if (promised) return promised.promise
    try {
      return this.#newPromise()
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #newPromise() {
    const waiter = new PromiseWaiter(null)
    if (this.#joined(waiter, 0)) return waiter.promise
    if (this.#state === State.IDLE) checkAlone(this)
    waiter.next = this.#waiters
    if (waiter.next !== null) waiter.next.before = waiter
    this.#waiters = waiter
    if (this.#state === State.IDLE) {
      this.#state = State.PENDING
      startSoon(this, this.then)
    }
    return waiter.promise
  }

  #ask(party, position) {
    if (this.#joined(party, position)) return true
    if (this.#state === State.IDLE) return false
    return (this.#waiters = new Waiter(party, position, this.#waiters))
  }

  /**
   * Takes a claim on a Task that has started. True when it has settled, and the
   * party was told; else the party has to wait, or to start it if it is IDLE.
   */
  #joined(party, position) {
    while (this.#state === State.STARTED && this.#group.owner !== party) {
      const group = this.#group
      const claim = group.claim(this.#index)
      if (this.#group !== group) continue // it could not go down, and the claim is nobody's
      if (claim === Claim.CANCELLED) this.#settle(false, group.reasonFor(this.#index))
      else if (claim === Claim.DROPPED) this.#reset()
      break
    }
    if (this.#state === State.CHAINED) {
      throw misuse(`${this.name}: this Task is a step of a chain and of nothing else`)
    }
    if (this.#state < State.FULFILLED) return false
    party.settled(position, this)
    return true
  }

  #leave({ party, before, next }, reason) {
    if (party === null) return
    if (before === null) this.#waiters = next
    else before.next = next
    if (next !== null) next.before = before
    if (this.#state === State.STARTED && this.#group.owner !== party) {
      this.#group.unclaim(this.#index, reason)
    }
  }

  #reset() {
    const { owner } = this.#group
    this.#state = State.IDLE
    this.#group = null
    if (this.#waiters !== null) this.#dismiss(owner)
  }

  /** A party asks no more, at any of its positions. The owner has no claims to take back for them. */
  #dismiss(party) {
    let last = null
    for (let w = this.#waiters; w !== null; w = w.next) {
      if (w.party === party) {
        w.party = null // its leave() finds nothing to do
        continue
      }
      if (last === null) this.#waiters = w
      else last.next = w
      w.before = last
      last = w
    }
    if (last === null) this.#waiters = null
    else last.next = null
  }

  #settle(fulfilled, value, owner, position) {
    if (this.#state >= State.FULFILLED) return
    this.#state = fulfilled ? State.FULFILLED : State.REJECTED
    this.#data = value
    this.#group = null
    owner?.settled(position, this)
    if (this.#waiters !== null) this.#tell()
  }

  /** Tells those who wait, in the order in which they asked. */
  #tell() {
    let first = null
    for (let w = this.#waiters, next; w !== null; w = next) {
      next = w.next
      w.next = first
      first = w
    }
    this.#waiters = null
    for (let w = first; w !== null; w = w.next) w.party.settled(w.position, this)
  }

  static {
    stateOf = (task) => task.#state
    dataOf = (task) => task.#data
    definitionOf = (task) => task.#definition
    argsOf = (task) => {
      const { constants, slot } = task.#definition
      return constants === undefined ? task.#data : constants.with(slot, task.#data)
    }
    setArgument = (task, i, value) => {
      if (task.#state !== State.IDLE) return
      if (task.#definition.constants === undefined) task.#data[i] = value
      else task.#data = value
    }
    isIn = (task, group, index) => task?.#group === group && task.#index === index
    isTask = (value) => typeof value === 'object' && value !== null && #state in value
    ask = (task, party, position) => task.#ask(party, position)
    leave = (task, waiter, reason) => task.#leave(waiter, reason)
    setStarted = (task, group, index) => {
      task.#state = State.STARTED
      task.#group = group
      task.#index = index
    }
    setChained = (task) => {
      task.#state = State.CHAINED
    }
    reset = (task, group) => {
      if (task?.#group === group) task.#reset()
    }
    settle = (task, fulfilled, value, owner, position) => {
      task.#settle(fulfilled, value, owner, position)
    }
  }

  get [brand]() {
    return true
  }

  get [Symbol.toStringTag]() {
    return 'Task'
  }

  [inspect.custom](depth, options) {
    if (!isTask(this)) return 'Task {}' // the prototype, or what was made of a Task
    const { label, name } = this.#definition
    const deeper = { ...options, depth: depth === null ? null : depth - 1 }
    let text
    if (this.#state < State.FULFILLED) text = options.stylize(words[this.#state], 'special')
    else text = inspect(this.#data, deeper)
    if (this.#state === State.REJECTED) text = `${options.stylize('<rejected>', 'special')} ${text}`
    return `Task ${label ?? name} { ${text} }`
  }
}

keep(new Task({ name: '' }, null))
keep(new PromiseWaiter(null))

/** Whether a value is a Task of another copy of heddle: a thenable like any other. */
function isForeignTask(value) {
  const isObject = typeof value === 'object' && value !== null && !types.isProxy(value)
  return isObject && !isTask(value) && value[brand] === true && typeof value.then === 'function'
}

/** Whether the Task takes the previous step's result. */
function usesPrevious(task) {
  if (stateOf(task) >= State.FULFILLED) return false
  const { constants, positional } = definitionOf(task)
  const args = dataOf(task)
  if (constants !== undefined) return args === previous
  for (let i = 0; i < positional && i < args.length; i++) if (args[i] === previous) return true
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

/** startTasksBy(start): start(task, caller) is called for Tasks whose .then was. */
function startTasksBy(start) {
  startSoon = start
}

module.exports = {
  Task,
  startTasksBy,
  State,
  /** A Task's State. */
  stateOf,
  /** Its result or error once it has settled; before, what its definition takes (see bound.js). */
  dataOf,
  /** The list of its checked arguments, before it has settled. */
  argsOf,
  /** setArgument(task, i, value): nothing happens once it has started. */
  setArgument,
  /** What it runs: {name, id, params, ...}, or {name, label, steps: true}. */
  definitionOf,
  /** Whether a value is a Task of this copy of heddle. */
  isTask,
  isForeignTask,
  /** isIn(task, group, index): whether it is that member of the group now. */
  isIn,
  /**
   * ask(task, party, position) asks for the result: party.settled(position,
   * task) will be called, or has been. False when it is IDLE: whoever asked has
   * to start it. True when it has been called; else a waiter, for leave().
   */
  ask,
  /** leave(task, waiter, reason) takes that back, once, of a Task that has not settled. */
  leave,
  /** setStarted(task, group, index) */
  setStarted,
  setChained,
  /** reset(task, group): not started any more, if it is in that group. */
  reset,
  /**
   * settle(task, fulfilled, value, owner, position): for good, unless it had
   * settled. The owner, if given, is told first: it was the first to ask.
   */
  settle,
  usesPrevious,
  checkAlone,
}
