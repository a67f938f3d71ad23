'use strict'
// The list or object of work that a combinator is given.

const { isPromise } = require('node:util').types
const { typeError, misuse } = require('../errors.js')
const { isTask } = require('../task/task.js')

const { then } = Promise.prototype
const ignore = () => {}

// A reaction each time would stay on a promise that outlives many calls.
const observed = new WeakSet()

/** Sees to it that a promise, if it is one, does not count as unhandled. */
function observe(work) {
  if (typeof work !== 'object' || isTask(work) || !isPromise(work)) return // in order of cost
  if (observed.has(work)) return
  observed.add(work)
  try {
    then.call(work, undefined, ignore)
  } catch {
    // Its constructor is a getter that throws: its member says so, in its turn.
  }
}

const LIST = 'an iterable or a plain object of work'

function isPlain(value) {
  const prototype = Object.getPrototypeOf(value)
  return (
    prototype === null ||
    prototype === Object.prototype ||
    // of another realm
    Object.getPrototypeOf(prototype) === null
  )
}

function objectItems(where, work) {
  const keys = Object.keys(work)
  if (keys.includes('then')) {
    throw misuse(`${where}: an object of work must not have the key 'then'`)
  }
  return { keys, items: read(keys, (key) => work[key]) }
}

/** What has been read when the source throws is observed, as Promise.all does. */
function read(source, get) {
  const items = []
  try {
    for (const item of source) items.push(get === undefined ? item : get(item))
  } catch (error) {
    items.forEach(observe)
    throw error
  }
  return items
}

/**
 * Reads the work once, in order.
 * @returns {{items: unknown[], keys: string[] | null}} keys null for an iterable
 */
function collect(where, work) {
  if (work === null || typeof work !== 'object' || isTask(work)) {
    throw typeError(where, 'the work', LIST, work)
  }
  if (typeof work[Symbol.iterator] === 'function') {
    return { keys: null, items: Array.isArray(work) ? [...work] : read(work) }
  }
  const isAsync = typeof work[Symbol.asyncIterator] === 'function'
  if (isAsync || typeof work.then === 'function' || !isPlain(work)) {
    throw typeError(where, 'the work', LIST, work)
  }
  return objectItems(where, work)
}

module.exports = { collect, observe }
