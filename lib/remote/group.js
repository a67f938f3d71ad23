'use strict'
// A group of Tasks that run on other machines. Members go in batches, as far as the
// connection has room; to their owner they are as any others.

const { define, misuse, placeAt } = require('../errors.js')
const { keep } = require('../task/keep.js')
const { Member, Members } = require('../task/members.js')
const { Policy } = require('../task/native.js')
const { bare } = require('../task/own.js')
const { previous } = require('../task/previous.js')
const { soon } = require('../task/clock.js')
const { dataOf } = require('../task/task.js')
const { Pace } = require('./pace.js')
const { Parts, RUN, RUN_BYTES, serialize, sizeOf } = require('./parts.js')
const { checkArguments, sizeError, stepsOf } = require('./wire.js')

/** They are counted by the engines that run them. */
const uncounted = { completed: 0, failed: 0, cancelled: 0 }

class RemoteGroup extends Members {
  #next = 0 // member that is sent next
  #running = 0 // members that are out
  #last = undefined // [result] of the step before
  #befores = null // previous results that the owner gave, by index
  jobs = new Set()

  constructor(owner, list, options) {
    super(owner, list, options, uncounted)
    this.ordered = options.policy === Policy.SEQUENCE
    this.alone = this.ordered || options.policy === Policy.RACE || options.policy === Policy.ANY
    this.limit = this.ordered ? 1 : (options.limit ?? Infinity)
  }

  added(index, definition, before) {
    definition.connection.check(definition.name)
    if (before !== undefined) (this.#befores ??= new Map()).set(index, before)
  }

  start() {
    this.pump()
  }

  /** Sends what there is room for. */
  pump() {
    while (this.open && this.#next < this.flushed && this.#running < this.limit) {
      const { connection, pace } = this.definitionAt(this.#next)
      const waiting = this.flushed - this.#next
      const most = Math.min(this.alone ? 1 : pace.most(waiting), this.limit - this.#running, waiting)
      if (!connection.hasRoom(this, pace, most)) return
      this.#sendBatch(connection, Math.min(most, connection.room))
    }
  }

  #sendBatch(connection, most) {
    const first = this.definitionAt(this.#next)
    const parts = new Parts()
    const members = []
    const enough = connection.maxBytes / 8
    let run = RUN
    while (members.length < most && parts.bytes < enough && this.#isNext(first)) {
      const from = this.#next
      const { indices, values } = this.#take(first, Math.min(run, most - members.length))
      if (indices.length === 0) continue
      const part = this.#serialize(values)
      const isAlone = indices.length === 1
      if (part instanceof Error || part.length > (isAlone ? connection.maxBytes : enough)) {
        if (isAlone) this.#failSoon(indices[0], part instanceof Error ? part : sizeError(first.name, 'the arguments', part.length, connection.maxBytes))
        else [run, this.#next] = [1, from] // which of them it is
        continue
      }
      for (const index of indices) this.states[index] = Member.SENT
      members.push(...indices)
      parts.add(indices.length, part)
    }
    if (members.length === 0) return
    this.#running += members.length
    this.busy++
    connection.send(this, first, members, parts)
  }

  #isNext(definition) {
    return this.#next < this.flushed && this.definitionAt(this.#next) === definition
  }

  /** Some members that go together, and their arguments. */
  #take(definition, most) {
    const indices = []
    const values = []
    let bytes = 0
    while (indices.length < most && bytes < RUN_BYTES && this.#isNext(definition)) {
      const index = this.#next++
      if (!this.waits(index)) continue
      try {
        const value = this.#given(index, definition)
        bytes += sizeOf(value)
        values.push(value)
        indices.push(index)
      } catch (error) {
        this.#failSoon(index, error)
      }
    }
    return { indices, values }
  }

  /** What goes of a member. */
  #given(index, { name, chain }) {
    if (chain) return stepsOf(dataOf(this.taskAt(index)))
    const args = this.#argumentsOf(index)
    checkArguments(name, args)
    return args
  }

  #serialize(values) {
    try {
      return serialize(values)
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  /** Later: nothing settles while work is being started. */
  #failSoon(index, error) {
    this.states[index] = Member.SENT
    const { name } = this.definitionAt(index)
    void soon(() => this.#fail(index, this.#unsendable(name, error)))
  }

  #unsendable(name, error) {
    if (error.name !== 'DataCloneError' && typeof error.code === 'string') return placeAt(error, this.site)
    return placeAt(new DOMException(`${name}: an argument cannot be sent: ${error.message}`, 'DataCloneError'), this.site)
  }

  #argumentsOf(index) {
    const args = dataOf(this.taskAt(index))
    if (!args.includes(previous)) return args
    const before = this.#befores?.get(index) ?? this.#last
    if (before === undefined) throw misuse(`${this.definitionAt(index).name}: there is no previous result`)
    return args.map((value) => (value === previous ? before[0] : value))
  }

  #fail(index, error) {
    this.ended(index, false, error)
    this.pump()
    this.maybeFinish()
  }

  // ---- What the connection says ----

  /** Members have ended: {place, fulfilled, value} each; a job that has no others is over. */
  told(job, ends, isOver) {
    this.#running -= ends.length
    if (isOver && this.jobs.delete(job)) this.busy--
    for (const { place, fulfilled, value } of ends) {
      const index = job.members[place]
      if (this.ordered && fulfilled) this.#last = [value]
      this.ended(index, fulfilled, value)
    }
    this.pump()
    this.maybeFinish()
  }

  /** The time of the member is over; it has been stopped where it ran. */
  timedOut(index) {
    return this.timeoutError(index)
  }

  undelivered() {
    let running = 0
    for (const job of this.jobs) running += Math.min(job.left, job.progress)
    return { done: 0, failed: 0, running }
  }

  // ---- Stopping ----

  sweep() {
    for (let index = this.#next; index < this.length; index++) {
      if (!this.wants(index) && this.waits(index)) this.drop(index)
    }
    for (const job of [...this.jobs]) this.#sweepJob(job)
  }

  sweepMember(index) {
    if (this.waits(index)) return this.drop(index)
    for (const job of [...this.jobs]) if (job.members.includes(index)) this.#sweepJob(job)
    return undefined
  }

  #sweepJob(job) {
    const places = job.open.filter((place) => {
      const index = job.members[place]
      if (this.states[index] !== Member.SENT || this.wants(index)) return false
      this.states[index] = Member.STOPPING
      return true
    })
    if (places.length > 0) this.definitionAt(job.members[0]).connection.cancel(job, places)
  }
}

keep(new RemoteGroup(null, [], {}))

/** What the Tasks of a remote maker are. */
function newDefinition(connection, name, { idempotent }) {
  const definition = { name, connection, idempotent, Group: RemoteGroup, positional: Infinity }
  define(definition, 'pace', new Pace(connection.batch), false)
  define(definition, 'chained', (steps, base) => chained(connection, steps, base), false)
  return definition
}

/**
 * What a chain is whose steps all run on that queue, one member; else undefined. Chains of the
 * same names are one definition, so that they go together.
 */
function chained(connection, steps, base) {
  if (steps.some(({ definition }) => definition.connection !== connection)) return undefined
  const names = steps.map(({ definition }) => definition.name)
  const idempotent = steps.every(({ definition }) => definition.idempotent)
  const key = JSON.stringify([base.label, idempotent, names])
  return connection.definitionOf(key, () => {
    const definition = bare(base, { steps: false, Group: RemoteGroup, connection, names, idempotent })
    define(definition, 'pace', new Pace(connection.batch), false)
    return definition
  })
}

module.exports = { RemoteGroup, newDefinition }
