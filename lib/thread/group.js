'use strict'
// A group of thread Tasks: the same to its owner and to Tasks as Group in
// lib/group.js is for native ones. Its members wait in lanes (lib/thread/lane.js),
// and run in chunks (lib/thread/chunk.js) on the threads of lib/thread/host.js.

const { Claim, Policy } = require('../native.js')
const { AbortError, TimeoutError, placeAt } = require('../errors.js')
const { keep } = require('../keep.js')
const { dataOf, definitionOf, reset, setStarted, settle, usesPrevious } = require('../task.js')
const { isTransfer } = require('./transfer.js')
const { cloneError, closedError, lostError, memberError, startError } = require('./errors.js')
const { Lane } = require('./lane.js')
const { host } = require('./host.js')

const WINDOW_MEMBERS = 4096 // that are added between two flushes
const STEPS = 256 // of a sequence in a chunk
const ATTEMPTS = 3 // runs of an idempotent member whose threads die

const WAITING = 0 // in a lane
const SENT = 1 // in a chunk, running or not
const STOPPING = 2 // it had started, and nobody wants it any more
const OVER = 3 // settled, and still on its thread
const ENDED = 4

class ThreadGroup {
  /** As of Group in lib/group.js. */
  constructor(owner, list, options) {
    this.owner = owner
    this.list = list
    this.options = options
    this.length = 0
    this.first = 0
    this.positions = null
    this.withdrawn = false
    this.reason = undefined // why
    this.reasons = null
    this.open = false
    this.since = 0 // when the last window came, for the figures
    this.parked = false // it has as many threads as it may; lanes wait
    this.limit = options.limit ?? Infinity
    this.ordered = options.policy === Policy.SEQUENCE
    this.states = []
    this.chunks = new Set() // on threads
    this.definitions = new Set()
    this.claims = null // of other parties: numbers by index
    this.attempts = null // of members whose threads died, by index
    this.lanes = new Map() // by definition; of a sequence, one under null
    this.lane = null // the one last used
    this.flushed = 0 // members that may start
    this.left = 0 // members that have not ended
    this.sealed = false
    this.befores = null // previous results known here, by index
    this.last = undefined // [result] of the last step
  }

  // ---- What Call and start.js use -------------------------------------------

  /** Members that the next flush() takes down. */
  get planned() {
    return this.length - this.flushed
  }

  /** Whether it is time for a flush(). */
  get full() {
    return this.planned >= WINDOW_MEMBERS
  }

  /** Adds a Task of the list, which starts at the next flush(). Throws if it cannot. */
  add(position, before) {
    const task = this.list[position]
    const definition = definitionOf(task)
    if (definition.closed) throw closedError(definition)
    if (this.length === 0) this.first = position
    else if (position !== this.first + this.length) this.#scatter()
    this.positions?.push(position)
    const index = this.length++
    this.states.push(WAITING)
    this.left++
    definition.active++
    if (before !== undefined) (this.befores ??= new Map()).set(index, before)
    this.laneOf(definition).push(index)
    setStarted(task, this, index)
  }

  /** From now on positions do not follow each other. */
  #scatter() {
    this.positions ??= Array.from({ length: this.length }, (_, i) => this.first + i)
  }

  positionOf(index) {
    return this.positions === null ? this.first + index : this.positions[index]
  }

  /** Lets what was added start. False when the group is withdrawn already. */
  flush() {
    if (this.planned === 0) return true
    if (this.withdrawn) {
      this.sweep()
      return false
    }
    this.open = true
    this.flushed = this.length
    this.since = performance.now()
    for (const lane of this.lanes.values()) host.enqueue(lane)
    host.pump()
    return true
  }

  /** Says that no more members will come. */
  seal() {
    this.sealed = true
    this.#maybeFinish()
  }

  /** Each member is delivered as it ends, from now on: as it is anyway, within 2 ms. */
  watch() {}

  /** Takes the owner's claim on everything back. */
  withdraw(reason) {
    if (this.withdrawn) return
    this.withdrawn = true
    this.reason = reason
    this.reasons = null // of those who left while this claim was there
    this.sealed = true
    this.sweep()
  }

  /** Another party's claim on a member; returns a Claim. */
  claim(index) {
    const state = this.states[index]
    if (state === STOPPING || state === OVER) return Claim.CANCELLED
    if (state === ENDED) return Claim.DROPPED
    this.claims ??= new Map()
    this.claims.set(index, (this.claims.get(index) ?? 0) + 1)
    return Claim.HELD
  }

  /** Takes that claim back. */
  unclaim(index, reason) {
    const claims = this.claims?.get(index)
    if (claims === undefined) return
    if (claims > 1) this.claims.set(index, claims - 1)
    else this.claims.delete(index)
    this.reasons ??= new Map()
    this.reasons.set(index, reason)
    if (!this.#wanted(index)) this.sweep()
  }

  /** Why a member was cancelled. */
  reasonFor(index) {
    this.reason ??= placeAt(new AbortError('the Task is no longer needed'), this.site)
    return this.reasons?.get(index) ?? this.reason
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

  // ---- What the host uses ----------------------------------------------------

  get site() {
    return this.options.site ?? null
  }

  taskAt(index) {
    return this.list[this.positionOf(index)]
  }

  definitionAt(index) {
    return definitionOf(this.taskAt(index))
  }

  laneOf(definition) {
    const key = this.ordered ? null : definition
    if (this.lane !== null && this.lane.definition === key && !this.ordered) return this.lane
    definition.groups.add(this)
    this.definitions.add(definition)
    this.lane = this.lanes.get(key)
    if (this.lane === undefined) {
      this.lane = new Lane(this, key)
      this.lanes.set(key, this.lane)
    }
    return this.lane
  }

  waits(index) {
    return this.states[index] === WAITING
  }

  #wanted(index) {
    return !this.withdrawn || (this.claims !== null && this.claims.has(index))
  }

  /** Whether it has as many threads as it may, or the steps before have not ended. */
  atLimit(thread) {
    if (this.ordered) return this.chunks.size > 0
    if (this.chunks.size < this.limit) return false
    const threads = new Set()
    for (const chunk of this.chunks) threads.add(chunk.thread)
    return threads.size >= this.limit && !threads.has(thread)
  }

  /** The next member of a lane that may start. */
  peek(lane) {
    for (let index; (index = lane.peek()) !== undefined && index < this.flushed; ) {
      if (!lane.failed || !usesPrevious(this.taskAt(index))) return index
      lane.shift() // the step before has failed, and there is no result for this one
      this.#dropOrCancel(index)
    }
    return undefined
  }

  /** Takes up to `most` members for a chunk. */
  take(lane, most) {
    const members = []
    const single = this.options.policy === Policy.RACE || this.options.policy === Policy.ANY
    const limit = this.ordered ? STEPS : single ? 1 : most
    let kind
    for (let index; members.length < limit && (index = this.peek(lane)) !== undefined; ) {
      const definition = this.definitionAt(index)
      kind ??= definition.kind
      if (members.length > 0 && (definition.kind !== kind || definition.moves)) break
      lane.shift()
      members.push(index)
      this.states[index] = SENT
      if (definition.moves) break
    }
    return members
  }

  /** [value] when the result of the step before that member is known here. */
  before(index) {
    return this.befores?.get(index) ?? this.last
  }

  sent(chunk) {
    this.chunks.add(chunk)
  }

  /** A chunk could not be sent: finds the members for which that is so. */
  unsent(chunk, error) {
    this.chunks.delete(chunk)
    const members = chunk.members.filter((index) => this.states[index] === SENT)
    const several = members.length > 1
    const moving = several && members.filter((index) => dataOf(this.taskAt(index)).some(isTransfer))
    const bad = []
    if (several && moving.length > 0) {
      for (const index of moving) this.definitionAt(index).moves = true // one in a chunk
    } else if (several) {
      for (const index of members) this.#tryClone(index, bad)
    }
    if (bad.length === 0 && (!several || moving.length === 0)) {
      for (const index of members) bad.push([index, error])
    }
    const failing = new Set(bad.map(([index]) => index))
    this.cameBack(chunk.lane, members.filter((index) => !failing.has(index)))
    // Later: nothing settles while work is being started.
    queueMicrotask(() => {
      for (const [index, problem] of bad) this.#fail(index, this.#cloneError(index, problem))
    })
  }

  #tryClone(index, bad) {
    try {
      structuredClone(dataOf(this.taskAt(index)).filter((value) => typeof value !== 'symbol'))
    } catch (error) {
      bad.push([index, error])
    }
  }

  #cloneError(index, error) {
    if (error?.name !== 'DataCloneError' || error.index !== undefined) return error
    return cloneError(this.definitionAt(index).name, 'an argument', error.message, this.site)
  }

  /** No thread could be started for a lane. */
  failWaiting(lane, error) {
    const members = []
    for (let index; (index = this.peek(lane)) !== undefined; ) {
      lane.shift()
      this.states[index] = SENT
      members.push(index)
    }
    queueMicrotask(() => {
      for (const index of members) this.#fail(index, placeAt(error, this.site))
    })
  }

  /** Members that a thread had not started go back to their lane. */
  cameBack(lane, members) {
    const wanted = []
    for (const index of members) {
      if (this.#wanted(index)) {
        this.states[index] = WAITING
        wanted.push(index)
      } else {
        this.#dropOrCancel(index)
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
        if (chunk.ordered) chunk.lane.failed = true
        this.#fail(index, memberError(this.definitionAt(index), value, this.site))
      } else {
        if (chunk.ordered) this.last = [value]
        this.#end(index, true, value)
      }
    }
    if (done) this.#chunkEnds(chunk)
  }

  #chunkEnds(chunk) {
    const members = chunk.takeBack(0) // what comes after a failed step
    this.chunks.delete(chunk)
    this.cameBack(chunk.lane, members)
    this.#goOn(chunk.lane)
  }

  #goOn(lane) {
    if (this.parked || this.ordered) {
      this.parked = false
      for (const one of this.lanes.values()) host.enqueue(one)
    } else {
      host.enqueue(lane)
    }
    this.#maybeFinish()
  }

  /** The thread is gone. What had not started goes to another one. */
  lost(chunk, thread, why) {
    const { started } = chunk
    const unstarted = chunk.takeBack(0)
    this.chunks.delete(chunk)
    const cause = why.cause ?? new Error(`exit code ${why.code}`)
    const loading =
      !why.expected && why.loading && chunk.members.some((i) => thread.unloaded.has(this.definitionAt(i).id))
    if (!why.started && !why.expected) this.#failAll(unstarted, () => startError(cause))
    else if (loading || chunk.moved) this.#failAll(unstarted, (index) => this.#lostError(index, false, why))
    else this.cameBack(chunk.lane, unstarted)
    for (let i = chunk.received; i < started; i++) this.#lostMember(chunk, i, i === started - 1, why)
    this.#goOn(chunk.lane)
  }

  #failAll(members, makeError) {
    for (const index of members) this.#fail(index, makeError(index))
  }

  #lostError(index, running, why) {
    return lostError(this.definitionAt(index), running, why, this.site)
  }

  #lostMember(chunk, i, running, why) {
    const index = chunk.members[i]
    if (this.states[index] !== SENT) return this.#end(index, false)
    const definition = this.definitionAt(index)
    const attempts = (this.attempts?.get(index) ?? 0) + 1
    if (definition.idempotent && attempts < ATTEMPTS && !chunk.moved) {
      this.attempts ??= new Map()
      this.attempts.set(index, attempts)
      this.cameBack(chunk.lane, [index])
    } else {
      if (chunk.ordered) chunk.lane.failed = true
      this.#fail(index, this.#lostError(index, running, why))
    }
  }

  /** Whether the member that runs is one that nobody wants any more. */
  isStopping(chunk) {
    const running = chunk.started - 1
    if (running < chunk.received) return false
    const state = this.states[chunk.members[running]]
    return state === STOPPING || state === OVER
  }

  /** The running member of a chunk has taken too long. */
  expire(chunk) {
    const at = chunk.started - 1
    const index = chunk.members[at]
    if (this.states[index] !== SENT) return
    const { name, killAfter } = this.definitionAt(index)
    const words = `${name}: timed out after ${this.options.itemTimeout} ms`
    const error = placeAt(new TimeoutError(words), this.site)
    this.states[index] = OVER
    host.stop(chunk, at, killAfter, error)
    host.figures.failed++
    this.#settle(index, false, error)
  }

  // ---- Stopping --------------------------------------------------------------

  /** Drops what nobody wants and has not started, and stops what has. */
  sweep() {
    for (const lane of this.lanes.values()) {
      lane.forEach((index) => {
        if (this.#wanted(index)) return
        lane.waiting--
        this.#dropOrCancel(index)
      })
    }
    for (const chunk of this.chunks) this.#sweepChunk(chunk, (index) => !this.#wanted(index))
    if (this.withdrawn) this.flushed = this.length
    host.pump()
    this.#maybeFinish()
  }

  #sweepChunk(chunk, isUnwanted) {
    const { members } = chunk
    for (let i = chunk.started, { end } = chunk; i < end; i++) {
      if (!isUnwanted(members[i])) continue
      this.cameBack(chunk.lane, chunk.takeBack(i))
      host.enqueue(chunk.lane)
      break
    }
    const last = chunk.started - 1
    for (let i = chunk.received; i <= last; i++) {
      if (this.states[members[i]] !== SENT || !isUnwanted(members[i])) continue
      this.states[members[i]] = STOPPING
      if (i < last) continue
      const { killAfter } = this.definitionAt(members[i])
      host.stop(chunk, i, killAfter, this.reasonFor(members[i]))
    }
  }

  /** Fails all members of a function, and ends the threads that run them. */
  terminate(definition) {
    const isOurs = (index) => this.definitionAt(index) === definition
    const ended = []
    const fail = (index) => this.#fail(index, placeAt(closedError(definition), this.site))
    for (const lane of this.lanes.values()) {
      const members = []
      lane.forEach((index) => isOurs(index) && members.push(index))
      lane.waiting -= members.length
      members.forEach(fail)
    }
    for (const chunk of [...this.chunks]) {
      if (!chunk.members.some(isOurs)) continue
      this.cameBack(chunk.lane, chunk.takeBack(0))
      const started = chunk.members.slice(chunk.received, chunk.started).filter(isOurs)
      if (started.length > 0) ended.push(chunk.thread.kill(closedError(definition)))
      started.forEach((index) => {
        if (this.states[index] !== SENT) return
        this.states[index] = OVER
        host.figures.failed++
        this.#settle(index, false, placeAt(closedError(definition), this.site))
      })
    }
    return ended
  }

  // ---- Ends ------------------------------------------------------------------

  #fail(index, error) {
    this.#end(index, false, error)
  }

  /** A member has run, or never will. */
  #end(index, fulfilled, value) {
    const state = this.states[index]
    if (state === ENDED) return
    this.states[index] = ENDED
    if (state === OVER) {
      // it is settled
    } else if (state === STOPPING) {
      host.figures.cancelled++
      this.#settle(index, false, this.reasonFor(index))
    } else {
      if (fulfilled) host.figures.completed++
      else host.figures.failed++
      this.#settle(index, fulfilled, value)
    }
    this.#memberEnds(index)
  }

  #settle(index, fulfilled, value) {
    const position = this.positionOf(index)
    settle(this.list[position], fulfilled, value, this.owner, position)
  }

  /** Nobody wants a member that had not started. */
  #dropOrCancel(index) {
    if (this.states[index] === ENDED) return
    this.states[index] = ENDED
    host.figures.cancelled++
    reset(this.taskAt(index), this)
    this.#memberEnds(index)
  }

  #memberEnds(index) {
    this.left--
    const definition = this.definitionAt(index)
    if (--definition.active === 0) definition.idle?.()
    this.claims?.delete(index)
  }

  #maybeFinish() {
    if (!this.open || this.left > 0 || this.chunks.size > 0) return
    if (!this.sealed && this.length < this.options.total) return
    this.open = false
    for (const definition of this.definitions) definition.groups.delete(this)
    queueMicrotask(() => {
      this.list = []
      this.owner.finished(this)
    })
  }
}

keep(new ThreadGroup(null, [], {}))

module.exports = { ThreadGroup }
