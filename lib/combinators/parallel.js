'use strict'

const { aggregate } = require('../errors.js')
const { keep } = require('../task/keep.js')
const { keyed, ListCall, listed } = require('../call/list.js')
const { Policy } = require('../task/native.js')
const { Begun, lightly, mayBeLight, startAll } = require('../call/light.js')
const { BOUNDED } = require('../call/options.js')
const { Scope } = require('../call/scope.js')
const { observe } = require('../call/collect.js')
const { react } = require('../call/promises.js')
const { all } = require('../task/intrinsics.js')

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
    else this.end(false, aggregate(this.name, this.#errors, this.work.length, this.site))
  }
}

keep(new Parallel())

class ParallelKeyed extends Parallel {
  name = 'allKeyed'
  form = keyed
}

const startOf = (Class) => (work, options, caller) => Class.start(Class, OPTIONS, work, options, caller)

const full = startOf(Parallel)
const fullKeyed = startOf(ParallelKeyed)

/** As lib/index.js has it. */
function parallel(work, options, caller) {
  if (!mayBeLight(options)) return full(work, options, caller)
  return lightly('parallel', work, caller, full, light)
}

/** As lib/index.js has it. */
function allKeyed(work, options, caller) {
  if (!mayBeLight(options)) return fullKeyed(work, options, caller)
  return lightly('allKeyed', work, caller, fullKeyed, lightKeyed, keyed)
}

const light = (items, keys, kinds, caller) =>
  kinds === 0 && keys === null ? all.call(Promise, items) : follow(items, keys, caller, full, listed)

const lightKeyed = (items, keys, _kinds, caller) => follow(items, keys, caller, fullKeyed, keyed)

/** Gives the last promise of the chain: it is the one that may be unhandled. */
function follow(items, keys, caller, goOn, { shape }) {
  const scope = new Scope()
  try {
    const started = startAll(items, keys, scope, rethrow)
    if (started > 0) return goOn(new Begun(items, keys, started, scope), undefined, caller)
  } catch (error) {
    scope.stop(error)
    items.forEach(observe)
    return Promise.reject(error)
  }
  const promise = all.call(Promise, items)
  const onFulfilled = keys === null ? undefined : (results) => shape(keys, results)
  return react(promise, onFulfilled, (reason) => {
    scope.stop(reason)
    throw reason
  })
}

function rethrow(error) {
  throw error
}

module.exports = { allKeyed, parallel }
