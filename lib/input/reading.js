'use strict'
// Reads one source, and has each chunk of it worked on by a native member of its own:
// no thread is held while the source has nothing. While one chunk is worked on the
// next ones are pulled, up to a bound, and go down together.

const { typeError } = require('../errors.js')
const { checkArgument, Type } = require('../task/check.js')
const { isFile } = require('../task/file.js')
const { Group } = require('../task/group.js')
const { native, Policy } = require('../task/native.js')
const { dataOf, State, stateOf, Task } = require('../task/task.js')

const AHEAD = 256 * 1024 // bytes that are pulled before they are worked on
const EMPTY = Buffer.alloc(0)

const ignore = () => {}

/** Owns the group of one chunk: a promise for how it has ended, once nothing of it runs. */
class Step {
  #resolve
  #group
  #end = null
  over = new Promise((resolve) => (this.#resolve = resolve))

  /** @param of {recorded, index}: what recordings know it by */
  constructor(task, options, { recorded, index }) {
    this.recorded = recorded
    this.index = index
    const group = (this.#group = new Group(this, [task], { policy: Policy.SETTLED, total: 1, ...options }))
    try {
      group.add(0)
      group.watch()
      group.flush()
      group.seal()
    } catch (error) {
      this.#resolve({ fulfilled: false, value: error })
    }
  }

  keyOf() {
    return this.index
  }

  settled(_position, task) {
    this.#end = { fulfilled: stateOf(task) === State.FULFILLED, value: dataOf(task) }
    if (this.#group.open !== true) this.#resolve(this.#end) // it could not go down
  }

  refused() {}

  finished() {
    this.#resolve(this.#end)
  }

  stop(reason) {
    this.#group.withdraw(reason)
    if (!this.#group.open && !this.#group.ending) this.#resolve({ fulfilled: false, value: reason })
  }
}

class Reading {
  #chunks // what is done with them: see lib/input/chunks.js
  #options // of groups
  #of
  #queue = []
  #bytes = 0 // in the queue
  #ended = false // the source has
  #failure = null // {error}, of the source or of who stops it
  #news = ignore // told when there is something in the queue, or an end
  #room = ignore // told when there is room in it
  #step = null
  #begun = false

  constructor(chunks, options, of) {
    this.#chunks = chunks
    this.#options = options
    this.#of = of
  }

  /** The result; rejects with an error of the source, of a chunk, or with stop()'s reason. */
  async run() {
    const { source } = this.#chunks
    const slot = native.slot() // held until no member has it
    try {
      source.begin()
      this.#begun = true
      this.#pullAll().catch((error) => this.#fail(error))
      return await this.#workAll(slot)
    } catch (error) {
      if (this.#failure === null) {
        this.#failure = { error }
        if (this.#begun) source.source.stop(error)
      }
      throw error
    } finally {
      native.clearSlot(slot)
    }
  }

  stop(reason) {
    if (this.#failure !== null) return
    this.#fail(reason)
    if (this.#begun) this.#chunks.source.source.stop(reason)
    this.#step?.stop(reason)
  }

  #fail(error) {
    this.#failure ??= { error }
    this.#room()
    this.#news()
  }

  // ---- The source ----

  async #pullAll() {
    const { source } = this.#chunks.source
    while (this.#failure === null) {
      if (this.#bytes >= AHEAD) await new Promise((resolve) => (this.#room = resolve))
      if (this.#failure !== null) return
      const { done, value } = await source.next()
      if (this.#failure !== null) return
      if (done) this.#ended = true
      else this.#put(value)
      this.#news()
      if (done) return
    }
  }

  #put(value) {
    const { name, label } = this.#chunks
    const param = { type: Type.BYTES, label: `a chunk of ${label}`, expected: 'a Buffer, TypedArray, DataView or ArrayBuffer' }
    if (typeof value === 'string' || isFile(value)) throw typeError(name, param.label, param.expected, value)
    const bytes = checkArgument(name, param, value)
    this.#queue.push(bytes)
    this.#bytes += bytes.byteLength
  }

  // ---- The chunks ----

  async #workAll(slot) {
    const results = []
    for (;;) {
      if (this.#queue.length === 0 && !this.#ended && this.#failure === null) {
        await new Promise((resolve) => (this.#news = resolve))
      }
      if (this.#failure !== null) throw this.#failure.error
      const isLast = this.#ended
      if (!isLast && this.#queue.length === 0) continue
      const result = await this.#work(this.#take(), slot, isLast)
      if (isLast) return this.#chunks.whole(results, result)
      this.#chunks.keep(results, result)
    }
  }

  #take() {
    const queue = this.#queue
    this.#queue = []
    this.#bytes = 0
    this.#room()
    if (queue.length === 0) return EMPTY
    return queue.length === 1 ? queue[0] : Buffer.concat(queue.map(viewOf))
  }

  async #work(bytes, slot, isLast) {
    const { definition } = this.#chunks
    const task = new Task(definition, this.#chunks.argumentsOf(bytes, new Uint8Array(slot), isLast))
    this.#step = new Step(task, this.#options, this.#of)
    const { fulfilled, value } = await this.#step.over
    this.#step = null
    if (this.#failure !== null) throw this.#failure.error
    if (!fulfilled) throw value
    return value
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)

module.exports = { Reading }
