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
const { serializeArguments, serializeSteps, sizeError } = require('./wire.js')

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
      if (!connection.hasRoom(this, pace)) return
      this.#sendBatch(connection)
    }
  }

  #sendBatch(connection) {
    const first = this.definitionAt(this.#next)
    const most = Math.min(this.alone ? 1 : first.pace.size, this.limit - this.#running, connection.room)
    const members = []
    const payloads = []
    let bytes = 0
    while (members.length < most && this.#next < this.flushed && this.definitionAt(this.#next) === first) {
      const index = this.#next++
      if (!this.waits(index)) continue
      this.states[index] = Member.SENT
      const payload = this.#serialize(index, connection)
      if (payload === undefined) continue
      members.push(index)
      payloads.push(payload)
      if ((bytes += payload.length) >= connection.maxBytes / 8) break
    }
    if (members.length === 0) return
    this.#running += members.length
    this.busy++
    connection.send(this, first, members, payloads, bytes)
  }

  /** The member's arguments; undefined where they cannot be sent, and it fails. */
  #serialize(index, connection) {
    const { name, chain } = this.definitionAt(index)
    try {
      const payload = chain ? serializeSteps(dataOf(this.taskAt(index))) : serializeArguments(name, this.#argumentsOf(index))
      if (payload.length <= connection.maxBytes) return payload
      throw sizeError(name, 'the arguments', payload.length, connection.maxBytes)
    } catch (error) {
      // Later: nothing settles while work is being started.
      void soon(() => this.#fail(index, this.#unsendable(name, error)))
      return undefined
    }
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
