'use strict'
// Hears what runs while anybody listens, and passes it on: what the engine has
// recorded when it is taken, the rest at once.

const { framesOf, callSite } = require('../errors.js')
const { now } = require('../task/clock.js')
const { End, measures } = require('../task/measures.js')
const { groups, native } = require('../task/native.js')
const { recorder } = require('../task/recorder.js')
const { placeIn, wordsOf } = require('./words.js')

const FIELDS = 8 // of a record, as in src/binding/records.c
const BATCH = 4096 // records that are taken at once

// As HD_FULFILLED and others in src/engine/group/group.h.
const HD_FULFILLED = 2
const HD_REJECTED = 3
const HD_STATE_MASK = 7
const HD_EXPIRED = 8

const STATES = ['fulfilled', 'rejected', 'cancelled', 'expired']

/** A member's index or key in its call; null where it is in none. */
function keyIn(group, index) {
  const { keys, owner } = group
  return (keys ? keys[index] : owner.keyOf?.(group.positionOf(index))) ?? null
}

/** The State of an engine's word. */
function stateOf(word) {
  if ((word & HD_EXPIRED) !== 0) return STATES[End.EXPIRED]
  const state = word & HD_STATE_MASK
  if (state === HD_FULFILLED) return STATES[End.FULFILLED]
  return state === HD_REJECTED ? STATES[End.REJECTED] : STATES[End.CANCELLED]
}

/** Members that a JavaScript thread has run, in a form that is quick to write. */
class Batch {
  length = 0
  #group
  #call
  #thread
  #keys = []
  #tasks = []
  #rows // four numbers of each
  #done

  constructor(group, thread, count, done) {
    this.#group = group
    this.#call = group.owner.recorded ?? null
    this.#thread = thread
    this.#rows = new Float64Array(4 * count)
    this.#done = done
  }

  add(index, name, queued, started, ended, end) {
    const group = this.#group
    this.#keys.push(keyIn(group, index))
    this.#tasks.push(name)
    const at = 4 * this.length++
    this.#rows[at] = queued
    this.#rows[at + 1] = started
    this.#rows[at + 2] = ended
    this.#rows[at + 3] = end
  }

  done() {
    this.#group = null
    this.#done(this)
  }

  *[Symbol.iterator]() {
    for (let i = 0; i < this.length; i++) {
      const at = 4 * i
      yield {
        call: this.#call,
        key: this.#keys[i],
        task: this.#tasks[i],
        thread: this.#thread,
        queued: this.#rows[at],
        started: this.#rows[at + 1],
        ended: this.#rows[at + 2],
        state: STATES[this.#rows[at + 3]],
      }
    }
  }
}

/** A call of a combinator; times by now(). */
class CallRecord {
  ended = null
  state = 'running'
  error = null
  total = null

  constructor(call, site) {
    this.name = call.name
    this.site = site
    this.began = now()
    this.call = call // until it has ended
  }

  /** Where it was called: 'file:line:column', or null. */
  get place() {
    return placeIn(framesOf(this.site))
  }
}

/**
 * Listeners have `room`: members that are kept for them until they are taken. What they
 * are told, of times by now(): member({call, key, task, thread, queued, started, ended,
 * state}), `thread` being 'pool 1', 'own 1' or 'javascript 1', and `call` a CallRecord;
 * batch(several), which gives such members when it is iterated;
 * missed(count) members for which there was no room; call(record, start) when one begins,
 * which gives what start() does, and callEnded(record, value); threadStarted(name), threadEnded(name); lent(count).
 */
class Hub {
  #listeners = new Set()
  #groups = new Map() // native ones that have members to be taken, by id
  #names = [] // of the engine's tasks
  #missing = 0 // that was told
  #room = 0
  #batch = new Float64Array(2 + FIELDS * BATCH)
  #figures = new Float64Array(10)

  /** Throws when there is no memory for as many members. */
  add(listener) {
    this.take()
    this.#want(Math.max(listener.room, this.#room))
    this.#listeners.add(listener)
    recorder.on = this
  }

  delete(listener) {
    this.take()
    if (!this.#listeners.delete(listener)) return
    if (this.#listeners.size > 0) return this.#want(Math.max(...[...this.#listeners].map(({ room }) => room)))
    recorder.on = null
    this.#room = this.#missing = 0
    this.#groups.clear()
    this.#names = []
    measures.forget(this)
  }

  #want(room) {
    if (room !== this.#room) this.#missing = 0 // the engine begins anew
    measures.want(this, room)
    this.#room = room
  }

  #tell(what, ...args) {
    for (const listener of this.#listeners) listener[what](...args)
  }

  // ---- What the engine has recorded ----

  /** Takes what there is, and tells of it. */
  take() {
    if (this.#listeners.size === 0) return
    const batch = this.#batch
    let count
    do {
      native.recorded(batch)
      count = batch[0]
      for (let i = 0, at = 2; i < count; i++, at += FIELDS) this.#member(batch, at)
    } while (count === BATCH)
    if (batch[1] > this.#missing) this.#tell('missed', batch[1] - this.#missing)
    this.#missing = batch[1]
    // All of a group that is over has been taken.
    for (const id of this.#groups.keys()) if (!groups.has(id)) this.#groups.delete(id)
  }

  #member(batch, at) {
    const { offset } = measures
    const group = this.#groups.get(batch[at + 3])
    const thread = batch[at + 6]
    this.#tell('member', {
      call: group?.owner.recorded ?? null,
      key: group === undefined ? null : keyIn(group, batch[at + 4]),
      task: this.#nameOf(batch[at + 5]),
      thread: thread < 0 ? `pool ${-thread}` : `own ${thread}`,
      queued: batch[at] - offset,
      started: batch[at + 1] - offset,
      ended: batch[at + 2] - offset,
      state: stateOf(batch[at + 7]),
    })
  }

  #nameOf(task) {
    if (task < 0) return 'unknown' // there was no memory for its name
    return (this.#names[task] ??= measures.nameOf(task))
  }

  // ---- What JavaScript says: see lib/task/recorder.js ----

  opened(group) {
    this.#groups.set(group.id, group)
  }

  begin(call, caller, start) {
    const record = (call.recorded = new CallRecord(call, callSite(caller)))
    let begin = start
    for (const listener of this.#listeners) {
      const inner = begin
      begin = () => listener.call(record, inner)
    }
    return begin()
  }

  callEnded(record, fulfilled, value) {
    record.ended = now()
    record.state = fulfilled ? 'fulfilled' : 'rejected'
    record.error = fulfilled ? null : wordsOf(value)
    record.call = null
    this.#tell('callEnded', record, value)
  }

  batch(group, thread, count) {
    return new Batch(group, `javascript ${thread}`, count, (batch) => this.#tell('batch', batch))
  }

  threadStarted(number) {
    this.#tell('threadStarted', `javascript ${number}`)
  }

  threadEnded(number) {
    this.#tell('threadEnded', `javascript ${number}`)
  }

  lent() {
    native.stats(this.#figures)
    this.#tell('lent', this.#figures[9])
  }
}

// One for all: the engine's records can be taken once.
native.hub1 ??= new Hub()

module.exports = { hub: native.hub1 }
