'use strict'
// Which thread runs what: the threads of this environment, and the lanes of work
// that wait for them.

const { isNativeError } = require('node:util').types
const { measures } = require('../task/measures.js')
const { native } = require('../task/native.js')
const clock = require('../task/clock.js')
const { Chunk } = require('./chunk.js')
const { wordsOf } = require('./errors.js')
const { shared } = require('./figures.js')
const { Lease } = require('./lease.js')
const { ReadyLanes, CHUNK_MS } = require('./lane.js')
const { Thread } = require('./thread.js')

const { clearInterval, clearTimeout, setInterval, setTimeout } = clock

const PREFETCH_MS = 20 // a thread gets another chunk ahead when a member takes less
const LATE_MS = 5 // without news of a thread, others take what it has not started
const TICK_MS = 50 // most between two looks at what may have timed out

/** Anything can be thrown; a warning takes an Error or words. */
const warnOf = (thrown) => process.emitWarning(isNativeError(thrown) ? thrown : wordsOf(thrown))

class Host {
  #threads = new Set() // that take work
  #dying = new Set()
  #ready = new ReadyLanes()
  #lease = new Lease(() => this.pump())
  #pumping = false
  #again = false
  #later // timer, while work that has not started could be taken from a thread
  #refused = false // there was no thread for it to be lent
  #keepAlive // timer, while work waits and no thread is busy
  #ticker
  #tick = Infinity // ms
  counters = shared.counters

  /** Its threads that exist, and those of them that are busy. */
  get present() {
    let busy = 0
    for (const set of [this.#threads, this.#dying]) for (const t of set) if (t.busy) busy++
    return { threads: this.#threads.size + this.#dying.size, busy }
  }

  /** Of its threads, while times are kept. */
  get measured() {
    return [...this.#threads, ...this.#dying].map((thread) => thread.measured)
  }

  /** A lane has members that wait. */
  enqueue(lane) {
    if (lane.waiting > 0) this.#ready.add(lane)
  }

  /** Gives what waits to threads. Never settles anything by itself. */
  pump() {
    this.#again = true
    if (this.#pumping) return
    this.#pumping = true
    try {
      while (this.#again) {
        this.#again = false
        this.#spread()
      }
    } finally {
      this.#pumping = false
    }
    const waiting = this.#ready.size > 0
    this.#lease.settle(waiting || this.#refused)
    this.#stayAlive(waiting && !this.#anyBusy())
  }

  #anyBusy() {
    for (const set of [this.#threads, this.#dying]) for (const t of set) if (t.busy) return true
    return false
  }

  #stayAlive(needed) {
    if (needed) this.#keepAlive ??= setInterval(() => this.pump(), 1000)
    else {
      clearInterval(this.#keepAlive)
      this.#keepAlive = undefined
    }
  }

  #spread() {
    for (const thread of this.#threads) if (!thread.busy && thread.stale) thread.end()
    for (let lane; (lane = this.#ready.next()) !== undefined; ) {
      const index = lane.group.peek(lane)
      if (index === undefined) continue
      const definition = lane.group.definitionAt(index)
      const thread = this.#threadFor(lane, definition)
      if (thread !== undefined) this.#assign(lane, definition, thread)
      else if (lane.group.atLimit(undefined)) lane.group.parked = true
      else if (!this.#failing) return this.#ready.putBack(lane)
    }
    this.#steal()
  }

  #failing = false // threadFor has failed the lane's members

  #threadFor(lane, definition) {
    const { group } = lane
    this.#failing = false
    if (!group.atLimit(undefined)) {
      const free = this.#freeFor(definition)
      if (free !== null) return this.#lease.take() ? this.#occupy(free, lane, definition) : undefined
    }
    for (const thread of this.#threads) {
      if (this.#takesAnother(thread, definition) && !group.atLimit(thread)) return thread
    }
    return undefined
  }

  /** An idle thread; undefined when one may be started; null when there is neither. */
  #freeFor({ kind, id }) {
    const idle = this.#idleOf(kind, id)
    if (idle !== undefined || this.#threads.size < native.threads()) return idle
    const other = this.#idleOf(undefined)
    if (other === undefined) return null
    other.end() // makes room for one of this kind
    return undefined
  }

  /** A free thread, or a new one, counts as busy from here on. */
  #occupy(free, lane, { kind }) {
    const thread = free ?? this.#start(lane, kind)
    if (thread === undefined) this.#lease.release()
    else thread.leased = true
    return thread
  }

  #start(lane, kind) {
    try {
      const thread = new Thread(this, kind, ++shared.started)
      shared.hosts.add(this)
      this.#threads.add(thread)
      return thread
    } catch (error) {
      this.#failing = true
      lane.group.failWaiting(lane, error)
      return undefined
    }
  }

  /** An idle thread of the kind, if may be one that knows the function. */
  #idleOf(kind, id) {
    let found
    for (const thread of this.#threads) {
      if (thread.busy || (kind !== undefined && thread.kind !== kind)) continue
      if (thread.known.has(id)) return thread
      found ??= thread
    }
    return found
  }

  /** Whether a busy thread gets a chunk ahead, so that it never waits for this one. */
  #takesAnother(thread, definition) {
    if (thread.stale) return false
    if (thread.kind !== definition.kind || thread.chunks.length !== 1 || !thread.hasRoom) return false
    const { pace } = thread.chunks[0].lane.definition ?? definition
    const short = (ms) => ms > 0 && ms < PREFETCH_MS
    return short(pace.ms) && short(definition.pace.ms)
  }

  #assign(lane, definition, thread) {
    const { group } = lane
    const size = definition.pace.size(lane.waiting, native.threads())
    const members = group.take(lane, size)
    const chunk = new Chunk(group, lane, members, {
      ordered: lane.definition === null,
      singly: lane.definition === null || definition.pace.uneven,
    })
    group.sent(chunk)
    try {
      thread.send(chunk, (index) => group.before(index))
      this.#time(group.options.itemTimeout)
    } catch (error) {
      group.unsent(chunk, error)
    }
    if (!thread.busy) this.#rests(thread)
    this.enqueue(lane)
  }

  /** A thread has nothing to do. */
  #rests(thread) {
    if (!thread.leased) return
    thread.leased = false
    this.#lease.release()
    if (thread.ending) return
    if (thread.stale) thread.end()
    else thread.rest()
  }

  /** Threads that are free take half of what another one has not started. */
  #steal() {
    this.#refused = false
    for (let tries = this.#threads.size + 1; tries > 0; tries--) {
      const chunk = this.#mostUnstarted()
      if (chunk === undefined) return
      const { lane, group } = chunk
      const { definition } = lane
      const free = this.#idleOf(definition.kind, definition.id)
      this.#failing = false
      this.#refused = !this.#lease.take()
      if (this.#refused) return
      const current = chunk.thread.chunks[0] === chunk
      const taken = current ? Math.ceil(chunk.spare / 2) : chunk.spare
      group.cameBack(lane, chunk.takeBack(chunk.end - taken))
      const thread = group.peek(lane) === undefined ? undefined : this.#occupy(free, lane, definition)
      if (thread !== undefined) this.#assign(lane, definition, thread)
      else if (!this.#failing) this.#lease.release()
    }
  }

  /** The chunk that is worth taking from, for a thread that is free for it. */
  #mostUnstarted() {
    const now = clock.now()
    const room = this.#threads.size < native.threads()
    let found
    let most = CHUNK_MS / 4
    let some = false
    for (const thread of this.#threads) {
      for (const chunk of thread.chunks) {
        const { spare, group, ordered, moved } = chunk
        if (spare === 0 || ordered || moved) continue
        const { definition } = chunk.lane
        if (group.atLimit(undefined) || !(room || this.#idleOf(definition.kind) !== undefined)) continue
        some = true
        const quiet = now - thread.heard // it may take longer than it was thought to
        const ms = Math.max(spare * (definition.pace.ms || CHUNK_MS), quiet >= LATE_MS ? quiet : 0)
        if (ms > most) [found, most] = [chunk, ms]
      }
    }
    if (some && found === undefined && this.#later === undefined) {
      this.#later = setTimeout(() => {
        this.#later = undefined
        this.pump()
      }, LATE_MS).unref()
    }
    return found
  }

  /** Results have come from a thread. */
  results(thread, chunk, message) {
    const { lane, group } = chunk
    this.counters.runTime += message.spent
    if (measures.on) thread.count(message.spent)
    lane.definition?.pace.add(message.ended, message.spent, message.longest)
    const first = chunk.received
    group.received(chunk, message)
    if (!thread.busy) this.#rests(thread)
    thread.print() // what they have printed comes before they settle
    group.settleResults(chunk, first, message)
    if (message.done) {
      this.pump()
    } else if (lane.definition !== null && !chunk.moved && message.count > 0) {
      this.#trim(chunk, lane)
    }
  }

  /** A chunk that takes longer than it was thought to gives members back. */
  #trim(chunk, lane) {
    const kept = chunk.started + lane.definition.pace.chunk
    if (kept >= chunk.end) return
    chunk.group.cameBack(lane, chunk.takeBack(kept))
    this.enqueue(lane)
    this.pump()
  }

  /** The running member is to stop: asked first, then with its thread. */
  stop(chunk, at, killAfter, reason) {
    const { thread } = chunk
    thread.abort(chunk.tokenOf(at))
    clearTimeout(chunk.killer)
    if (killAfter === Infinity) return
    chunk.killer = setTimeout(() => this.#killFor(chunk, reason), killAfter).unref()
  }

  #killFor(chunk, reason) {
    const { thread } = chunk
    thread.drain() // it may have ended meanwhile
    if (!thread.chunks.includes(chunk)) return
    // Nothing else starts there from now on, which would be lost with the thread.
    for (const one of thread.chunks) {
      if (one.moved) continue // its arguments are there, and nowhere else
      one.group.cameBack(one.lane, one.takeBack(0))
      this.enqueue(one.lane)
    }
    if (chunk.group.isStopping(chunk)) thread.kill(reason)
    this.pump()
  }

  /** A thread takes no work any more. */
  leaves(thread) {
    this.#threads.delete(thread)
    this.#dying.add(thread)
  }

  /** A thread is gone, with these chunks. */
  died(thread, chunks, why) {
    this.#threads.delete(thread)
    this.#dying.delete(thread)
    if (this.#threads.size + this.#dying.size === 0) shared.hosts.delete(this)
    this.#rests(thread)
    if (chunks.length === 0 && !why.expected && why.cause !== undefined) warnOf(why.cause)
    const ends = chunks.map((chunk) => chunk.group.lost(chunk, thread, why))
    chunks.forEach((chunk, i) => chunk.group.failAll(ends[i]))
    this.pump()
  }

  /** Takes what has ended on threads that have chunks of that function. */
  collect(definition) {
    for (const thread of [...this.#threads, ...this.#dying]) {
      if (thread.chunks.some(({ group }) => definition.groups.has(group))) thread.drain()
    }
  }

  /** A function is called no more. */
  forget(id) {
    for (const thread of this.#threads) thread.forget(id)
  }

  /** Prints what functions have printed until now. */
  print() {
    for (const set of [this.#threads, this.#dying]) for (const thread of set) thread.print()
  }

  /** The groups that threads have members of. */
  get groups() {
    return [...this.#threads, ...this.#dying].flatMap(({ chunks }) => chunks.map(({ group }) => group))
  }

  /** Ends idle threads, of a kind if one is given. */
  async endIdle(kind) {
    const ends = []
    const isMeant = (thread) => kind === undefined || thread.kind === kind
    for (const thread of this.#threads) {
      if (isMeant(thread) && !thread.busy) thread.end()
    }
    for (const thread of this.#dying) if (isMeant(thread)) ends.push(thread.waitForEnd())
    await Promise.all(ends)
  }

  // ---- Item timeouts: members are timed from when they are first seen running.

  #time(itemTimeout) {
    if (!(itemTimeout > 0)) return
    const ms = Math.max(1, Math.min(TICK_MS, itemTimeout / 8))
    if (ms >= this.#tick) return
    clearInterval(this.#ticker)
    this.#tick = ms
    this.#ticker = setInterval(() => this.#look(), ms).unref()
  }

  #look() {
    const now = clock.now()
    let timed = false
    for (const thread of [...this.#threads, ...this.#dying]) {
      const chunk = thread.chunks[0]
      if (chunk === undefined || !(chunk.group.options.itemTimeout > 0)) continue
      timed = true
      const { itemTimeout } = chunk.group.options
      if (this.#overdue(chunk, now, itemTimeout)) {
        thread.drain() // its result may have come meanwhile
        if (this.#overdue(chunk, now, itemTimeout)) chunk.group.expire(chunk)
      }
    }
    if (timed || this.#ready.size > 0) return
    clearInterval(this.#ticker)
    this.#tick = Infinity
  }

  #overdue(chunk, now, itemTimeout) {
    const running = chunk.started - 1
    if (running < chunk.received) return false
    if (chunk.watched !== running) {
      chunk.watched = running
      chunk.watchedAt = now
    }
    return now - chunk.watchedAt >= itemTimeout
  }
}

const host = new Host()

module.exports = { host }
