'use strict'

const { aggregate, callSite } = require('../errors.js')
const { FirstCall } = require('../call/first.js')
const { keep } = require('../task/keep.js')
const { lightly, mayBeLight } = require('../call/light.js')
const { LightFirst } = require('../call/light-first.js')
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

class LightAny extends LightFirst {
  name = 'any'
  #errors = []
  #total = this.items.length

  threw(position, error) {
    this.items[position] = Promise.reject(error)
  }

  member(position, fulfilled, value) {
    if (fulfilled) return this.end(true, value, position)
    if (this.#errors.push({ position, value }) < this.#total) return
    this.end(false, aggregate('any', this.#errors, this.#total, callSite(null)))
  }
}

/** As lib/index.js has it. */
function any(work, options, caller) {
  if (!mayBeLight(options)) return full(work, options, caller)
  return lightly('any', work, caller, full, light)
}

const light = (items, keys, _kinds, caller) =>
  new LightAny(items, keys).run((begun) => full(begun, undefined, caller))

const full = (work, options, caller) => Any.start(Any, BOUNDED, work, options, caller)

module.exports = { any }
