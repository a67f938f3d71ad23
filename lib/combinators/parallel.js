'use strict'

const { Call } = require('../call.js')
const { aggregate } = require('../errors.js')
const { keep } = require('../keep.js')
const { Policy } = require('../native.js')

const OPTIONS = [
  'concurrency',
  'signal',
  'timeout',
  'itemTimeout',
  'stopOnError',
  'join',
  'priority',
  'onProgress',
]

class Parallel extends Call {
  name = 'parallel'
  policy = Policy.ALL
  #results = null
  #errors = []
  #left

  prepare() {
    if (this.options.stopOnError === false) this.policy = Policy.SETTLED
    this.#left = this.tasks.length
    if (this.#left === 0) this.end(true, this.shape([]))
  }

  member(position, fulfilled, value) {
    this.#results ??= new Array(this.tasks.length)
    if (fulfilled) this.#results[position] = value
    else if (this.policy === Policy.ALL) return this.end(false, value)
    else this.#errors.push({ position, value })
    if (--this.#left > 0) return
    if (this.#errors.length === 0) this.end(true, this.shape(this.#results))
    else this.end(false, this.#aggregate())
  }

  #aggregate() {
    const errors = this.#errors.sort((a, b) => a.position - b.position).map((e) => e.value)
    const message = `parallel: ${errors.length} of ${this.tasks.length} failed`
    return aggregate(errors, message, this.site)
  }
}

keep(new Parallel())

/**
 * Runs all the work over the cores. Fulfils when all is done, with the results
 * in input order (or under the same keys); rejects with the first failure and
 * cancels the rest.
 */
function parallel(work, options) {
  return Call.start(Parallel, OPTIONS, work, options, parallel)
}

module.exports = { parallel }
