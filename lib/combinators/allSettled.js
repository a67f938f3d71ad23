'use strict'

const { keep } = require('../task/keep.js')
const { ListCall } = require('../call/list.js')
const { Policy } = require('../task/native.js')
const { BOUNDED } = require('../call/options.js')

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

/** As lib/index.js has it: (work, options, caller). */
const allSettled = AllSettled.start.bind(AllSettled, AllSettled, BOUNDED)

module.exports = { allSettled }
