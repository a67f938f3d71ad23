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
  items // those that were started, what they have given
  keys // of an object, or null
  started = 0
  scope = null // of the functions that were called

  constructor({ items, keys }) {
    this.items = items
    this.keys = keys
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

  /**
   * Starts the members that are left, until one throws or gives a Task.
   * @returns {boolean} whether it was a Task
   */
  start() {
    const { items, keys } = this
    while (this.started < items.length) {
      const position = this.started++
      const work = items[position]
      if (typeof work !== 'function') continue
      const key = keys === null ? position : keys[position]
      const value = work(contextOf(this.scopeOf(position), key, work.length > 0))
      items[position] = value
      if (isTask(value)) return true
    }
    return false
  }

  /** What was started, and what was not, does not count as unhandled. */
  observe() {
    this.items.forEach(observe)
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
