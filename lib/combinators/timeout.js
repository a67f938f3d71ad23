'use strict'

const { observe } = require('../call/collect.js')
const { isError, typeError } = require('../errors.js')
const { FirstCall } = require('../call/first.js')
const { keep } = require('../task/keep.js')
const { bare } = require('../task/own.js')

const OPTIONS = ['milliseconds', 'message', 'fallback', 'concurrency', 'key', 'weight', 'signal', 'join', 'priority']

class Timeout extends FirstCall {
  name = 'timeout'

  read(work) {
    this.work = [work]
  }

  prepare() {
    super.prepare()
    const { milliseconds } = this.options
    if (milliseconds === undefined) {
      throw typeError('timeout', 'option "milliseconds"', 'a number of ms', milliseconds)
    }
    this.options = bare(this.options, { timeout: milliseconds })
  }

  keyOf() {
    return undefined // there is but one
  }

  member(_position, fulfilled, value) {
    this.end(fulfilled, value)
  }

  timedOut() {
    const { message, fallback } = this.options
    const words = typeof message === 'string' ? message : undefined
    const error = isError(message) ? message : this.timeoutError(words)
    if (fallback !== undefined) {
      const result = new Promise((resolve) => resolve(fallback()))
      observe(result) // `join` may wait
      this.end(true, result, error)
    } else if (message === false) {
      this.end(true, undefined, error)
    } else {
      this.end(false, error)
    }
  }
}

keep(new Timeout())

/** As lib/index.js has it: (work, options, caller). */
const timeout = Timeout.start.bind(Timeout, Timeout, OPTIONS)

module.exports = { timeout }
