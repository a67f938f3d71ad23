'use strict'
// A group of thread Tasks. Its members wait in lanes (lib/thread/lane.js), and run
// in chunks (lib/thread/chunk.js) on the threads of lib/thread/host.js.

const { Policy } = require('../task/native.js')
const { placeAt } = require('../errors.js')
const { keep } = require('../task/keep.js')
const { End, measures } = require('../task/measures.js')
const { Member, Members } = require('../task/members.js')
const { recorder } = require('../task/recorder.js')
const { dataOf, usesPrevious } = require('../task/task.js')
const { now, soon } = require('../task/clock.js')
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
    this.windows = [] // when members came, and the first of them: {from, since}
    this.timed = 0 // members of which that is known
    this.parked = false // it has as many threads as it may; its lanes wait
    this.chunks = new Set() // on threads
    this.attempts = null // of members whose threads died, by index
    this.lanes = new Map() // by definition; of a sequence, one under null
    this.lane = null // the one last used
    this.befores = null // previous results that the owner gave, by index
    this.last = undefined // [result] of the last step
    this.failure = undefined // the error of a step that failed
    this.settling = 0 // results that are here, and about to settle
  }

  added(index, definition, before) {
    if (definition.closed) throw closedError(definition)
    definition.active++
    host.counters.added++
    if (definition.convert !== undefined) host.counters.fallbacks++
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
    if (this.flushed > this.timed) this.windows.push({ from: this.timed, since: now() })
    this.timed = this.flushed
    for (const lane of this.lanes.values()) host.enqueue(lane)
    host.pump()
  }

  /** When a member came, by now(). */
  queuedAt(index) {
    let at = this.windows.length - 1
    while (this.windows[at].from > index) at--
    return this.windows[at].since
  }

  gone(index) {
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
    let done = this.settling
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
      if (this.claims?.has(index)) this.#failLater(index)
      else this.drop(index)
    }
    return undefined
  }

  /** Fails, as the step before has, a step that others want too. */
  #failLater(index) {
    this.states[index] = Member.SENT
    // Nothing settles while work is being started.
    void soon(() => this.failAll([[index, this.failure]]))
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
    void soon(() => {
      const ends = bad.map(([index, problem]) => [index, this.#cloneError(index, problem)])
      if (this.ordered && ends.length > 0) this.#stepFailed(chunk.lane, ends[0][1])
      this.#forget(chunk)
      this.#goOn(chunk.lane)
      this.failAll(ends)
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
    try {
      const isOfClone = error.name === 'DataCloneError' || String(error.code).includes('INVALID_TRANSFER')
      if (!isOfClone) return error
      return cloneError(this.definitionAt(index).name, 'an argument', error.message, this.site)
    } catch {
      return error // an argument's getter can throw anything
    }
  }

  /** No thread could be started for a lane. */
  failWaiting(lane, error) {
    const members = []
    for (let index; (index = this.peek(lane)) !== undefined; ) {
      lane.shift()
      this.states[index] = Member.SENT
      members.push(index)
    }
    void soon(() => this.failAll(members.map((index) => [index, placeAt(error, this.site)])))
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

  /** Results have come: all that follows from them, but that members settle. */
  received(chunk, results) {
    const { count, values, errors, done } = results
    this.#count(chunk, results)
    chunk.received += count
    this.settling += count
    if (chunk.ordered && count > 0) {
      // A step that fails is the last one.
      if (errors !== undefined) this.#stepFailed(chunk.lane, undefined)
      else this.last = [values?.[count - 1]]
    }
    if (!done) return
    const members = chunk.takeBack(0) // what comes after a failed step
    this.#forget(chunk)
    this.cameBack(chunk.lane, members)
    this.#goOn(chunk.lane)
  }

  /** For the figures, and for who wants to know what ran when. */
  #count(chunk, { count, errors, times }) {
    const first = chunk.received
    for (let i = first; i < first + count; i++) {
      host.counters.waitTime += chunk.sentAt - this.queuedAt(chunk.members[i])
    }
    if (times !== undefined && measures.on) this.#ran(chunk, first, count, times, errors)
  }

  /** Members have run. Their ends may not be known yet, nor their start where the thread has died. */
  #ran(chunk, first, count, times, errors) {
    const ran = recorder.on?.batch(this, chunk.thread.number, count)
    const { offset } = measures
    let definition
    let tally
    for (let i = 0, e = 0; i < count; i++) {
      const index = chunk.members[first + i]
      const failed = errors !== undefined && errors[e] === i
      if (failed) e++
      const queued = this.queuedAt(index)
      const ended = times[2 * i + 1] === 0 ? now() : times[2 * i + 1] - offset
      const started = Math.min(ended, Math.max(queued, times[2 * i] === 0 ? ended : times[2 * i] - offset))
      const end = this.#endOf(index, failed)
      const next = this.definitionAt(index)
      if (next !== definition) tally = measures.tallyOf((definition = next).name)
      tally.add(started - queued, ended - started, end)
      ran?.add(index, definition.name, queued, started, ended, end)
    }
    ran?.done()
  }

  #endOf(index, failed) {
    const state = this.states[index]
    if (state === Member.OVER) return this.definitionAt(index).closed ? End.CANCELLED : End.EXPIRED
    if (state === Member.STOPPING) return End.CANCELLED
    return failed ? End.REJECTED : End.FULFILLED
  }

  /** Settles the members of which received() was told, from that one of the chunk on. */
  settleResults(chunk, first, { count, values, errors }) {
    for (let i = 0, e = 0; i < count; i++) {
      const index = chunk.members[first + i]
      const value = values === undefined ? undefined : values[i]
      this.settling--
      if (errors !== undefined && errors[e] === i) {
        e++
        const error = memberError(this.definitionAt(index), value, this.site)
        if (chunk.ordered) this.failure = error
        this.ended(index, false, error)
      } else {
        const { convert } = this.definitionAt(index)
        this.ended(index, true, convert === undefined ? value : convert(value))
      }
    }
    this.maybeFinish()
  }

  #stepFailed(lane, error) {
    lane.failed = true
    this.failure = error
    this.last = undefined
  }

  #goOn(lane) {
    if (this.parked || this.ordered) {
      this.parked = false
      for (const one of this.lanes.values()) host.enqueue(one)
    } else {
      host.enqueue(lane)
    }
  }

  /**
   * The thread is gone. What had not started goes to another one.
   * @returns {[number, unknown][]} members that fail, for failAll(), and their errors
   */
  lost(chunk, thread, why) {
    const { started } = chunk
    const unstarted = chunk.takeBack(0)
    this.#forget(chunk)
    const ends = this.#lostUnstarted(chunk, thread, unstarted, why)
    for (let i = chunk.received; i < started; i++) {
      const end = this.#lostMember(chunk, thread, i, i === started - 1, why)
      if (end !== undefined) ends.push(end)
    }
    this.#goOn(chunk.lane)
    return ends
  }

  #lostUnstarted(chunk, thread, members, why) {
    const isLoading = (index) => thread.unloaded.has(this.definitionAt(index).id)
    if (!why.expected && !why.started) {
      const cause = why.cause ?? new Error(`exit code ${why.code}`)
      return members.map((index) => [index, startError(cause)])
    }
    // Arguments whose memory was moved to the thread are gone with it.
    if (chunk.moved || (!why.expected && why.loading && members.some(isLoading))) {
      return members.map((index) => [index, this.#lostError(index, 'before it ran', why)])
    }
    this.cameBack(chunk.lane, members)
    return []
  }

  #lostError(index, when, why) {
    return lostError(this.definitionAt(index), when, why, this.site)
  }

  #lostMember(chunk, thread, i, running, why) {
    const index = chunk.members[i]
    const times = chunk.timed ? thread.timesOf(chunk, i, i + 1) : undefined
    const ran = () => times !== undefined && measures.on && this.#ran(chunk, i, 1, times, [0])
    if (this.states[index] !== Member.SENT) {
      ran()
      return [index, undefined]
    }
    const attempts = (this.attempts?.get(index) ?? 0) + 1
    if (this.definitionAt(index).idempotent && attempts < ATTEMPTS && !chunk.moved) {
      this.attempts ??= new Map()
      this.attempts.set(index, attempts)
      this.cameBack(chunk.lane, [index])
      return undefined
    }
    ran()
    const error = this.#lostError(index, running ? 'while it ran' : 'before its result was sent', why)
    if (chunk.ordered) this.#stepFailed(chunk.lane, error)
    return [index, error]
  }

  /** Fails members that are on no thread and in no lane. */
  failAll(ends) {
    for (const [index, error] of ends) this.ended(index, false, error)
    this.maybeFinish()
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
    const threads = []
    const waiting = []
    const running = []
    const isOurs = (index) => this.definitionAt(index) === definition
    for (const lane of this.lanes.values()) for (const index of lane.takeAll(isOurs)) waiting.push(index)
    for (const chunk of this.chunks) {
      if (!chunk.members.some(isOurs)) continue
      const back = chunk.takeBack(0)
      waiting.push(...back.filter(isOurs))
      this.cameBack(chunk.lane, back.filter((index) => !isOurs(index)))
      host.enqueue(chunk.lane)
      const started = chunk.members.slice(chunk.received, chunk.started).filter(isOurs)
      if (started.length === 0) continue
      chunk.thread.kill(closedError(definition))
      threads.push(chunk.thread.waitForEnd())
      running.push(...started)
    }
    this.#terminated(definition, waiting, running)
    host.pump()
    return threads
  }

  #terminated(definition, waiting, running) {
    const newError = () => placeAt(closedError(definition), this.site)
    for (const index of waiting) this.states[index] = Member.SENT
    if (this.ordered && waiting.length + running.length > 0) this.#stepFailed(this.lane, newError())
    this.failAll(waiting.map((index) => [index, newError()]))
    for (const index of running) if (this.states[index] === Member.SENT) this.over(index, newError())
  }
}

keep(new ThreadGroup(null, [], {}))

module.exports = { ThreadGroup }
