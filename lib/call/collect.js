'use strict'
// The list or object of work that a combinator is given.

const { isPromise, isProxy, isSet } = require('node:util').types
const { misuse, typeError } = require('../errors.js')
const { arrayIterator, setIterator, then } = require('../task/intrinsics.js')
const { isTask } = require('../task/task.js')

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

/**
 * Observes what a call was given and does not take: a promise, or those in a list
 * or object, as deep as a call would have looked. Runs nothing of the user's.
 */
function observeGiven(given) {
  if (typeof given !== 'object' || given === null || isTask(given) || isProxy(given)) return
  observe(given)
  if (isSet(given)) {
    for (const value of Reflect.apply(setIterator, given, [])) observe(value)
  }
  for (const key of Object.keys(given)) observe(Object.getOwnPropertyDescriptor(given, key).value)
}

const NONE = Symbol('none')

const LIST = 'an iterable or a plain object of work'

/**
 * The method under Symbol.iterator or Symbol.asyncIterator, undefined if there is
 * none. Throws when it is no function, as the language does.
 */
function methodOf(where, what, given, symbol) {
  const method = given[symbol]
  if (method === undefined || method === null) return undefined
  if (typeof method !== 'function') {
    throw typeError(where, `${symbol.description} of ${what}`, 'a function', method)
  }
  return method
}

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

/**
 * Reads the own enumerable properties of any object once, symbols included, in the
 * language's order.
 * @returns {{items: unknown[], keys: (string | symbol)[]}}
 */
function collectKeyed(where, work) {
  if (work === null || (typeof work !== 'object' && typeof work !== 'function') || isTask(work)) {
    throw typeError(where, 'the work', 'an object of work', work)
  }
  const keys = []
  const items = read(Reflect.ownKeys(work), (key) => {
    if (Reflect.getOwnPropertyDescriptor(work, key)?.enumerable !== true) return NONE
    if (key === 'then') throw misuse(`${where}: an object of work must not have the key 'then'`)
    const value = work[key]
    keys.push(key)
    return value
  })
  return { keys, items: items.filter((item) => item !== NONE) }
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

/** Reads an iterable by a method that was read from it. */
function iterate(work, method) {
  if (method === arrayIterator && Array.isArray(work)) return copyOf(work)
  return read({ [Symbol.iterator]: () => Reflect.apply(method, work, []) })
}

/** As the array's iterator would; a getter may shorten it meanwhile. */
function copyOf(array) {
  const items = new Array(array.length)
  let length = 0
  while (length < array.length) items[length] = array[length++]
  if (items.length > length) items.length = length
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
  const method = methodOf(where, 'the work', work, Symbol.iterator)
  if (method !== undefined) return { keys: null, items: iterate(work, method) }
  const isAsync = methodOf(where, 'the work', work, Symbol.asyncIterator) !== undefined
  if (isAsync || typeof work.then === 'function' || !isPlain(work)) {
    throw typeError(where, 'the work', LIST, work)
  }
  return objectItems(where, work)
}

module.exports = { collect, collectKeyed, copyOf, methodOf, observe, observeGiven }
