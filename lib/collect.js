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

/**
 * Reads the work once, in order.
 * @returns {{items: unknown[], keys: string[] | null}} keys null for an iterable
 */
function collect(where, work) {
  if (work === null || typeof work !== 'object' || isTask(work)) {
    throw typeError(where, 'the work', LIST, work)
  }
  if (typeof work[Symbol.iterator] === 'function') return { keys: null, items: [...work] }
  if (typeof work.then === 'function' || !isPlain(work)) {
    throw typeError(where, 'the work', LIST, work)
  }
  return objectItems(where, work)
}

module.exports = { collect }
