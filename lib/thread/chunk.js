'use strict'
// A chunk: members of one group that go to a thread in one message.

const { dataOf, definitionOf } = require('../task/task.js')
const { previous } = require('../task/previous.js')
const { detachedError } = require('./errors.js')
const { isGone, isTransfer, transferred } = require('./transfer.js')
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
    this.timed = false // when its members start and end is put down
    this.sentAt = 0 // by now()
    this.moved = false // its arguments' memory went to the thread
    this.received = 0 // members whose results have come
    this.killer = undefined // timer that ends the thread
    this.watched = -1 // member that is timed, since when:
    this.watchedAt = 0
    this.thread = null
    this.seq = 0
    this.board = null // where its word is:
    this.slot = 0
  }

  /** Told by the thread to which it goes. */
  place(thread, seq, slot) {
    this.thread = thread
    this.seq = seq
    this.board = thread.board
    this.slot = slot
    Atomics.store(this.board, slot, wordOf(0, this.members.length))
  }

  /** Its slot on the thread's board is free for another: it keeps its word for itself. */
  leave() {
    const word = this.#word
    this.board = Int32Array.of(word)
    this.slot = 0
  }

  get #word() {
    return Atomics.load(this.board, this.slot)
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
    const end = takeBack(this.board, this.slot, from)
    return end < before ? this.members.slice(end, before) : []
  }

  tokenOf(member) {
    return tokenOf(this.seq, member)
  }

  /**
   * The message, what is transferred with it, and the functions in it.
   * @param {(index: number) => unknown[] | undefined} before known results
   */
  message(before) {
    const { group, members } = this
    const message = {
      seq: this.seq,
      slot: this.slot,
      fns: null,
      of: undefined,
      args: new Array(members.length),
      unary: true,
      previous: undefined,
      ordered: this.ordered,
      singly: this.singly,
      timed: this.timed,
    }
    const definitions = []
    const made = { message, before, list: [], seen: new Set() }
    let last
    for (let i = 0; i < members.length; i++) {
      const task = group.taskAt(members[i])
      const definition = definitionOf(task)
      if (definition !== last) {
        last = definition
        if (!definitions.includes(definition)) definitions.push(definition)
        if (definitions.length > 1) message.of ??= new Array(i).fill(0)
      }
      message.of?.push(definitions.indexOf(definition))
      const args = this.#arguments(made, i, dataOf(task))
      message.args[i] = args
      if (args.length !== 1) message.unary = false
    }
    const { list } = made
    if (list.length > 0 && members.length > 1) throw new Error('a chunk that transfers has one member')
    this.moved = list.length > 0
    message.unary &&= message.previous === undefined
    if (message.unary) for (let i = 0; i < members.length; i++) message.args[i] = message.args[i][0]
    message.fns = definitions.map((definition) => definition.id)
    return { message, list, definitions }
  }

  /** A member's arguments as they are sent. */
  #arguments(made, i, args) {
    let sent = args
    for (let place = 0; place < args.length; place++) {
      const value = args[place]
      if (!isObject(value) && value !== previous) continue
      if (value === previous || isTransfer(value) || made.seen.has(value)) {
        if (sent === args) sent = args.slice()
        if (value === previous) this.#previous(made.message, i, place, sent, made.before)
        else if (isTransfer(value)) {
          sent[place] = value.value
          const list = transferred(value)
          if (list.some(isGone)) throw detachedError(this.group, this.members[i], place)
          made.list.push(...list)
        } else {
          sent[place] = structuredClone(value) // each member gets a copy of its own
        }
      } else if (this.members.length > 1) {
        made.seen.add(value)
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
