'use strict'

const { CHECKED, Call } = require('../call.js')
const { misuse } = require('../errors.js')
const { keep } = require('../keep.js')
const { Policy } = require('../native.js')
const { State, stateOf, usesPrevious } = require('../task.js')

const OPTIONS = ['signal', 'timeout', 'itemTimeout', 'join', 'priority', 'onProgress']

// Native steps that follow each other go down as one group and run on one
// thread. A step that has started elsewhere ends such a run: it is waited for.
class Sequential extends Call {
  name = 'sequential'
  policy = Policy.SEQUENCE
  #results
  #settled = 0
  #inRun = false

  prepare() {
    this.#results = new Array(this.tasks.length)
    if (this.tasks.length === 0) this.end(true, this.shape(this.#results))
  }

  checkTask(task, position) {
    if (position === 0 && usesPrevious(task)) {
      throw misuse('sequential: the first step has no previous result')
    }
  }

  window() {
    const { tasks } = this
    while (this.next < tasks.length && !this.ended && !this.full) {
      const position = this.next
      if (position >= CHECKED) this.check(position)
      if (stateOf(tasks[position]) === State.IDLE) {
        this.next++
        this.add(position, this.#inRun ? undefined : this.#before(position))
        this.#inRun = true
      } else if (!this.#follow(position)) {
        return false
      }
    }
    return this.flush()
  }

  /** A step that has started elsewhere. False when it must be waited for. */
  #follow(position) {
    if (!this.flush()) return false
    this.closeGroup()
    if (this.#settled < position) return false // the run before it ends first
    if (usesPrevious(this.tasks[position])) {
      throw misuse(`sequential: step ${position}, with 'previous' in it, has run already`)
    }
    this.next++
    if (this.ask(position)) return this.#settled > position
    this.next-- // it is not started any more
    return true
  }

  /** The previous result, where it is known here. */
  #before(position) {
    return position === 0 ? undefined : [this.#results[position - 1]]
  }

  member(position, fulfilled, value) {
    if (!fulfilled) return this.end(false, value)
    this.#results[position] = value
    this.#settled++
    if (this.#settled === this.tasks.length) return this.end(true, this.shape(this.#results))
    // In the middle of a run the addon holds the last result back.
    if (this.#settled < this.next) return
    this.#inRun = false
    this.pump()
  }
}

keep(new Sequential())

/**
 * Runs the steps one after the other; `previous` in a step stands for the
 * result of the one before. Fulfils with all results; rejects with the first
 * failure, and later steps never start.
 */
function sequential(work, options) {
  return Call.start(Sequential, OPTIONS, work, options, sequential)
}

module.exports = { sequential }
