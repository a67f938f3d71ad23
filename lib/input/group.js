'use strict'
// A group of Tasks whose data are streams. All of them read at once: while a source has
// nothing no thread is held, and what it gives takes its turn on the threads.

const { keep } = require('../task/keep.js')
const { Member, Members } = require('../task/members.js')
const { Policy } = require('../task/native.js')
const { clearTimeout, setTimeout } = require('../task/clock.js')
const { dataOf } = require('../task/task.js')
const { Reading } = require('./reading.js')

// Their chunks are counted by the engine.
const uncounted = { completed: 0, failed: 0, cancelled: 0 }

class InputGroup extends Members {
  #next = 0 // member that starts next
  #runs = new Map() // what runs, by index: {reading, timer}

  constructor(owner, list, options) {
    super(owner, list, options, uncounted)
    this.limit = options.policy === Policy.SEQUENCE ? 1 : (options.limit ?? Infinity)
  }

  added() {}

  start() {
    while (this.#next < this.flushed && this.#runs.size < this.limit) {
      const index = this.#next++
      if (this.waits(index)) void this.#run(index)
    }
  }

  async #run(index) {
    const { itemTimeout, priority } = this.options
    const [chunks] = dataOf(this.taskAt(index))
    const { owner } = this
    const of = { recorded: owner.recorded ?? null, index: owner.keyOf?.(this.positionOf(index)) ?? null }
    const reading = new Reading(chunks, { priority, site: this.site }, of)
    const timer = itemTimeout > 0 ? setTimeout(() => this.#expire(index), itemTimeout) : undefined
    this.states[index] = Member.SENT
    this.#runs.set(index, { reading, timer })
    this.busy++
    const [end] = await Promise.allSettled([reading.run()])
    clearTimeout(timer)
    this.#runs.delete(index)
    this.busy--
    if (end.status === 'fulfilled') this.ended(index, true, end.value)
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

  #stop({ reading, timer }, reason) {
    clearTimeout(timer)
    reading.stop(reason)
  }

  /** How long a stream is nobody knows. */
  undelivered() {
    return { done: 0, failed: 0, running: 0 }
  }
}

keep(new InputGroup(null, [], {}))

module.exports = { InputGroup }
