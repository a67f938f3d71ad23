'use strict'

const { keep } = require('../task/keep.js')
const { Begun, lightly, mayBeLight, startAll } = require('../call/light.js')
const { keyed, ListCall, listed } = require('../call/list.js')
const { Policy } = require('../task/native.js')
const { BOUNDED } = require('../call/options.js')
const { Scope } = require('../call/scope.js')
const { react } = require('../call/promises.js')
const { allSettled: settle } = require('../task/intrinsics.js')

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

class AllSettledKeyed extends AllSettled {
  name = 'allSettledKeyed'
  form = keyed
}

const startOf = (Class) => (work, options, caller) => Class.start(Class, BOUNDED, work, options, caller)

const full = startOf(AllSettled)
const fullKeyed = startOf(AllSettledKeyed)

/** As lib/index.js has it. */
function allSettled(work, options, caller) {
  if (!mayBeLight(options)) return full(work, options, caller)
  return lightly('allSettled', work, caller, full, light)
}

/** As lib/index.js has it. */
function allSettledKeyed(work, options, caller) {
  if (!mayBeLight(options)) return fullKeyed(work, options, caller)
  return lightly('allSettledKeyed', work, caller, fullKeyed, lightKeyed, keyed)
}

const light = (items, keys, kinds, caller) => follow(items, keys, kinds, caller, full, listed)

const lightKeyed = (items, keys, kinds, caller) => follow(items, keys, kinds, caller, fullKeyed, keyed)

function follow(items, keys, kinds, caller, goOn, { shape }) {
  if (kinds !== 0) {
    const scope = new Scope()
    const started = startAll(items, keys, scope, rejected)
    if (started > 0) return goOn(new Begun(items, keys, started, scope), undefined, caller)
  }
  const promise = settle.call(Promise, items)
  return keys === null ? promise : react(promise, (results) => shape(keys, results))
}

const rejected = (error) => Promise.reject(error)

module.exports = { allSettled, allSettledKeyed }
