'use strict'
// What a promise is, to calls: as await and Promise.race see it, `then` included.

const { isPromise } = require('node:util').types
const { ready, then } = require('../task/intrinsics.js')

/**
 * The promise of a promise or another thenable: a native one whose `then` is the
 * language's; undefined of other values. A `then` of its own is read and called
 * once. Throws what the getters of `then` and `constructor` throw.
 */
function promiseOf(value) {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  return promiseBy(value, value.then)
}

/** The same of an object whose `then` has been read. */
function promiseBy(value, own) {
  if (own === then && isPromise(value) && value.constructor === Promise) return value
  if (typeof own !== 'function' && !isPromise(value)) return undefined
  // In a job of its own, and what it throws rejects.
  return Promise.resolve({ then: (resolve, reject) => Reflect.apply(own, value, [resolve, reject]) })
}

/** What to await for a value: the value itself, where await sees it as promiseOf() does. */
function awaitable(value) {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value
  const own = value.then
  if (own === then && value.constructor === Promise) return value
  return promiseBy(value, own) ?? value
}

/** Calls back when a promise that promiseOf() gave settles; gives what then() does. */
function react(promise, onFulfilled, onRejected) {
  return then.call(promise, onFulfilled, onRejected)
}

/** Calls a function in a job of its own, with an empty stack. */
function later(callback) {
  then.call(ready, callback)
}

module.exports = { awaitable, promiseOf, react, later }
