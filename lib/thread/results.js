'use strict'
// Results that a thread has put down: see lib/thread/protocol.js.

const { receiveMessageOnPort } = require('node:worker_threads')
const { wordsOf } = require('./errors.js')
const { End, placeOf } = require('./protocol.js')

const plain = []
plain[End.UNDEFINED] = undefined
plain[End.NULL] = null
plain[End.FALSE] = false
plain[End.TRUE] = true

class Results {
  #kinds
  #numbers
  #tray

  constructor({ kinds, numbers }, tray) {
    this.#kinds = kinds
    this.#numbers = numbers
    this.#tray = tray
  }

  /** A slot gets another chunk. */
  clear(slot, length) {
    const first = placeOf(slot)
    this.#kinds.fill(End.NONE, first, first + length)
  }

  /**
   * Takes what a chunk's members have put down since the last time. Chunks have to
   * come in the order in which they are worked off, as things lie on the tray.
   * @returns {{count: number, values?: unknown[], errors?: number[]}} `values`:
   *   undefined when all of them are; `errors`: places in it
   */
  take(chunk) {
    const first = placeOf(chunk.slot)
    const from = chunk.received
    const end = chunk.members.length
    const results = { count: 0, values: undefined, errors: undefined }
    for (let at = from, kind; at < end; at++) {
      kind = Atomics.load(this.#kinds, first + at)
      if (kind === End.NONE) break
      if (kind !== End.UNDEFINED) this.#put(results, kind, first + at)
      else results.values?.push(undefined)
      results.count++
    }
    return results
  }

  #put(results, kind, place) {
    results.values ??= new Array(results.count).fill(undefined)
    if (kind === End.NUMBER) results.values.push(this.#numbers[place])
    else if (kind < End.NUMBER) results.values.push(plain[kind])
    else this.#fetch(results, kind)
  }

  #fetch(results, kind) {
    let value
    let failed = kind === End.ERROR
    try {
      value = receiveMessageOnPort(this.#tray).message
    } catch (error) {
      failed = true
      value = { unsent: wordsOf(error) } // it could be written and cannot be read
    }
    if (failed) (results.errors ??= []).push(results.count)
    results.values.push(value)
  }

  close() {
    this.#tray.close()
  }
}

module.exports = { Results }
