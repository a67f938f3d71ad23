'use strict'
// map() of a short array without options.

const { AbortError } = require('../errors.js')
const { observe, observeGiven } = require('../call/collect.js')
const { Begun } = require('../call/light.js')
const { promiseOf, react } = require('../call/promises.js')
const { contextOf, Scope } = require('../call/scope.js')
const { LED } = require('../call/trail.js')
const { all, arrayIterator } = require('../task/intrinsics.js')
const { isMaker } = require('../task/makers.js')
const { mapSkip, mapStop } = require('../task/previous.js')
const { isTask } = require('../task/task.js')

/** What the promises of members reject with, which may outlive the call. */
const FAILED = undefined

const isKept = (value) => value !== mapSkip

/** Runs no getter, which is read once. */
const mayBePromise = (item) => item === Object(item) && 'then' in item

/** Whether map() of that can be a light call. */
function isShort(items, mapper) {
  if (typeof mapper !== 'function' || isMaker(mapper)) return false
  try {
    if (!Array.isArray(items) || items.length > LED) return false
    return items[Symbol.iterator] === arrayIterator && items[Symbol.asyncIterator] === undefined
  } catch {
    return false // a Proxy's handler has thrown: a full call says so
  }
}

/**
 * @param {(begun: Begun) => Promise} full goes on as a full call, when a promise or Task
 *   turns up: of `begun` the items are results
 */
function mapLightly(items, mapper, full) {
  const scope = new Scope()
  const values = []
  try {
    // It may grow meanwhile.
    for (let i = 0; i < items.length; i++) {
      const item = items[i]
      if (i > LED || mayBePromise(item)) return full(new Begun(values, null, i, scope))
      let value = mapper(item, i, contextOf(scope, i, mapper.length > 2))
      if (typeof value === 'function') value = value(contextOf(scope, i, value.length > 0))
      values.push(value)
      if (isTask(value) || value === mapStop) return full(new Begun(values, null, i + 1, scope))
    }
    return followAll(values, scope)
  } catch (error) {
    scope.stop(error)
    values.forEach(observe)
    observeGiven(items) // one may be a getter that throws
    return Promise.reject(error)
  }
}

function followAll(values, scope) {
  const ends = { results: new Array(values.length), failure: null, stopped: false } // emptied at the end
  for (let i = 0; i < values.length; i++) values[i] = follow(values[i], i, ends)
  return react(
    all.call(Promise, values),
    () => {
      const { results } = ends
      ends.results = null
      return results.includes(mapSkip) ? results.filter(isKept) : results
    },
    () => {
      const { failure, results, stopped } = ends
      ends.results = ends.failure = null
      if (stopped) {
        if (scope.isHeard) scope.stop(new AbortError('map: the result is no longer needed'))
        return results.filter(isKept) // without holes
      }
      scope.stop(failure.reason)
      throw failure.reason
    },
  )
}

/** A promise that settles as the member does, and holds nothing; nothing for a value. */
function follow(value, index, ends) {
  const promise = promiseOf(value)
  if (promise === undefined) return void (ends.results[index] = value)
  return react(
    promise,
    (result) => {
      if (ends.results === null || ends.failure !== null) return
      if (result === mapStop) {
        ends.failure = { reason: undefined }
        ends.stopped = true
        throw FAILED
      }
      ends.results[index] = result
    },
    (reason) => {
      if (ends.results !== null) ends.failure ??= { reason }
      throw FAILED
    },
  )
}

module.exports = { isShort, mapLightly }
