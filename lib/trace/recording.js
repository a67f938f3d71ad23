'use strict'
// A recording: what the hub tells it, until it is stopped, and what a Trace is made of that.

const { misuse, rangeError, typeError } = require('../errors.js')
const { now } = require('../task/clock.js')
const { native } = require('../task/native.js')
const { ownOf } = require('../task/own.js')
const { hub } = require('./hub.js')
const { Loop } = require('./loop.js')
const { versions } = require('./versions.js')
const { writeTrace } = require('./write.js')

const MEMBERS = 100_000
const MOST = 2 ** 24

class Recording {
  #sink
  #trace = null

  /** @private */
  constructor(room) {
    this.#sink = new Sink(room)
    hub.add(this.#sink)
    this.#sink.begin()
  }

  /** Ends it. The same Trace each time. */
  stop() {
    if (this.#trace !== null) return this.#trace
    const sink = this.#sink
    sink.end()
    hub.delete(sink)
    this.#sink = null
    return (this.#trace = sink.trace())
  }

  /**
   * Ends it, and writes the Trace.
   * @param {string} file `.html`, or `.json` in the trace event format
   * @param {{force?: boolean}} [options] whether a file that exists is replaced
   * @returns {string} the file's absolute path
   */
  write(file, options) {
    return writeTrace(() => this.stop(), file, options)
  }
}

/** What the hub tells. */
class Sink {
  #members = []
  #batches = []
  #count = 0 // members in both
  #missing = 0
  #calls = []
  #missingCalls = 0
  #threads = new Map() // by name: {started, ended}
  #lent = []
  #loop = null
  #epoch // ms since 1970
  #began
  #ended

  constructor(room) {
    this.room = room
  }

  begin() {
    this.#epoch = Date.now()
    this.#began = now()
    this.#loop = new Loop()
    hub.lent()
  }

  end() {
    this.#ended = now()
    this.#loop.stop()
  }

  member(member) {
    if (this.#count === this.room) return void this.#missing++
    this.#count++
    this.#members.push(member)
  }

  /** As it is, while there is room for all of it. */
  batch(batch) {
    if (this.#count + batch.length > this.room) {
      for (const member of batch) this.member(member)
      return
    }
    this.#count += batch.length
    this.#batches.push(batch)
  }

  missed(count) {
    this.#missing += count
  }

  call(record, start) {
    if (this.#calls.length < this.room) this.#calls.push(record)
    else this.#missingCalls++
    return start()
  }

  callEnded() {}

  threadStarted(name) {
    this.#threads.set(name, { started: now(), ended: null })
  }

  threadEnded(name) {
    const known = this.#threads.get(name)
    if (known === undefined) this.#threads.set(name, { started: null, ended: now() })
    else known.ended = now()
  }

  lent(count) {
    if (this.#lent.at(-1)?.count !== count) this.#lent.push({ time: now(), count })
  }

  // ---- The Trace ----

  trace() {
    for (const batch of this.#batches) this.#members.push(...batch)
    const threads = this.#threadRecords()
    const ids = new Map(threads.map(({ id, name }) => [name, id]))
    const numbers = new Map(this.#calls.map((record, i) => [record, i + 1]))
    const calls = this.#calls.map((record, i) => this.#callRecord(record, i + 1))
    const members = this.#members.map((member) => this.#memberRecord(member, ids, numbers))
    members.sort((a, b) => a.started - b.started)
    return {
      version: 1,
      began: this.#epoch,
      duration: this.#ended - this.#began,
      ...versions(),
      settings: { threads: native.threads() },
      members,
      missing: this.#missing,
      calls,
      missingCalls: this.#missingCalls,
      stalls: this.#loop.stalls.map((one) => this.#span(one)),
      collections: this.#loop.collections.map((one) => this.#span(one)),
      threads,
      lent: this.#lent.map(({ time, count }) => ({ time: this.#at(time), count })),
    }
  }

  /** Since the recording began. What was before counts from then. */
  #at(time) {
    return time === null ? null : Math.max(0, time - this.#began)
  }

  #span({ start, duration, ...rest }) {
    const from = this.#at(start)
    return { ...rest, start: from, duration: Math.max(0, start - this.#began + duration - from) }
  }

  #memberRecord({ call, key, task, thread, queued, started, ended, state }, ids, numbers) {
    return {
      call: numbers.get(call) ?? null,
      key: typeof key === 'symbol' ? String(key) : key,
      task,
      thread: ids.get(thread),
      queued: this.#at(queued),
      started: this.#at(started),
      ended: this.#at(ended),
      state,
    }
  }

  #callRecord({ name, place, began, ended, state, error, total, call }, id) {
    const running = ended === null || ended > this.#ended
    return {
      id,
      name,
      place,
      began: this.#at(began),
      ended: running ? null : this.#at(ended),
      state: running ? 'running' : state,
      error: running ? null : error,
      total: total ?? call?.total ?? null,
    }
  }

  #threadRecords() {
    const names = new Set(this.#members.map(({ thread }) => thread))
    for (const name of this.#threads.keys()) names.add(name)
    const kinds = ['pool', 'own', 'javascript']
    const parts = [...names].map((name) => [name, ...name.split(' ')])
    parts.sort(([, a, m], [, b, n]) => kinds.indexOf(a) - kinds.indexOf(b) || m - n)
    return parts.map(([name, kind], i) => ({
      id: i + 1,
      name,
      kind: kind === 'javascript' ? kind : 'native',
      started: this.#at(this.#threads.get(name)?.started ?? null),
      ended: this.#at(this.#threads.get(name)?.ended ?? null),
    }))
  }
}

/** Begins a recording: see lib/trace.js. */
function trace(options = {}) {
  if (options === null || typeof options !== 'object') throw typeError('trace', 'options', 'an object', options)
  const { members = MEMBERS } = ownOf(options, (key) => {
    if (key !== 'members') throw misuse(`trace: there is no option '${key}'; it takes members`)
  })
  if (typeof members !== 'number') throw typeError('trace', 'option "members"', 'a number', members)
  if (!Number.isInteger(members) || members < 1 || members > MOST) {
    throw rangeError('trace', 'option "members"', `an integer from 1 to ${MOST}`, members)
  }
  return new Recording(members)
}

module.exports = { trace }
