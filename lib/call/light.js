'use strict'
// Calls without options, of functions, promises and values, while nobody traces:
// they cost what Promise.all costs. One in which a Task turns up goes on as a full
// call, which is given what the functions that were called have returned.

const { collect, copyOf, observeGiven } = require('./collect.js')
const { contextOf } = require('./scope.js')
const { arrayIterator } = require('../task/intrinsics.js')
const { isTask } = require('../task/task.js')
const { isTraced } = require('./trace.js')

/** A call that has begun as a light one, when it goes on as a full one. */
class Begun {
  scopes = [] // of functions that have one each, by position
  /**
   * @param {unknown[]} items those that were started, as what they have given
   * @param {string[] | null} keys of an object
   * @param {number} started
   * @param {Scope | null} scope of the functions that were called
   */
  constructor(items, keys, started, scope) {
    this.items = items
    this.keys = keys
    this.started = started
    this.scope = scope
  }
}

/** Of calls that did not. */
const NOTHING = new Begun([], null, 0, null)

const FUNCTION = 1
const TASK = 2

/** What is in a list besides promises and values. */
function kindsIn(items) {
  let kinds = 0
  for (let i = 0; i < items.length; i++) {
    if (typeof items[i] === 'function') kinds |= FUNCTION
    else if (isTask(items[i])) kinds |= TASK
  }
  return kinds
}

/**
 * Calls the functions of a list, and puts what they give in their places.
 * @param {(error: unknown) => unknown} threw what stands for one that throws; it may throw
 * @returns {number} how many were started when one gave a Task; -1 when none has
 */
function startAll(items, keys, scope, threw) {
  for (let i = 0; i < items.length; i++) {
    const work = items[i]
    if (typeof work !== 'function') continue
    let value
    try {
      value = work(contextOf(scope, keys === null ? i : keys[i], work.length > 0))
    } catch (error) {
      value = threw(error)
    }
    items[i] = value
    if (isTask(value)) return i + 1
  }
  return -1
}

/**
 * A call without options.
 * @param {string} name the combinator's
 * @param {Function | null} caller heddle's outermost function
 * @param {(work: unknown, options: undefined, caller: Function | null) => Promise} full
 *   the same as a full call
 * @param {(items: unknown[], keys: string[] | null, kinds: number, caller: Function | null)
 *   => Promise} light
 * @param [form] of the work, if it is not a list or a plain object
 */
function lightly(name, given, caller, full, light, form) {
  let items
  let keys = null
  try {
    if (form !== undefined) ({ items, keys } = form.collect(name, given))
    else if (Array.isArray(given) && given[Symbol.iterator] === arrayIterator) items = copyOf(given)
    else ({ items, keys } = collect(name, given))
  } catch (error) {
    observeGiven(given)
    return Promise.reject(error)
  }
  const kinds = kindsIn(items)
  if ((kinds & TASK) === 0) return light(items, keys, kinds, caller)
  return full(new Begun(items, keys, 0, null), undefined, caller)
}

/** Whether a call may be a light one. */
const mayBeLight = (options) => options === undefined && !isTraced()

module.exports = { Begun, FUNCTION, NOTHING, lightly, mayBeLight, startAll }
