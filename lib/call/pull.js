'use strict'
// Calls whose members are made one by one: items that are pulled from an
// iterable, and a mapper.

const { Call } = require('./call.js')
const { typeError } = require('../errors.js')
const { WINDOW_MEMBERS } = require('../task/group.js')
const { Resource } = require('../task/intrinsics.js')
const { isMaker } = require('../task/makers.js')
const { mapStop } = require('../task/previous.js')
const { contextOf } = require('./scope.js')
const { NOTHING } = require('./light.js')
const { observe, observeGiven } = require('./collect.js')
const { Lane, NONE } = require('./lane.js')
const { awaitable, promiseOf } = require('./promises.js')
const { nextTurn, Turns } = require('./turns.js')
const { AsyncSource, sourceOf } = require('./source.js')

// An async generator takes 6 microtasks from one item to the next, one that awaits a few more.
const PATIENCE = 12

const ignore = () => {}

/** What the lane that pulls an async source goes by. */
class Puller {
  #call

  constructor(call) {
    this.#call = call
  }

  laneNext() {
    return this.#call.pullNext()
  }

  laneEnded(fulfilled, pulled) {
    this.#call.pullEnded(fulfilled, pulled)
  }

  lead(promise) {
    this.#call.lead(promise)
  }

  end(fulfilled, error) {
    this.#call.end(fulfilled, error)
  }
}

class PullCall extends Call {
  source = null
  isAsync = false
  mapper
  pulled = 0 // items so far
  over = false // whether all have been pulled
  running = 0 // items that are mapped in lanes
  indexes = [] // of the items that lanes have; of their Tasks in `work`
  turns = new Turns()
  reusesPositions = true // for other items
  closed // a promise for the closing of the source, if it was left
  #begun = NOTHING // as a light call
  #alone = false // whether the mapper takes the item alone
  #free = [] // lanes
  #filling = false // that has begun: a pull, a turn of the loop, or it is up the stack
  #puller = null // the lane in which an async source is waited for
  #resource // the context in which the source is closed

  read([items, mapper, begun]) {
    if (begun !== undefined) {
      this.#begun = begun
      this.scope = begun.scope
    }
    if (typeof mapper !== 'function') {
      throw typeError(this.name, 'argument "mapper"', 'a function', mapper)
    }
    this.mapper = mapper
    this.#alone = isMaker(mapper)
    this.openSource(items)
  }

  openSource(items) {
    this.source = sourceOf(this.name, items)
    this.isAsync = this.source instanceof AsyncSource
    if (this.isAsync) this.patience = PATIENCE
    if (this.source.close !== undefined) this.#resource = new Resource('heddle.source')
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

  /**
   * Pulls items and maps them while there is room; an async source, one after the other.
   * @param {Lane} [lane] that has become free
   * @returns what that lane is to await next, or NONE
   */
  fill(lane) {
    if (this.#filling) return this.#leave(lane)
    this.#filling = true
    let own = lane // until it has something to await, or is left
    let awaited = NONE
    while (this.hasRoom()) {
      const isDue = this.turns.due()
      if (isDue || this.isAsync) {
        this.#leave(own)
        if (isDue) nextTurn(() => this.#fillOn())
        else this.#pull()
        return awaited
      }
      if (!this.#take()) break
      const one = own ?? this.#freeLane()
      const started = this.#mapIn(one, this.source.value)
      if (one !== own) this.#startIn(one, started)
      else if ((awaited = started) !== NONE) own = undefined
    }
    this.#filling = false
    this.#leave(own)
    this.#filled()
    return awaited
  }

  #leave(lane) {
    if (lane !== undefined) this.#free.push(lane)
    return NONE
  }

  #fillOn() {
    this.#filling = false
    this.fill()
  }

  #filled() {
    this.source?.tellOf?.(this) // what mappers have added, too
    if (this.over && this.running === 0 && !this.ended) this.allMapped()
  }

  /** Pulls the next item, into source.value. False when there is none, for now. */
  #take() {
    const mayGrow = this.source.grows && this.mayGrow
    try {
      const more = this.pullItem(!mayGrow)
      if (!more && !mayGrow) this.over = true
      return more
    } catch (error) {
      this.end(false, error)
      return false
    }
  }

  /** Asks the source for an item. One that ends the call meanwhile is left with it. */
  pullItem(isLast) {
    const { source } = this
    const more = source.pull(isLast)
    if (!this.ended || !more) return more
    observe(source.value)
    if (source.close !== undefined) this.#close(source)
    return false
  }

  #startIn(lane, awaited) {
    if (awaited === NONE) this.#leave(lane)
    else lane.start(awaited)
  }

  #freeLane() {
    return this.#free.pop() ?? new Lane(this.link, this.indexes.length)
  }

  /** Starts an item in a lane, and gives what to await; NONE when that has failed at once. */
  #mapIn(lane, item) {
    const index = this.pulled++
    this.indexes[lane.slot] = lane.index = index
    this.running++
    try {
      const awaited = awaitable(this.mapped(lane.slot, item, index))
      if (awaited === mapStop) this.over = true // pulls no more; what was before is told first
      return awaited
    } catch (error) {
      this.laneEnded(false, error, lane)
      return NONE
    }
  }

  laneEnded(fulfilled, value, lane) {
    this.running--
    this.work[lane.slot] = undefined
    this.done(lane.index, fulfilled, value)
  }

  laneNext(lane) {
    return this.fill(lane)
  }

  // ---- An async source ----

  /** Its items are pulled by a lane, which goes on while there is room. */
  #pull() {
    this.#puller ??= new Lane({ call: new Puller(this) })
    this.#puller.start(this.track(this.source.pull()))
  }

  /** What the source is asked for next; NONE when it has to wait. */
  pullNext() {
    if (!this.hasRoom()) this.#fillOn()
    else if (this.turns.due()) nextTurn(() => this.#fillOn())
    else return this.track(this.source.pull())
    return NONE
  }

  pullEnded(fulfilled, pulled) {
    if (!fulfilled) return this.end(false, pulled)
    if (pulled === undefined) this.over = true
    else this.#mapPulled(pulled.value)
  }

  #mapPulled(item) {
    const lane = this.#freeLane()
    this.#startIn(lane, this.#mapIn(lane, item))
  }

  // ---- The mapper ----

  /** Calls the mapper. `slot` is the position where a Task goes. */
  apply(slot, item, index) {
    if (index < this.#begun.started) return this.#begun.items[index]
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
  mapAwaited(slot, promise, index) {
    return mapShared(this.link, this.shared(promise), slot, index)
  }

  release() {
    this.#observeRest()
    super.release()
    this.over = true
    this.#free = []
    if (this.#puller !== null) this.#puller.link.call = null
    this.mapper = null
    const { source } = this
    this.source = null
    if (source?.close !== undefined) this.#close(source)
  }

  #observeRest() {
    try {
      this.source?.tellOf?.(this)
    } catch {
      // Nobody asks for an item that cannot be read.
    }
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

/** Its frame, which the promise may keep, holds the link alone: so it is no method. */
async function mapShared(link, shared, slot, index) {
  const value = await shared
  const { call } = link
  if (call === null || call.ended) return undefined
  return call.awaitable(slot, call.apply(slot, value, index))
}

module.exports = { PATIENCE, PullCall }
