'use strict'
// Where pulled items come from: arrays, other iterables, async iterables. An
// iterator that is left early is closed; one that throws or ends is not.

const { observe } = require('./collect.js')
const { typeError } = require('../errors.js')
const { isTask } = require('../task/task.js')

const arrayIterator = Array.prototype[Symbol.iterator]

function checkResult(where, result) {
  if (Object(result) !== result) throw typeError(where, "the iterator's result", 'an object', result)
}

function iteratorOf(where, iterable, method) {
  const iterator = Reflect.apply(method, iterable, [])
  if (typeof iterator?.next !== 'function') {
    throw typeError(where, 'the iterator of the items', 'an object with next()', iterator)
  }
  return iterator
}

class ArraySource {
  value
  #next = 0
  #array

  constructor(array) {
    this.#array = array
    array.forEach(observe) // promises that wait for their turn do not count as unhandled
  }

  /** Whether there was one more item: it is in `value` then. */
  pull() {
    if (this.#next >= this.#array.length) return false
    this.value = this.#array[this.#next++]
    return true
  }

  get size() {
    return this.#array.length
  }
}

class IterableSource {
  value
  size
  #where
  #iterator
  #next
  #over = false

  constructor(where, iterable, method) {
    this.#where = where
    const sized = method === Set.prototype.values || method === Map.prototype.entries
    this.size = sized ? iterable.size : undefined
    this.#iterator = iteratorOf(where, iterable, method)
    this.#next = this.#iterator.next
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

  close() {
    if (this.#over) return undefined
    this.#over = true
    return this.#iterator.return?.()
  }
}

class AsyncSource {
  size = undefined
  #where
  #iterator
  #next
  #over = false
  #last = Promise.resolve() // the pull before

  constructor(where, iterable, method) {
    this.#where = where
    this.#iterator = iteratorOf(where, iterable, method)
    this.#next = this.#iterator.next
  }

  /**
   * One after the other, whoever calls.
   * @returns {Promise<{value: unknown} | undefined>} undefined at the end
   */
  pull() {
    const pulled = this.#last.then(() => this.#pull())
    this.#last = pulled.catch(() => {})
    return pulled
  }

  async #pull() {
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
    return this.#iterator.return?.()
  }
}

const LIST = 'an iterable or async iterable of items'

/** @param {string} where the combinator's name */
function sourceOf(where, items) {
  const isObject = typeof items === 'object' && items !== null && !isTask(items)
  if (!isObject) throw typeError(where, 'the items', LIST, items)
  const asyncMethod = items[Symbol.asyncIterator]
  if (typeof asyncMethod === 'function') return new AsyncSource(where, items, asyncMethod)
  const method = items[Symbol.iterator]
  if (typeof method !== 'function') throw typeError(where, 'the items', LIST, items)
  const plain = Array.isArray(items) && method === arrayIterator
  return plain ? new ArraySource(items) : new IterableSource(where, items, method)
}

module.exports = { AsyncSource, sourceOf }
