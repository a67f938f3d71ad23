'use strict'
// Where pulled items come from: arrays, Sets and Maps, which may grow meanwhile;
// other iterables, async iterables. An iterator that is left early is closed; one
// that throws or ends is not.

const { methodOf } = require('./collect.js')
const { typeError } = require('../errors.js')
const { isTask } = require('../task/task.js')
const { arrayIterator, mapIterator, mapSize, setIterator, setSize } = require('../task/intrinsics.js')

function checkResult(where, result) {
  if (Object(result) !== result) throw typeError(where, "the iterator's result", 'an object', result)
}

/** The iterator, and its next(), which is read once. */
function iteratorOf(where, iterable, method) {
  const iterator = Reflect.apply(method, iterable, [])
  const next = Object(iterator) === iterator ? iterator.next : undefined
  if (typeof next !== 'function') {
    throw typeError(where, 'the iterator of the items', 'an object with next()', iterator)
  }
  return { iterator, next }
}

class ArraySource {
  value
  #next = 0
  #observed = 0
  #array

  constructor(array) {
    this.#array = array
  }

  /** Tells the call, by expect(item, index), of items that wait for their turn, once of each. */
  tellOf(call) {
    const array = this.#array
    if (this.#observed < this.#next) this.#observed = this.#next
    for (let i; (i = this.#observed) < array.length; ) {
      this.#observed++
      call.expect(array[i], i)
    }
  }

  /** Whether there was one more item: it is in `value` then. */
  pull() {
    if (this.#next >= this.#array.length) return false
    this.value = this.#array[this.#next++]
    return true
  }

  /** Whether there may be more after there was none. */
  get grows() {
    return true
  }

  get size() {
    return this.#array.length
  }
}

class IterableSource {
  value
  #where
  #iterator
  #next
  #over = false

  constructor(where, iterable, method) {
    this.#where = where
    const { iterator, next } = iteratorOf(where, iterable, method)
    this.#iterator = iterator
    this.#next = next
  }

  pull() {
    if (this.#over) return false
    this.#over = true // unless it gives one more
    const result = Reflect.apply(this.#next, this.#iterator, [])
    checkResult(this.#where, result)
    if (result.done) return false
    this.value = result.value
    this.#over = false
    return true
  }

  get grows() {
    return false
  }

  /** Items in all, undefined while that is unknown. */
  get size() {
    return undefined
  }

  close() {
    if (this.#over) return undefined
    this.#over = true
    return this.#iterator.return?.()
  }
}

/**
 * A Set or Map. Its iterator sees what is added, but only until it has once said
 * that there is nothing more: so it is asked only when there seems to be more, or
 * when this is the last chance.
 */
class SetSource extends IterableSource {
  #of
  #size
  #pulled = 0
  #past = 0 // items behind the iterator that seem to be there still
  #before // size when it was last looked at
  #observed // whether items were told of; null of a Map, which has none that are promises

  constructor(where, iterable, method, size) {
    super(where, iterable, method)
    this.#of = iterable
    this.#size = size
    this.#before = this.#present
    this.#observed = method === setIterator ? false : null
  }

  /** As ArraySource's; those that are added later are not told of. */
  tellOf(call) {
    if (this.#observed !== false) return
    this.#observed = true
    let index = 0
    for (const item of Reflect.apply(setIterator, this.#of, [])) {
      if (index++ >= this.#past) call.expect(item, index)
    }
  }

  get #present() {
    return Reflect.apply(this.#size, this.#of, [])
  }

  #look() {
    const present = this.#present
    // What was deleted had been pulled, most likely.
    if (present < this.#before) this.#past = Math.max(0, this.#past - (this.#before - present))
    this.#before = present
    return present - this.#past
  }

  /** `isLast`: whether nothing can be added any more that is to be seen. */
  pull(isLast) {
    if (this.#look() <= 0 && !isLast) return false
    if (!super.pull()) return false
    this.#pulled++
    this.#past++
    return true
  }

  get grows() {
    return true
  }

  get size() {
    return this.#pulled + Math.max(0, this.#look())
  }
}

class AsyncSource {
  #where
  #items
  #iterator
  #next
  #over = false

  constructor(where, items, method) {
    this.#where = where
    this.#items = items
    const { iterator, next } = iteratorOf(where, items, method)
    this.#iterator = iterator
    this.#next = next
  }

  get grows() {
    return false
  }

  get size() {
    return undefined
  }

  /**
   * The next item; not called while another pull is under way.
   * @returns {Promise<{value: unknown} | undefined>} undefined at the end
   */
  async pull() {
    if (this.#over) return undefined
    let more = false
    try {
      const result = await Reflect.apply(this.#next, this.#iterator, [])
      checkResult(this.#where, result)
      if (this.#over || result.done) return undefined
      const { value } = result
      more = true
      return { __proto__: null, value }
    } finally {
      if (!more) this.#over = true
    }
  }

  /** @returns {Promise<unknown> | undefined} */
  close() {
    if (this.#over) return undefined
    this.#over = true
    try {
      return this.#iterator.return?.()
    } finally {
      destroy(this.#items)
    }
  }
}

/**
 * A stream's iterator is a generator: left before its first item it does nothing,
 * and while it waits for the next one it waits on.
 */
function destroy(items) {
  if (typeof items.read !== 'function' || typeof items.destroy !== 'function') return
  if (typeof items.pipe === 'function' && !items.destroyed) items.destroy()
}

const LIST = 'an iterable or async iterable of items'

/** @param {string} where the combinator's name */
function sourceOf(where, items) {
  const isObject = typeof items === 'object' && items !== null && !isTask(items)
  if (!isObject) throw typeError(where, 'the items', LIST, items)
  const asyncMethod = methodOf(where, 'the items', items, Symbol.asyncIterator)
  if (asyncMethod !== undefined) return new AsyncSource(where, items, asyncMethod)
  const method = methodOf(where, 'the items', items, Symbol.iterator)
  if (method === undefined) throw typeError(where, 'the items', LIST, items)
  if (Array.isArray(items) && method === arrayIterator) return new ArraySource(items)
  if (method === setIterator) return new SetSource(where, items, method, setSize)
  if (method === mapIterator) return new SetSource(where, items, method, mapSize)
  return new IterableSource(where, items, method)
}

module.exports = { AsyncSource, sourceOf }
