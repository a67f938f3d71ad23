'use strict'
// Calls whose members are made one by one: items that are pulled from an
// iterable, and a mapper.

const { AsyncResource } = require('node:async_hooks')
const { isPromise } = require('node:util').types
const { Call } = require('./call.js')
const { typeError } = require('../errors.js')
const { WINDOW_MEMBERS } = require('../task/group.js')
const { isMaker } = require('../task/makers.js')
const { contextOf } = require('./scope.js')
const { AsyncSource, sourceOf } = require('./source.js')
const { soon } = require('../task/clock.js')

const ignore = () => {}

/** A mapper's result that stands for none. */
const mapSkip = Symbol.for('heddle.mapSkip') // of all copies of heddle

/** The promise of an item that is one, or another thenable; undefined of a value. */
function promiseOf(item) {
  if ((typeof item !== 'object' && typeof item !== 'function') || item === null) return undefined
  if (isPromise(item)) return Promise.resolve(item)
  const { then } = item
  if (typeof then !== 'function') return undefined
  // As await does, but then is not read again.
  return new Promise((resolve, reject) => {
    void soon(() => {
      try {
        Reflect.apply(then, item, [resolve, reject])
      } catch (error) {
        reject(error)
      }
    })
  })
}

class PullCall extends Call {
  source = null
  mapper
  pulled = 0 // items so far
  over = false // whether all have been pulled
  #alone = false // whether the mapper takes the item alone
  #resource // the context in which the source is closed

  read([items, mapper]) {
    if (typeof mapper !== 'function') {
      throw typeError(this.name, 'argument "mapper"', 'a function', mapper)
    }
    this.mapper = mapper
    this.#alone = isMaker(mapper)
    this.source = sourceOf(this.name, items)
    if (this.source.close !== undefined) this.#resource = new AsyncResource('heddle.source')
  }

  /** In one group. */
  mostFrom() {
    return WINDOW_MEMBERS
  }

  get total() {
    return this.over ? this.pulled : this.source?.size
  }

  get isAsync() {
    return this.source instanceof AsyncSource
  }

  /** Calls the mapper. `slot` is the position where a Task goes. */
  apply(slot, item, index) {
    if (this.plain && this.trace === null) {
      const { mapper } = this
      const value = this.#alone ? mapper(item) : mapper(item, index, this.#context(index, mapper.length > 2))
      return typeof value === 'function' ? value(this.#context(index, value.length > 0)) : value
    }
    if (this.trace === null) return this.#attempts(slot, item, index)
    const name = this.mapper.name || 'function'
    return this.trace.start(index, index, name, () => this.#attempts(slot, item, index))
  }

  #context(index, declared) {
    return contextOf(this.scopeOf(index), index, declared)
  }

  #attempts(slot, item, index) {
    const { mapper } = this
    const start = (context) => {
      const value = this.#alone ? mapper(item) : mapper(item, index, context)
      return typeof value === 'function' ? value(context) : value
    }
    return this.attempts(start, slot, index, mapper.name)
  }

  /** What gives a function's signal. */
  scopeOf(_index) {
    return this.scope
  }

  /** What is to be awaited for an item. */
  mapped(slot, item, index) {
    const promise = promiseOf(item)
    if (promise !== undefined) return this.mapAwaited(slot, promise, index)
    return this.awaitable(slot, this.apply(slot, item, index))
  }

  /** Promises among the items are awaited before the mapper is called. */
  async mapAwaited(slot, promise, index) {
    const value = await this.shared(promise)
    if (this.ended) return undefined
    return this.awaitable(slot, this.apply(slot, value, index))
  }

  release() {
    super.release()
    this.over = true
    try {
      const closing = this.#resource?.runInAsyncScope(this.source.close, this.source)
      if (closing !== undefined) Promise.resolve(this.track(closing)).catch(ignore)
    } catch {
      // What the call ends with counts.
    }
    this.source = null
  }
}

module.exports = { PullCall, mapSkip, promiseOf }
