'use strict'

const { aggregate } = require('../errors.js')
const { FirstCall } = require('../call/first.js')
const { keep } = require('../task/keep.js')
const { Policy } = require('../task/native.js')
const { BOUNDED } = require('../call/options.js')

class Any extends FirstCall {
  name = 'any'
  policy = Policy.ANY
  #errors = []

  prepare() {
    super.prepare()
    if (this.work.length === 0) this.#allFailed()
  }

  member(position, fulfilled, value) {
    if (fulfilled) return this.end(true, value)
    this.#errors.push({ position, value })
    if (this.#errors.length === this.work.length) this.#allFailed()
  }

  #allFailed() {
    this.end(false, aggregate('any', this.#errors, this.work.length, this.site))
  }
}

keep(new Any())

/** As lib/index.js has it: (work, options, caller). */
const any = Any.start.bind(Any, Any, BOUNDED)

module.exports = { any }
