'use strict'
// Streams in place of data: Node's Readables, web streams, async iterables. Each has
//   next()        as of an async iterator
//   stop(reason)  nobody wants more: closes it, whatever it is asked for

const { typeError } = require('../errors.js')

const ignore = () => {}

const isFunction = (value) => typeof value === 'function'

/** How an object is read; undefined for what is no stream. Runs its getters. */
function kindOf(value) {
  if (typeof value !== 'object' || value === null) return undefined
  if (isFunction(value.pipe) && isFunction(value.on) && isFunction(value.read)) return NodeSource
  if (isFunction(value.getReader) && isFunction(value.cancel)) return WebSource
  return isFunction(value[Symbol.asyncIterator]) ? IterableSource : undefined
}

// What has been given to a Task: it can be read once.
const given = new WeakSet()

class NodeSource {
  #stream
  #iterator = null

  constructor(stream, refuse) {
    this.#stream = stream
    refuse(this.#isOver, 'a stream that has not ended')
    stream.on('error', ignore) // who reads it hears of it; a Task may never start
  }

  /** It has nothing to give any more, nor an error of its own. */
  get #isOver() {
    const { readableEnded, destroyed, errored } = this.#stream
    return readableEnded === true || (destroyed === true && !errored)
  }

  begin(refuse) {
    refuse(this.#isOver, 'a stream that has not ended')
    this.#iterator = this.#stream[Symbol.asyncIterator]()
  }

  next() {
    return this.#iterator.next()
  }

  stop() {
    this.#stream.destroy()
  }
}

class WebSource {
  #stream
  #reader = null

  constructor(stream, refuse) {
    this.#stream = stream
    refuse(stream.locked === true, 'a stream that nobody else reads')
  }

  begin(refuse) {
    refuse(this.#stream.locked === true, 'a stream that nobody else reads')
    this.#reader = this.#stream.getReader()
    this.#reader.closed?.catch?.(ignore) // next() tells
  }

  next() {
    return this.#reader.read()
  }

  stop(reason) {
    this.#reader.cancel(reason).catch(ignore)
  }
}

class IterableSource {
  #where
  #iterable
  #iterator = null
  #done = false

  constructor(iterable, _refuse, where) {
    this.#where = where
    this.#iterable = iterable
  }

  begin(refuse) {
    this.#iterator = this.#iterable[Symbol.asyncIterator]()
    refuse(!isFunction(this.#iterator?.next), 'an async iterable with an iterator that has next()')
  }

  async next() {
    try {
      const result = await this.#iterator.next()
      if (Object(result) !== result) throw typeError(this.#where, "the iterator's result", 'an object', result)
      this.#done = Boolean(result.done)
      return result
    } catch (error) {
      this.#done = true
      throw error
    }
  }

  /** Of a generator that waits it takes effect when that goes on. */
  stop() {
    if (this.#done) return
    void (async () => this.#iterator.return?.())().catch(ignore)
  }
}

/**
 * The source of an argument; undefined for what is no stream. Throws when it cannot be read.
 * @param {string} where the task
 * @param {string} label of the argument
 */
function sourceOf(where, label, value) {
  const Source = kindOf(value)
  if (Source === undefined) return undefined
  const refuse = (isBad, expected) => {
    if (isBad) throw typeError(where, label, expected, value)
  }
  refuse(given.has(value), 'a stream that no other Task was given')
  const source = new Source(value, refuse, where)
  given.add(value)
  return { source, begin: () => source.begin(refuse) }
}

module.exports = { kindOf, sourceOf }
