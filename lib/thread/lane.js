'use strict'
// A lane: the members of a group that wait for a thread, all for one function; or
// the steps of a sequence, in order. And how long a function takes, by which the
// sizes of chunks are chosen.

const { MOST_MEMBERS } = require('./protocol.js')

const CHUNK_MS = 2 // that a chunk is meant to take
const UNKNOWN = 8 // members of a chunk while a function's time is not known
const SPREAD_MS = 0.2 // of work is worth a message to another thread
const UNEVEN_MS = 10 // a member of that length: results are sent at once

/** The run time of a function's members. */
class Pace {
  ms = 0 // of a member, 0 when it is not known
  #longest = 0

  /** @param {number} spent ms, of `count` members; `longest` of one of them */
  add(count, spent, longest) {
    if (count === 0) return
    const each = Math.max(spent / count, 1e-5)
    const weight = this.ms === 0 ? 1 : Math.min(0.7, 0.2 + count / 100)
    this.ms += (each - this.ms) * weight
    this.#longest = Math.max(longest, this.#longest / 2)
  }

  get known() {
    return this.ms > 0
  }

  /** Whether results should not wait for each other in a chunk. */
  get uneven() {
    return !this.known || this.#longest >= UNEVEN_MS
  }

  /** Members that take about as long as a chunk should. */
  get chunk() {
    if (!this.known) return UNKNOWN
    return Math.max(1, Math.min(MOST_MEMBERS, Math.round(CHUNK_MS / this.ms)))
  }

  /** Members of a chunk, of `waiting` that `threads` threads could take. */
  size(waiting, threads) {
    const share = Math.ceil(waiting / threads)
    if (this.known && waiting * this.ms < SPREAD_MS) return Math.min(waiting, MOST_MEMBERS)
    return Math.max(1, Math.min(share, this.chunk))
  }
}

class Lane {
  queued = false // in the host's list of lanes that are ready
  waiting = 0
  failed = false // a step of a sequence
  singly = false // one member in a chunk: some cannot be sent
  last = null // definition of the last member that was pushed
  #queue = []
  #head = 0
  #back = [] // taken back from threads, the last one first

  /** @param definition its function, or null: a sequence has several */
  constructor(group, definition) {
    this.group = group
    this.definition = definition
  }

  push(index) {
    this.#queue.push(index)
    this.waiting++
  }

  /** Members come back; they go first, in their order. */
  giveBack(members) {
    this.#back.push(...members)
    this.#back.sort((a, b) => b - a)
    this.waiting += members.length
  }

  /** The next member that still waits, or undefined. */
  peek() {
    const { group } = this
    while (this.#back.length > 0) {
      const index = this.#back[this.#back.length - 1]
      if (group.waits(index)) return index
      this.#back.pop()
    }
    while (this.#head < this.#queue.length) {
      const index = this.#queue[this.#head]
      if (group.waits(index)) return index
      this.#head++
    }
    this.#queue = []
    this.#head = 0
    return undefined
  }

  /** Takes what peek() has given. */
  shift() {
    this.waiting--
    if (this.#back.length > 0) this.#back.pop()
    else this.#head++
  }

  /** Takes all waiting members out for which that is so. */
  takeAll(isSo) {
    const taken = []
    const stays = (index) => {
      if (!this.group.waits(index)) return false
      if (!isSo(index)) return true
      taken.push(index)
      return false
    }
    this.#back = this.#back.filter(stays)
    this.#queue = this.#queue.slice(this.#head).filter(stays)
    this.#head = 0
    this.waiting -= taken.length
    return taken
  }
}

/** Lanes that wait: by priority, and in turn within one. */
class ReadyLanes {
  #lists = new Map() // by priority: {lanes, head}
  #priorities = [] // highest first

  get size() {
    let size = 0
    for (const { lanes, head } of this.#lists.values()) size += lanes.length - head
    return size
  }

  add(lane) {
    if (lane.queued) return
    lane.queued = true
    const priority = lane.group.options.priority ?? 0
    let list = this.#lists.get(priority)
    if (list === undefined) {
      list = { lanes: [], head: 0 }
      this.#lists.set(priority, list)
      this.#priorities = [...this.#lists.keys()].sort((a, b) => b - a)
    }
    list.lanes.push(lane)
  }

  /** Takes the next one out; undefined when there is none. */
  next() {
    for (const priority of this.#priorities) {
      const list = this.#lists.get(priority)
      if (list.head < list.lanes.length) {
        const lane = list.lanes[list.head]
        list.lanes[list.head++] = undefined
        if (list.head > 64 && list.head * 2 > list.lanes.length) {
          list.lanes.splice(0, list.head)
          list.head = 0
        }
        lane.queued = false
        return lane
      }
      this.#lists.delete(priority)
      this.#priorities = this.#priorities.filter((one) => one !== priority)
      return this.next()
    }
    return undefined
  }

  /** Puts one back that next() gave: it stays the first. */
  putBack(lane) {
    lane.queued = true
    const priority = lane.group.options.priority ?? 0
    const list = this.#lists.get(priority)
    if (list === undefined) {
      lane.queued = false
      this.add(lane)
    } else if (list.head > 0) list.lanes[--list.head] = lane
    else list.lanes.unshift(lane)
  }
}

module.exports = { Lane, Pace, ReadyLanes, CHUNK_MS }
