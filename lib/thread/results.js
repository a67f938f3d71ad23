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
  #times = null // when members started and ended, once somebody wants to know

  constructor({ kinds, numbers }, tray) {
    this.#kinds = kinds
    this.#numbers = numbers
    this.#tray = tray
  }

  /** Times are put there from now on. */
  time(times) {
    this.#times = times
  }

  /** A slot gets another chunk. */
  clear(slot, length) {
    const first = placeOf(slot)
    this.#times?.fill(0, 2 * first, 2 * (first + length))
    this.#kinds.fill(End.NONE, first, first + length)
  }

  /**
   * Takes what a chunk's members have put down since the last time. Chunks have to
   * come in the order in which they are worked off, as things lie on the tray.
   * @returns {{count: number, values?: unknown[], errors?: number[], times?: Float64Array}}
   *   `values`: undefined when all of them are; `errors`: places in it; `times`: two of
   *   each, 0 where they are
   *   not known yet; they stand until the chunk's slot has another
   */
  take(chunk) {
    const first = placeOf(chunk.slot)
    const from = chunk.received
    const end = chunk.members.length
    const results = { count: 0, values: undefined, errors: undefined, times: undefined }
    for (let at = from, kind; at < end; at++) {
      kind = Atomics.load(this.#kinds, first + at)
      if (kind === End.NONE) break
      if (kind !== End.UNDEFINED) this.#put(results, kind, first + at)
      else results.values?.push(undefined)
      results.count++
    }
    if (chunk.timed) results.times = this.timesOf(chunk, from, from + results.count)
    return results
  }

  /** The times of a chunk's members, where they stand. */
  timesOf(chunk, from, end) {
    const first = placeOf(chunk.slot)
    return this.#times.subarray(2 * (first + from), 2 * (first + end))
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
