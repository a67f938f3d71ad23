'use strict'

/** First in, first out; shift() of an array moves all the rest. */
class Queue {
  #items = []
  #first = 0

  get length() {
    return this.#items.length - this.#first
  }

  push(item) {
    this.#items.push(item)
  }

  /** The oldest item; undefined when there is none. */
  shift() {
    const item = this.#items[this.#first]
    this.#items[this.#first] = undefined
    if (this.#first < this.#items.length) this.#first++
    if (this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first)
      this.#first = 0
    }
    return item
  }

  clear() {
    this.#items = []
    this.#first = 0
  }
}

module.exports = { Queue }
