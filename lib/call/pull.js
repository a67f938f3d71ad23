'use strict'
// Calls whose members are made one by one: items that are pulled from an
// iterable, and a mapper.

const { AsyncResource } = require('node:async_hooks')
const { Call } = require('./call.js')
const { typeError } = require('../errors.js')
const { WINDOW_MEMBERS } = require('../task/group.js')
const { isMaker } = require('../task/makers.js')
const { mapSkip } = require('../task/previous.js')
const { contextOf } = require('./scope.js')
const { observeGiven } = require('./collect.js')
const { Lane, laneEnded } = require('./lane.js')
const { promiseOf } = require('./promises.js')
const { nextTurn, Turns } = require('./turns.js')
const { AsyncSource, sourceOf } = require('./source.js')

const ignore = () => {}

class PullCall extends Call {
  source = null
  mapper
  pulled = 0 // items so far
  over = false // whether all have been pulled
  running = 0 // items that are mapped in lanes
  indexes = [] // of the items that lanes have; of their Tasks in `work`
  turns = new Turns()
  closed // a promise for the closing of the source, if it was left
  #alone = false // whether the mapper takes the item alone
  #free = [] // lanes
  #filling = false // that has begun: a pull, a turn of the loop, or it is up the stack
  #puller = null // waits for an async source
  #resource // the context in which the source is closed

  read([items, mapper]) {
    if (typeof mapper !== 'function') {
      throw typeError(this.name, 'argument "mapper"', 'a function', mapper)
    }
    this.mapper = mapper
    this.#alone = isMaker(mapper)
    this.openSource(items)
  }

  openSource(items) {
    this.source = sourceOf(this.name, items)
    if (this.source.close !== undefined) this.#resource = new AsyncResource('heddle.source')
  }

  refuse(given) {
    given.forEach(observeGiven)
  }

  /** In one group. */
  mostFrom() {
    return WINDOW_MEMBERS
  }

  get total() {
    if (this.over) return this.pulled
    const size = this.source?.size
    return size === undefined ? undefined : Math.max(size, this.pulled)
  }

  get isAsync() {
    return this.source instanceof AsyncSource
  }

  // ---- A few at a time ----

  /** Whether one more item may be pulled now. */
  hasRoom() {
    return false
  }

  /** Whether a list that has no more items may get some that are to be seen. */
  get mayGrow() {
    return this.running > 0
  }

  /** All have been pulled, and mapped. */
  allMapped() {}

  /** Pulls items and maps them while there is room; an async source, one after the other. */
  fill() {
    if (this.#filling) return
    this.#filling = true
    while (this.hasRoom()) {
      if (this.turns.due()) return nextTurn(() => this.#fillOn())
      if (this.isAsync) return this.#pull()
      if (!this.#take()) break
    }
    this.#filling = false
    this.source?.observe?.() // what mappers have added
    if (this.over && this.running === 0 && !this.ended) this.allMapped()
  }

  #fillOn() {
    this.#filling = false
    this.fill()
  }

  /** False when there is nothing to map, for now. */
  #take() {
    const mayGrow = this.source.grows && this.mayGrow
    try {
      const { source } = this
      const more = source.pull(!mayGrow)
      if (this.ended) return false // by the source
      if (more) {
        this.#map(source.value)
        return true
      }
      if (!mayGrow) this.over = true
    } catch (error) {
      this.end(false, error)
    }
    return false
  }

  #pull() {
    this.#puller ??= new Lane(this.link, (call, fulfilled, value) => call.#pullEnded(fulfilled, value))
    this.#puller.wait(this.track(this.source.pull()))
  }

  #pullEnded(fulfilled, pulled) {
    if (!fulfilled) return this.end(false, pulled)
    if (pulled === undefined) this.over = true
    else this.#map(pulled.value)
    this.#fillOn()
  }

  #map(item) {
    const index = this.pulled++
    const lane = this.#free.pop() ?? new Lane(this.link, laneEnded, this.indexes.length)
    this.indexes[lane.slot] = lane.index = index
    this.running++
    try {
      lane.wait(this.mapped(lane.slot, item, index))
    } catch (error) {
      this.laneEnded(false, error, lane)
    }
  }

  laneEnded(fulfilled, value, lane) {
    this.running--
    this.#free.push(lane)
    this.work[lane.slot] = undefined
    this.done(lane.index, fulfilled, value)
    this.fill()
  }

  // ---- The mapper ----

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
    this.#free = []
    this.mapper = null
    const { source } = this
    this.source = null
    if (source?.close !== undefined) this.#close(source)
  }

  #close(source) {
    try {
      const closing = this.#resource.runInAsyncScope(source.close, source)
      this.closed = promiseOf(this.track(closing))
    } catch (error) {
      this.closed = Promise.reject(error)
    }
    this.closed?.catch(ignore) // unless somebody waits, what the call ends with counts
  }
}

module.exports = { PullCall, mapSkip }
