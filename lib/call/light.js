'use strict'
// Calls without options, of functions, promises and values, while nobody traces:
// they cost what Promise.all costs. One in which a Task turns up goes on as a full
// call, which is given what the functions that were called have returned.

const { collect, observe, observeGiven } = require('./collect.js')
const { contextOf, Scope } = require('./scope.js')
const { isTask } = require('../task/task.js')
const { isTraced } = require('./trace.js')

/** A list or object of work that was read, and how far its call has come. */
class Begun {
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

  get hasTask() {
    const { items } = this
    for (let i = 0; i < items.length; i++) if (isTask(items[i])) return true
    return false
  }

  keyOf(position) {
    return this.keys === null ? position : this.keys[position]
  }

  /** Starts the next member, and gives what that gives. Throws what a function throws. */
  start() {
    const position = this.started++
    const work = this.items[position]
    if (typeof work !== 'function') return (this.values[position] = work)
    this.scope ??= new Scope()
    const value = work(contextOf(this.scope, this.keyOf(position), work.length > 0))
    return (this.values[position] = value)
  }

  /** What was started, and what was not, does not count as unhandled. */
  observe() {
    const { items, values, started } = this
    for (let i = 0; i < started; i++) observe(values[i])
    for (let i = started; i < items.length; i++) observe(items[i])
  }
}

/**
 * @param {(begun: Begun) => Promise} full goes on as a full call
 * @param {(begun: Begun) => Promise} light
 * @returns {Promise} of a call without options
 */
function lightly(where, given, full, light) {
  let begun
  try {
    begun = new Begun(collect(where, given))
  } catch (error) {
    observeGiven(given)
    return Promise.reject(error)
  }
  return begun.hasTask ? full(begun) : light(begun)
}

/** Whether a call may be a light one. */
const mayBeLight = (options) => options === undefined && !isTraced()

module.exports = { Begun, lightly, mayBeLight }
