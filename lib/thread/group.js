'use strict'
// A group of thread Tasks. Its members wait in lanes (lib/thread/lane.js), and run
// in chunks (lib/thread/chunk.js) on the threads of lib/thread/host.js.

const { Policy } = require('../native.js')
const { placeAt } = require('../errors.js')
const { keep } = require('../keep.js')
const { Member, Members } = require('../members.js')
const { dataOf, usesPrevious } = require('../task.js')
const { isTransfer } = require('./transfer.js')
const { cloneError, closedError, lostError, memberError, startError } = require('./errors.js')
const { Lane } = require('./lane.js')
const { host } = require('./host.js')

const STEPS = 256 // of a sequence in a chunk
const ATTEMPTS = 3 // runs of an idempotent member whose threads die

class ThreadGroup extends Members {
  constructor(owner, list, options) {
    super(owner, list, options, host.counters)
    this.limit = options.limit ?? Infinity
    this.ordered = options.policy === Policy.SEQUENCE
    // Each thread decides such a group with its first result.
    this.single = options.policy === Policy.RACE || options.policy === Policy.ANY
    this.since = 0 // when the last window came, for the figures
    this.parked = false // it has as many threads as it may; its lanes wait
    this.chunks = new Set() // on threads
    this.attempts = null // of members whose threads died, by index
    this.lanes = new Map() // by definition; of a sequence, one under null
    this.lane = null // the one last used
    this.befores = null // previous results that the owner gave, by index
    this.last = undefined // [result] of the last step
  }

  added(index, definition, before) {
    if (definition.closed) throw closedError(definition)
    definition.active++
    host.counters.added++
    if (before !== undefined) (this.befores ??= new Map()).set(index, before)
    if (this.lane === null || this.lane.last !== definition) this.#laneFor(definition)
    this.lane.push(index)
  }

  #laneFor(definition) {
    const key = this.ordered ? null : definition
    this.lane = this.lanes.get(key) ?? new Lane(this, key)
    this.lane.last = definition
    this.lanes.set(key, this.lane)
    definition.groups.add(this)
  }

  start() {
    this.since = performance.now()
    for (const lane of this.lanes.values()) host.enqueue(lane)
    host.pump()
  }

  ended(index, fulfilled, value) {
    super.ended(index, fulfilled, value)
    this.#leave(index)
  }

  drop(index) {
    super.drop(index)
    this.#leave(index)
  }

  #leave(index) {
    const definition = this.definitionAt(index)
    if (--definition.active === 0) definition.idle?.()
  }

  finishing() {
    for (const lane of this.lanes.values()) {
      lane.definition?.groups.delete(this)
    }
    if (this.ordered) for (let i = 0; i < this.length; i++) this.definitionAt(i).groups.delete(this)
  }

  /** What has ended and was not delivered yet, and the fractions of what runs. */
  undelivered() {
    let done = 0
    let running = 0
    for (const chunk of this.chunks) {
      const started = chunk.started - chunk.received
      if (started === 0) continue
      done += started - 1
      running += Math.min(1, chunk.thread.progress)
    }
    return { done, failed: 0, running }
  }

  // ---- What the host asks ----------------------------------------------------

  /** Whether it has as many threads as it may, without that one. */
  atLimit(thread) {
    if (this.ordered) return this.busy > 0
    if (this.chunks.size < this.limit) return false
    const threads = new Set()
    for (const chunk of this.chunks) threads.add(chunk.thread)
    return threads.size >= this.limit && !threads.has(thread)
  }

  /** The next member of a lane that may start, or undefined. */
  peek(lane) {
    for (let index; (index = lane.peek()) !== undefined && index < this.flushed; ) {
      if (!lane.failed || !usesPrevious(this.taskAt(index))) return index
      lane.shift() // the step before has failed: there is no result for this one
      this.drop(index)
    }
    return undefined
  }

  /** Takes up to `most` members for a chunk. */
  take(lane, most) {
    const members = []
    const limit = lane.singly || this.single ? 1 : this.ordered ? STEPS : most
    let kind
    for (let index; members.length < limit && (index = this.peek(lane)) !== undefined; ) {
      const definition = this.definitionAt(index)
      kind ??= definition.kind
      if (members.length > 0 && (definition.kind !== kind || definition.moves)) break
      lane.shift()
      members.push(index)
      this.states[index] = Member.SENT
      if (definition.moves) break
    }
    return members
  }

  /** [value] when the result of the step before that member is known here. */
  before(index) {
    return this.befores?.get(index) ?? this.last
  }

  // ---- What happens to chunks --------------------------------------------------

  sent(chunk) {
    this.chunks.add(chunk)
    this.busy++
  }

  #forget(chunk) {
    this.chunks.delete(chunk)
    this.busy--
  }

  /** A chunk could not be sent: the members for which that is so fail. */
  unsent(chunk, error) {
    const members = chunk.members.filter((index) => this.states[index] === Member.SENT)
    this.chunks.delete(chunk)
    const bad = this.#unsendable(chunk.lane, members, error)
    const failing = new Set(bad.map(([index]) => index))
    this.cameBack(chunk.lane, members.filter((index) => !failing.has(index)))
    // Later: nothing settles while work is being started.
    queueMicrotask(() => {
      for (const [index, problem] of bad) this.#fail(index, this.#cloneError(index, problem))
      this.#forget(chunk)
      this.#goOn(chunk.lane)
      host.pump()
    })
  }

  /** @returns {[number, unknown][]} members and what is wrong with them */
  #unsendable(lane, members, error) {
    if (members.length === 1) return [[members[0], error]]
    if (this.ordered) {
      lane.singly = true // the steps before it come first
      return []
    }
    const moving = members.filter((index) => dataOf(this.taskAt(index)).some(isTransfer))
    for (const index of moving) this.definitionAt(index).moves = true // one in a chunk from now on
    if (moving.length > 0) return []
    const bad = []
    for (const index of members) {
      try {
        structuredClone(dataOf(this.taskAt(index)).filter((value) => typeof value !== 'symbol'))
      } catch (problem) {
        bad.push([index, problem])
      }
    }
    return bad.length > 0 ? bad : members.map((index) => [index, error])
  }

  #cloneError(index, error) {
    const isOfClone = error?.name === 'DataCloneError' || String(error?.code).includes('INVALID_TRANSFER')
    if (!isOfClone) return error
    return cloneError(this.definitionAt(index).name, 'an argument', error.message, this.site)
  }

  /** No thread could be started for a lane. */
  failWaiting(lane, error) {
    const members = []
    for (let index; (index = this.peek(lane)) !== undefined; ) {
      lane.shift()
      this.states[index] = Member.SENT
      members.push(index)
    }
    queueMicrotask(() => {
      for (const index of members) this.#fail(index, placeAt(error, this.site))
      this.maybeFinish()
    })
  }

  /** Members that a thread had not started go back to their lane. */
  cameBack(lane, members) {
    const wanted = []
    for (const index of members) {
      if (this.wants(index)) {
        this.states[index] = Member.WAITING
        wanted.push(index)
      } else {
        this.drop(index)
      }
    }
    if (wanted.length > 0) lane.giveBack(wanted)
  }

  results(chunk, { count, values, errors, done }) {
    for (let i = 0, e = 0; i < count; i++) {
      const index = chunk.members[chunk.received++]
      const value = values === undefined ? undefined : values[i]
      if (errors !== undefined && errors[e] === i) {
        e++
        this.#stepFailed(chunk)
        this.#fail(index, memberError(this.definitionAt(index), value, this.site))
      } else {
        if (chunk.ordered) this.last = [value]
        this.ended(index, true, value)
      }
    }
    if (!done) return
    const members = chunk.takeBack(0) // what comes after a failed step
    this.#forget(chunk)
    this.cameBack(chunk.lane, members)
    this.#goOn(chunk.lane)
  }

  #stepFailed(chunk) {
    if (!chunk.ordered) return
    chunk.lane.failed = true
    this.last = undefined
  }

  #goOn(lane) {
    if (this.parked || this.ordered) {
      this.parked = false
      for (const one of this.lanes.values()) host.enqueue(one)
    } else {
      host.enqueue(lane)
    }
    this.maybeFinish()
  }

  /** The thread is gone. What had not started goes to another one. */
  lost(chunk, thread, why) {
    const { started } = chunk
    const unstarted = chunk.takeBack(0)
    this.#forget(chunk)
    const isLoading = (index) => thread.unloaded.has(this.definitionAt(index).id)
    if (why.expected) this.#moveOrLose(chunk, unstarted, why)
    else if (!why.started) this.#failAll(unstarted, () => startError(why.cause ?? new Error(`exit code ${why.code}`)))
    else if (why.loading && unstarted.some(isLoading)) this.#loseAll(unstarted, why)
    else this.#moveOrLose(chunk, unstarted, why)
    for (let i = chunk.received; i < started; i++) this.#lostMember(chunk, i, i === started - 1, why)
    this.#goOn(chunk.lane)
  }

  /** Arguments whose memory was moved to the thread are gone with it. */
  #moveOrLose(chunk, members, why) {
    if (chunk.moved) this.#loseAll(members, why)
    else this.cameBack(chunk.lane, members)
  }

  #failAll(members, makeError) {
    for (const index of members) this.#fail(index, makeError(index))
  }

  #loseAll(members, why) {
    this.#failAll(members, (index) => this.#lostError(index, 'before it ran', why))
  }

  #lostError(index, when, why) {
    return lostError(this.definitionAt(index), when, why, this.site)
  }

  #lostMember(chunk, i, running, why) {
    const index = chunk.members[i]
    if (this.states[index] !== Member.SENT) return this.#fail(index)
    const attempts = (this.attempts?.get(index) ?? 0) + 1
    if (this.definitionAt(index).idempotent && attempts < ATTEMPTS && !chunk.moved) {
      this.attempts ??= new Map()
      this.attempts.set(index, attempts)
      return this.cameBack(chunk.lane, [index])
    }
    this.#stepFailed(chunk)
    const when = running ? 'while it ran' : 'before its result was sent'
    this.#fail(index, this.#lostError(index, when, why))
  }

  #fail(index, error) {
    this.ended(index, false, error)
  }

  /** Whether the member that runs is one that nobody wants any more. */
  isStopping(chunk) {
    const running = chunk.started - 1
    if (running < chunk.received) return false
    const state = this.states[chunk.members[running]]
    return state === Member.STOPPING || state === Member.OVER
  }

  /** The running member of a chunk has taken too long. */
  expire(chunk) {
    const at = chunk.started - 1
    const index = chunk.members[at]
    if (this.states[index] !== Member.SENT) return
    const error = this.timeoutError(index)
    host.stop(chunk, at, this.definitionAt(index).killAfter, error)
    this.over(index, error)
  }

  // ---- Stopping --------------------------------------------------------------

  sweep() {
    for (const lane of this.lanes.values()) {
      const members = lane.takeAll((index) => !this.wants(index))
      for (const index of members) this.drop(index)
    }
    for (const chunk of this.chunks) this.#sweepChunk(chunk)
    host.pump()
  }

  sweepMember(index) {
    if (this.waits(index)) {
      const lane = this.lanes.get(this.ordered ? null : this.definitionAt(index))
      lane.waiting-- // it passes over what does not wait any more
      this.drop(index)
    } else {
      for (const chunk of this.chunks) this.#sweepChunk(chunk)
    }
    host.pump()
  }

  #sweepChunk(chunk) {
    const { members } = chunk
    for (let i = chunk.started, { end } = chunk; i < end; i++) {
      if (this.wants(members[i])) continue
      this.cameBack(chunk.lane, chunk.takeBack(i))
      host.enqueue(chunk.lane)
      break
    }
    const last = chunk.started - 1
    for (let i = chunk.received; i <= last; i++) {
      const index = members[i]
      if (this.states[index] !== Member.SENT || this.wants(index)) continue
      this.states[index] = Member.STOPPING
      if (i === last) host.stop(chunk, i, this.definitionAt(index).killAfter, this.reasonFor(index))
    }
  }

  /**
   * Fails all members of a function, and ends the threads that run them.
   * @returns {Promise<void>[]} the ends of the threads
   */
  terminate(definition) {
    const ends = []
    const isOurs = (index) => this.definitionAt(index) === definition
    const newError = () => placeAt(closedError(definition), this.site)
    for (const lane of this.lanes.values()) this.#failAll(lane.takeAll(isOurs), newError)
    for (const chunk of [...this.chunks]) {
      if (!chunk.members.some(isOurs)) continue
      const back = chunk.takeBack(0)
      this.#failAll(back.filter(isOurs), newError)
      this.cameBack(chunk.lane, back.filter((index) => !isOurs(index)))
      host.enqueue(chunk.lane)
      const started = chunk.members.slice(chunk.received, chunk.started).filter(isOurs)
      if (started.length === 0) continue
      chunk.thread.kill(closedError(definition))
      ends.push(chunk.thread.waitForEnd())
      for (const index of started) if (this.states[index] === Member.SENT) this.over(index, newError())
    }
    this.maybeFinish()
    host.pump()
    return ends
  }
}

keep(new ThreadGroup(null, [], {}))

module.exports = { ThreadGroup }
