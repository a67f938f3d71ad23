'use strict'

const { typeError } = require('../errors.js')
const { keep } = require('../task/keep.js')
const { ListCall } = require('../call/list.js')
const { names, retryPolicy } = require('../call/retrying.js')
const { bare } = require('../task/own.js')

const OPTIONS = [...names, 'concurrency', 'key', 'weight', 'signal', 'timeout', 'itemTimeout', 'join', 'priority']

class Retry extends ListCall {
  name = 'retry'

  read(fn) {
    if (typeof fn !== 'function') throw typeError('retry', 'argument "fn"', 'a function', fn)
    this.work = [fn]
  }

  prepare() {
    this.options = bare(this.options, { retry: retryPolicy(this.options) })
  }

  keyOf() {
    return undefined // there is but one
  }

  member(_position, fulfilled, value) {
    this.end(fulfilled, value)
  }
}

keep(new Retry())

/** As lib/index.js has it: (fn, options, caller). */
const retry = Retry.start.bind(Retry, Retry, OPTIONS)

module.exports = { retry }
