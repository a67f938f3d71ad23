'use strict'
// The list or object of work that a combinator is given.

const { typeError, misuse } = require('./errors.js')
const { isTask } = require('./task.js')

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
  return { keys, items: keys.map((key) => work[key]) }
}

/** Reads the work once, in order: {items, keys}, keys null for an iterable. */
function readItems(where, work) {
  if (work === null || typeof work !== 'object' || isTask(work)) {
    throw typeError(where, 'the work', LIST, work)
  }
  if (typeof work[Symbol.iterator] === 'function') return { keys: null, items: [...work] }
  if (typeof work.then === 'function' || !isPlain(work)) {
    throw typeError(where, 'the work', LIST, work)
  }
  return objectItems(where, work)
}

/**
 * Reads the work and checks what is in it.
 * @returns {{tasks: Task[], keys: string[] | null}}
 */
function collect(where, work) {
  const { items, keys } = readItems(where, work)
  for (let i = 0; i < items.length; i++) {
    if (isTask(items[i])) continue
    const name = keys === null ? `item ${i}` : `item '${keys[i]}'`
    throw typeError(where, name, 'a Task', items[i])
  }
  return { tasks: items, keys }
}

module.exports = { collect }
