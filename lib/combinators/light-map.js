'use strict'
// map() of a short array without options.

const { observe } = require('../call/collect.js')
const { Light } = require('../call/light.js')
const { mapSkip } = require('../call/pull.js')
const { promiseOf, react } = require('../call/promises.js')
const { contextOf } = require('../call/scope.js')
const { LED } = require('../call/trail.js')
const { isTask } = require('../task/task.js')

const { all } = Promise
const arrayIterator = Array.prototype[Symbol.iterator]

/** What the promises of members reject with, which may outlive the call. */
const FAILED = undefined

/** Runs no getter, which is read once. */
const mayBePromise = (item) => item === Object(item) && 'then' in item

class LightMap extends Light {
  name = 'map'
  values = []
  #mapper
  #ends = { results: [], failure: null } // filled by promises; emptied at the end

  constructor(items, mapper) {
    super({ items, keys: null })
    this.#mapper = mapper
  }

  /** Whether that can be a light call. */
  static takes(items, mapper) {
    if (typeof mapper !== 'function' || !Array.isArray(items) || items.length > LED) return false
    return items[Symbol.iterator] === arrayIterator && items[Symbol.asyncIterator] === undefined
  }

  run(full) {
    const { items, values } = this
    try {
      // It may grow meanwhile.
      for (let i = 0; i < items.length; i++) {
        if (i > LED || mayBePromise(items[i])) return full(this)
        values[i] = this.#map(items[i], i)
        this.started = i + 1
        if (isTask(values[i])) return full(this)
      }
      return this.#follow()
    } catch (error) {
      this.scope?.stop(error)
      this.values.forEach(observe)
      this.items.forEach(observe)
      return Promise.reject(error)
    }
  }

  #map(item, index) {
    const mapper = this.#mapper
    const value = mapper(item, index, contextOf(this.scopeOf(index), index, mapper.length > 2))
    if (typeof value !== 'function') return value
    return value(contextOf(this.scopeOf(index), index, value.length > 0))
  }

  #follow() {
    const { values, scope } = this
    const ends = this.#ends
    const told = new Array(values.length)
    for (let i = 0; i < values.length; i++) told[i] = follow(values[i], i, ends)
    return react(
      all.call(Promise, told),
      () => {
        const { results } = ends
        ends.results = null
        return results.includes(mapSkip) ? results.filter((value) => value !== mapSkip) : results
      },
      () => {
        const { reason } = ends.failure
        ends.results = ends.failure = null
        scope.stop(reason)
        throw reason
      },
    )
  }
}

/** A promise that settles as the member does, and holds nothing; nothing for a value. */
function follow(value, index, ends) {
  const promise = promiseOf(value)
  if (promise === undefined) return void (ends.results[index] = value)
  return react(
    promise,
    (result) => {
      if (ends.results !== null) ends.results[index] = result
    },
    (reason) => {
      if (ends.results !== null) ends.failure ??= { reason }
      throw FAILED
    },
  )
}

module.exports = { LightMap }
