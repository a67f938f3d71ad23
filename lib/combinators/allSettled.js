'use strict'

const { keep } = require('../task/keep.js')
const { Begun, lightly, mayBeLight, startAll } = require('../call/light.js')
const { ListCall, shape } = require('../call/list.js')
const { Policy } = require('../task/native.js')
const { BOUNDED } = require('../call/options.js')
const { Scope } = require('../call/scope.js')
const { react } = require('../call/promises.js')

const { allSettled: settled } = Promise

class AllSettled extends ListCall {
  name = 'allSettled'
  policy = Policy.SETTLED
  #results = []
  #left

  read(work) {
    super.read(work)
    this.#left = this.work.length
    this.#results = new Array(this.#left)
  }

  prepare() {
    super.prepare()
    if (this.#left === 0) this.#fulfil()
  }

  member(position, fulfilled, value) {
    this.#results[position] = fulfilled
      ? { status: 'fulfilled', value }
      : { status: 'rejected', reason: value }
    if (--this.#left === 0) this.#fulfil()
  }

  /** What has not settled is rejected with the reason. */
  stop(reason) {
    for (let i = 0; i < this.#results.length; i++) {
      this.#results[i] ??= { status: 'rejected', reason }
    }
    this.#fulfil(reason)
  }

  release() {
    this.#results = []
    super.release()
  }

  #fulfil(reason) {
    this.end(true, this.shape(this.#results), reason)
  }
}

keep(new AllSettled())

/**
 * Runs all the work. Fulfils when all is done, or when it is stopped, with
 * {status, value} or {status, reason} of each member.
 */
function allSettled(work, options) {
  return mayBeLight(options) ? lightly('allSettled', work, full, light) : full(work, options)
}

const full = (work, options) => AllSettled.start(AllSettled, BOUNDED, work, options, allSettled)

function light(items, keys, kinds) {
  if (kinds !== 0) {
    const scope = new Scope()
    const started = startAll(items, keys, scope, rejected)
    if (started > 0) return full(new Begun(items, keys, started, scope))
  }
  const promise = settled.call(Promise, items)
  return keys === null ? promise : react(promise, (results) => shape(keys, results))
}

const rejected = (error) => Promise.reject(error)

module.exports = { allSettled }
