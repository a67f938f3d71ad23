'use strict'
// A chunk: members of one group that go to a thread in one message.

const { dataOf, definitionOf } = require('../task.js')
const { previous } = require('../previous.js')
const { isTransfer, transferred } = require('./transfer.js')
const { endOf, nextOf, takeBack, tokenOf, wordOf } = require('./protocol.js')

const isObject = (value) => typeof value === 'object' && value !== null

class Chunk {
  /**
   * @param group the ThreadGroup
   * @param lane where members go back to that are taken back
   * @param {number[]} members their indices in the group
   * @param {{ordered: boolean, singly: boolean}} how `ordered`: the members are
   *   steps of a sequence; `singly`: each result is sent at once
   */
  constructor(group, lane, members, { ordered, singly }) {
    this.group = group
    this.lane = lane
    this.members = members
    this.ordered = ordered
    this.singly = singly
    this.moved = false // its arguments' memory went to the thread
    this.received = 0 // members whose results have come
    this.killer = undefined // timer that ends the thread
    this.watched = -1 // member that is timed, since when:
    this.watchedAt = 0
    this.thread = null
    this.seq = 0
    this.slot = 0
  }

  /** Told by the thread to which it goes. */
  place(thread, seq, slot) {
    this.thread = thread
    this.seq = seq
    this.slot = slot
    Atomics.store(thread.board, slot, wordOf(0, this.members.length))
  }

  get #word() {
    return Atomics.load(this.thread.board, this.slot)
  }

  /** Members that have started; the last one of them may run. */
  get started() {
    return nextOf(this.#word)
  }

  /** Members that are left to it; the others were taken back. */
  get end() {
    return endOf(this.#word)
  }

  /** Members that others may take: not the one that its thread is about to start. */
  get spare() {
    const word = this.#word
    const isNext = this.thread.chunks[0] === this && nextOf(word) === this.received
    return Math.max(0, endOf(word) - nextOf(word) - (isNext ? 1 : 0))
  }

  /** Takes the unstarted members from that one on back: their indices in the group. */
  takeBack(from) {
    const before = this.end
    const end = takeBack(this.thread.board, this.slot, from)
    return end < before ? this.members.slice(end, before) : []
  }

  tokenOf(member) {
    return tokenOf(this.seq, member)
  }

  /**
   * The message, and what is transferred with it.
   * @param {(index: number) => unknown[] | undefined} before known results
   */
  message(before) {
    const tasks = this.members.map((index) => this.group.taskAt(index))
    const definitions = [...new Set(tasks.map(definitionOf))]
    const message = {
      seq: this.seq,
      slot: this.slot,
      fns: definitions.map((definition) => definition.id),
      of: undefined,
      args: null,
      unary: true,
      previous: undefined,
      ordered: this.ordered,
      singly: this.singly,
    }
    if (definitions.length > 1) message.of = tasks.map((task) => definitions.indexOf(definitionOf(task)))
    const list = []
    const seen = new Set()
    const lists = tasks.map((task, i) => this.#arguments(message, i, dataOf(task), before, list, seen))
    message.unary = message.previous === undefined && lists.every((args) => args.length === 1)
    message.args = message.unary ? lists.map((args) => args[0]) : lists
    if (list.length > 0 && lists.length > 1) throw new Error('a chunk that transfers has one member')
    this.moved = list.length > 0
    return { message, list }
  }

  /** A member's arguments as they are sent. */
  #arguments(message, i, args, before, list, seen) {
    let sent = args
    for (let place = 0; place < args.length; place++) {
      const value = args[place]
      if (!isObject(value) && value !== previous) continue
      if (sent === args) sent = args.slice()
      if (value === previous) this.#previous(message, i, place, sent, before)
      else if (isTransfer(value)) {
        sent[place] = value.value
        list.push(...transferred(value))
      } else if (seen.has(value)) {
        sent[place] = structuredClone(value) // each member gets a copy of its own
      } else {
        seen.add(value)
      }
    }
    return sent
  }

  #previous(message, i, place, sent, before) {
    const known = i === 0 ? before(this.members[0]) : undefined
    if (known !== undefined) {
      sent[place] = known[0]
      return
    }
    sent[place] = undefined
    message.previous ??= this.members.map(() => null)
    message.previous[i] ??= []
    message.previous[i].push(place)
  }
}

module.exports = { Chunk }
