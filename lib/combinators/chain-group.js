'use strict'
// A group of chains that are not the engine's own: those with steps that run on
// JavaScript threads. Each runs as a sequential() of its own.

const { keep } = require('../task/keep.js')
const { native, Policy } = require('../task/native.js')
const { Member, Members } = require('../task/members.js')
const { dataOf, Task } = require('../task/task.js')
const { Call } = require('../call/call.js')
const { Scope } = require('../call/scope.js')
const { clearTimeout, setTimeout } = require('../task/clock.js')
const { OPTIONS, Sequential } = require('./sequential.js')

// Its steps are counted by those who run them.
const uncounted = { completed: 0, failed: 0, cancelled: 0 }

let site = null // of the run that is about to begin

/** A chain's run: its errors are those of the chain, not of a list of steps. */
class ChainRun extends Sequential {
  name = 'chain'
  trace = null // the chain is the member that is traced

  prepare() {
    this.site = site
    super.prepare()
  }

  keyOf() {
    return undefined
  }
}

class ChainGroup extends Members {
  #next = 0 // member that starts next
  #runs = new Map() // what runs, by index: {scope, timer}

  constructor(owner, list, options) {
    super(owner, list, options, uncounted)
    const limit = options.policy === Policy.SEQUENCE ? 1 : (options.limit ?? Infinity)
    this.limit = Math.min(limit, native.threads())
  }

  added() {}

  start() {
    while (this.#next < this.flushed && this.#runs.size < this.limit) {
      const index = this.#next++
      if (this.waits(index)) this.#run(index)
    }
  }

  async #run(index) {
    const scope = new Scope()
    const { itemTimeout, priority } = this.options
    const timer = itemTimeout > 0 ? setTimeout(() => this.#expire(index), itemTimeout) : undefined
    this.states[index] = Member.SENT
    this.#runs.set(index, { scope, timer })
    this.busy++
    const steps = dataOf(this.taskAt(index)).map(({ definition, args }) => new Task(definition, args))
    const options = { signal: scope.signal, join: true, priority }
    site = this.site
    const run = Call.start(ChainRun, OPTIONS, steps, options, ChainRun)
    const [end] = await Promise.allSettled([run])
    clearTimeout(timer)
    this.#runs.delete(index)
    this.busy--
    if (end.status === 'fulfilled') this.ended(index, true, end.value.at(-1))
    else this.ended(index, false, end.reason)
    this.start()
    this.maybeFinish()
  }

  #expire(index) {
    if (this.states[index] !== Member.SENT) return
    const error = this.timeoutError(index)
    const run = this.#runs.get(index)
    this.over(index, error)
    this.#stop(run, error)
  }

  sweep() {
    for (let index = 0; index < this.length; index++) {
      if (!this.wants(index)) this.sweepMember(index)
    }
  }

  sweepMember(index) {
    if (this.states[index] === Member.WAITING) this.drop(index)
    else if (this.states[index] === Member.SENT) {
      this.states[index] = Member.STOPPING
      this.#stop(this.#runs.get(index), this.reasonFor(index))
    }
  }

  /** It may take a while to end. */
  #stop({ scope, timer }, reason) {
    clearTimeout(timer)
    scope.stop(reason)
  }

  /** What runs does not say how far it is. */
  undelivered() {
    return { done: 0, failed: 0, running: 0 }
  }
}

keep(new ChainGroup(null, [], {}))

module.exports = { ChainGroup }
