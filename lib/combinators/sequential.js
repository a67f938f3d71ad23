'use strict'

const { isPromise } = require('node:util').types
const { misuse } = require('../errors.js')
const { limited } = require('../call/call.js')
const { groupClassOf } = require('../task/group.js')
const { keep } = require('../task/keep.js')
const { CHECKED, ListCall, nameOf, shape } = require('../call/list.js')
const { Begun, lightly, mayBeLight } = require('../call/light.js')
const { Policy } = require('../task/native.js')
const { CALL } = require('../call/options.js')
const { contextOf, Scope } = require('../call/scope.js')
const { isTask, State, stateOf, usesPrevious } = require('../task/task.js')
const { now } = require('../task/clock.js')
const { Lane, NONE } = require('../call/lane.js')
const { awaitable, promiseOf } = require('../call/promises.js')
const { nextTurn, SLICE_MS } = require('../call/turns.js')

const OPTIONS = ['retry', ...CALL]

// Tasks that follow each other are a leg: they go down as one group and run on
// one thread. A step that has started elsewhere ends a leg: it is waited for.
class Sequential extends ListCall {
  name = 'sequential'
  policy = Policy.SEQUENCE
  #results
  #previous // what the next step is given
  #settled = 0
  #legEnd = -1 // the step before which #legOver is called
  #legOver

  prepare() {
    super.prepare()
    this.#results = new Array(this.work.length)
    if (this.work.length === 0) this.end(true, this.shape([]))
  }

  checkTask(task, position) {
    if (position === 0 && usesPrevious(task)) {
      throw misuse('sequential: the first step has no previous result')
    }
  }

  start() {
    if (this.permits !== null) limited().limitSteps(this)
    const lane = new Lane(this.link)
    const first = this.laneNext(lane)
    const isAll = this.#legEnd === this.work.length && this.#settled < this.#legEnd
    if (isAll) this.#legOver = () => this.laneNext(lane)
    else lane.start(first)
    this.observe()
  }

  laneNext(lane) {
    const { work } = this
    if (this.ended) return NONE
    const position = (lane.index = this.next)
    if (position >= work.length) {
      this.end(true, this.shape(this.#results))
      return NONE
    }
    const step = work[position]
    if (isTask(step) && stateOf(step) === State.IDLE) return this.#leg()
    this.next++
    try {
      return awaitable(this.#step(position, step, this.#previous))
    } catch (error) {
      this.done(position, false, error)
      return NONE
    }
  }

  laneEnded(fulfilled, value, lane) {
    if (lane.index < this.#legEnd) {
      this.#previous = this.#results[this.#legEnd - 1]
    } else {
      this.#previous = value
      this.done(lane.index, fulfilled, value)
    }
  }

  release() {
    this.#results = this.#previous = undefined
    super.release()
  }

  /** What to await for a step that is no Task, or a Task that has started elsewhere. */
  #step(position, step, previous) {
    if (this.hasBegun(position)) return this.awaitable(position, this.begun(position))
    if (isTask(step)) {
      this.check(position)
      if (usesPrevious(step)) {
        throw misuse(`sequential: step ${position}, with 'previous' in it, has run already`)
      }
      return this.taskDone(position, step)
    }
    if (this.trace === null) return this.#call(position, step, previous)
    const start = () => this.#call(position, step, previous)
    return this.trace.start(position, this.keyOf(position), nameOf(step), start)
  }

  #call(position, step, previous) {
    if (typeof step !== 'function') {
      const promise = promiseOf(step)
      return promise === undefined ? step : this.shared(promise)
    }
    const key = this.keyOf(position)
    if (!this.plain) {
      return this.attempts((context) => step(previous, context), position, key, step.name)
    }
    return this.awaitable(position, step(previous, contextOf(this.scope, key, step.length > 1)))
  }

  /** Runs the Tasks that follow each other from here; the promise says when they are over. */
  #leg() {
    const over = new Promise((resolve) => (this.#legOver = resolve))
    try {
      const Class = groupClassOf(this.work[this.next])
      const added = this.#add(this.next > 0 ? [this.#previous] : undefined)
      this.#addRest(added ? Class : null)
    } catch (error) {
      this.end(false, error)
    }
    return over
  }

  #addRest(Class) {
    if (Class !== null && !this.#addUntil(now() + SLICE_MS, Class)) {
      return nextTurn(() => this.#addInTurn(Class))
    }
    if (this.ended) return
    this.groups.flush()
    this.groups.close()
    this.#legEnd = this.next
    if (this.#settled === this.#legEnd) this.#legOver()
  }

  #addInTurn(Class) {
    try {
      this.#addRest(Class)
    } catch (error) {
      this.end(false, error)
    }
  }

  /** False when the step has started elsewhere meanwhile, which ends the leg. */
  #add(before) {
    const position = this.next++
    if (position >= CHECKED) this.check(position)
    const add = () => {
      if (this.ended || this.groups.ask(position)) return false
      this.groups.add(position, before)
      return true
    }
    if (this.trace === null) return add()
    const { name } = this.work[position]
    return this.trace.start(position, this.keyOf(position), name, add)
  }

  /** Adds the steps of the leg. False when there may be more. */
  #addUntil(until, Class) {
    const { work, groups } = this
    if (this.permits !== null) return true // each has to ask
    while (!this.ended && this.#belongs(work[this.next], Class)) {
      if (!this.#add()) return true
      if (!groups.full) continue
      if (!groups.flush()) return true // it is decided: its end is on the way
      if (now() >= until) return false
    }
    return true
  }

  #belongs(step, Class) {
    return isTask(step) && stateOf(step) === State.IDLE && groupClassOf(step) === Class
  }

  member(position, fulfilled, value) {
    if (!fulfilled) return this.end(false, value)
    this.#results[position] = value
    if (++this.#settled === this.#legEnd) this.#legOver()
  }
}

keep(new Sequential())

/** As lib/index.js has it. */
function sequential(work, options, caller) {
  if (!mayBeLight(options)) return full(work, options, caller)
  return lightly('sequential', work, caller, full, light)
}

const full = (work, options, caller) => Sequential.start(Sequential, OPTIONS, work, options, caller)

/** Promises that wait for their turn are a full call's. */
function light(items, keys, _kinds, caller) {
  if (items.some(isPromise)) return full(new Begun(items, keys, 0, null), undefined, caller)
  return runSteps(items, keys, caller)
}

async function runSteps(items, keys, caller) {
  let outermost = caller // while it is on the stack
  const scope = new Scope()
  try {
    for (let i = 0; i < items.length; i++) {
      const step = items[i]
      if (typeof step === 'function') {
        const context = contextOf(scope, keys === null ? i : keys[i], step.length > 1)
        items[i] = step(items[i - 1], context)
      }
      if (isTask(items[i])) {
        return await full(new Begun(items, keys, i + 1, scope), undefined, outermost)
      }
      outermost = null
      items[i] = await awaitable(items[i])
    }
  } catch (error) {
    scope.stop(error)
    throw error
  }
  return keys === null ? items : shape(keys, items)
}

module.exports = { Sequential, OPTIONS, sequential }
