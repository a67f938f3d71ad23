'use strict'

const { aggregate } = require('../errors.js')
const { keep } = require('../task/keep.js')
const { ListCall } = require('../call/list.js')
const { Policy } = require('../task/native.js')
const { BOUNDED } = require('../call/options.js')

const OPTIONS = [...BOUNDED, 'stopOnError']

class Parallel extends ListCall {
  name = 'parallel'
  #results = null // made late: a large one takes a ms
  #errors = []
  #left

  prepare() {
    super.prepare()
    if (this.options.stopOnError === false) this.policy = Policy.SETTLED
    this.#left = this.work.length
    if (this.#left === 0) this.end(true, this.shape([]))
  }

  release() {
    this.#results = null
    super.release()
  }

  member(position, fulfilled, value) {
    this.#results ??= new Array(this.work.length)
    if (fulfilled) this.#results[position] = value
    else if (this.options.stopOnError !== false) return this.end(false, value)
    else this.#errors.push({ position, value })
    if (--this.#left > 0) return
    if (this.#errors.length === 0) this.end(true, this.shape(this.#results))
    else this.end(false, aggregate('parallel', this.#errors, this.work.length, this.site))
  }
}

keep(new Parallel())

/** As lib/index.js has it: (work, options, caller). */
const parallel = Parallel.start.bind(Parallel, Parallel, OPTIONS)

module.exports = { parallel }
