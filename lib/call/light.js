'use strict'
// Calls without options, of functions, promises and values, while nobody traces:
// they cost what Promise.all costs. One in which a Task turns up goes on as a full
// call, which is given what the functions that were called have returned.

const { collect, observe, observeGiven } = require('./collect.js')
const { contextOf, Scope } = require('./scope.js')
const { isTask } = require('../task/task.js')
const { isTraced } = require('./trace.js')

/** A light call: a list or object of work that was read, and how far it has come. */
class Light {
  name // set by subclasses: the combinator's
  items
  keys // of an object, or null
  values // what the members have given that were started
  started = 0
  scope = null // of the functions that were called

  constructor({ items, keys }) {
    this.items = items
    this.keys = keys
    this.values = new Array(items.length)
  }

  /**
   * Runs the members.
   * @param {(light: Light) => Promise} full goes on as a full call, when one gives a Task
   * @returns {Promise}
   */
  run(_full) {}

  get hasTask() {
    const { items } = this
    for (let i = 0; i < items.length; i++) if (isTask(items[i])) return true
    return false
  }

  /** What gives a function's signal. */
  scopeOf(_position) {
    return (this.scope ??= new Scope())
  }

  /** Starts the next member, and gives what that gives. Throws what a function throws. */
  start() {
    const position = this.started++
    const work = this.items[position]
    if (typeof work !== 'function') return (this.values[position] = work)
    const key = this.keys === null ? position : this.keys[position]
    const value = work(contextOf(this.scopeOf(position), key, work.length > 0))
    return (this.values[position] = value)
  }

  /** What was started, and what was not, does not count as unhandled. */
  observe() {
    const { items, values, started } = this
    for (let i = 0; i < started; i++) observe(values[i])
    for (let i = started; i < items.length; i++) observe(items[i])
  }
}

/** Of calls that did not begin as light ones. */
const NOTHING = new Light({ items: [], keys: null })

/**
 * A call without options.
 * @param Kind a class of Light
 * @param {(work: unknown) => Promise} full the same as a full call
 */
function lightly(Kind, name, given, full) {
  let light
  try {
    light = new Kind(collect(name, given))
  } catch (error) {
    observeGiven(given)
    return Promise.reject(error)
  }
  return light.hasTask ? full(light) : light.run(full)
}

/** Whether a call may be a light one. */
const mayBeLight = (options) => options === undefined && !isTraced()

module.exports = { Light, NOTHING, lightly, mayBeLight }
