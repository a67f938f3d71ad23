'use strict'
// One worker thread: what it has been sent, what it sends back, and its end.

const { receiveMessageOnPort } = require('node:worker_threads')
const { clearTimeout, now, setTimeout } = require('../task/clock.js')
const { measures } = require('../task/measures.js')
const { recorder } = require('../task/recorder.js')
const {
  CPU,
  HEAP,
  isTokenOf,
  newBoard,
  newEnds,
  newTimes,
  NO_TOKEN,
  PROGRESS_DONE,
  SLOTS,
  Word,
} = require('./protocol.js')
const { niceness } = require('./nice.js')
const { Output } = require('./output.js')
const { Results } = require('./results.js')

const GRACE_MS = 100 // for an idle thread to end by itself

const NO_NEWS = { ended: 0, spent: 0, longest: 0, done: false }

class Thread {
  board = newBoard()
  heard = 0 // when it last sent something, or began
  chunks = [] // in the order in which it works them off
  known = new Set() // ids of functions that it was sent
  unloaded = new Set() // of these, modules that it has not loaded yet
  leased = false // it counts among the busy ones
  ending = false // takes nothing any more
  nice = niceness() // it keeps that until it ends
  exited // promise
  #worker
  #port
  #results
  #output
  #host
  #seq = 0
  #times = null // when members started and ended, once somebody has wanted to know
  #busy = 0 // ms, since measures.since
  #epoch = 0 // of measures
  #free = Array.from({ length: SLOTS }, (_, i) => Word.SLOT + i)
  #idle // timer
  #cause // the error that it died of
  #expected = false // it was ended from here
  #killedFor
  #left

  /**
   * Throws when it cannot start.
   * @param {number} number by which it is known
   */
  constructor(host, kind, number) {
    this.kind = kind
    this.number = number
    this.#host = host
    const ends = newEnds()
    const { worker, port, tray, output } = kind.start(this.board, ends, this.nice)
    this.#results = new Results(ends, tray)
    this.#output = new Output(this.board, output)
    this.#worker = worker
    this.#port = port
    this.exited = new Promise((resolve) => (this.#left = resolve))
    port.on('message', (message) => this.#receive(message))
    port.on('messageerror', (error) => this.#broken(error))
    port.unref() // a listener refs it
    worker.on('error', (error) => (this.#cause ??= error))
    worker.on('exit', (code) => this.#exit(code))
    recorder.on?.threadStarted(number)
  }

  get busy() {
    return this.chunks.length > 0
  }

  /** Whether its niceness is no longer wanted: it takes nothing more. */
  get stale() {
    return this.nice !== niceness()
  }

  get hasRoom() {
    return this.#free.length > 0
  }

  /** Fraction that the running member reports. */
  get progress() {
    return Atomics.load(this.board, Word.PROGRESS) / PROGRESS_DONE
  }

  /**
   * Sends a chunk. Throws when an argument cannot be sent, and nothing is.
   * @param before see Chunk.message()
   */
  send(chunk, before) {
    const slot = this.#free.pop()
    chunk.timed = measures.on && this.#keepTimes()
    chunk.sentAt = now()
    chunk.place(this, ++this.#seq, slot)
    this.#results.clear(slot, chunk.members.length)
    this.chunks.push(chunk)
    try {
      const { message, list, definitions } = chunk.message(before)
      for (const definition of definitions) this.#define(definition)
      this.#port.postMessage({ chunk: message }, list)
    } catch (error) {
      this.#remove(chunk)
      throw error
    }
    if (this.chunks.length === 1) this.#begin()
  }

  /** Its members' times are put down from now on. */
  #keepTimes() {
    if (this.#times !== null) return true
    this.#times = newTimes()
    this.#results.time(this.#times)
    this.#port.postMessage({ times: this.#times })
    return true
  }

  /** Times of a chunk's members: two of each, 0 where they are not known. */
  timesOf(chunk, from, end) {
    return this.#results.timesOf(chunk, from, end)
  }

  /** It was busy for some ms. */
  count(spent) {
    if (this.#epoch !== measures.epoch) this.#busy = 0
    this.#epoch = measures.epoch
    this.#busy += spent
  }

  /** For stats(). */
  get measured() {
    if (this.#epoch !== measures.epoch) this.#busy = 0
    const given = (at) => this.#times?.[at] || undefined
    return { thread: `javascript ${this.number}`, busy: this.#busy, heapUsed: given(HEAP), cpuTime: given(CPU) }
  }

  #define(definition) {
    if (this.known.has(definition.id)) return
    this.known.add(definition.id)
    if (definition.spec.module !== undefined) this.unloaded.add(definition.id)
    this.#port.postMessage({ define: definition.spec })
  }

  /** A function is called no more. */
  forget(id) {
    if (this.ending || !this.known.delete(id)) return
    this.unloaded.delete(id)
    this.#port.postMessage({ forget: id })
  }

  #begin() {
    clearTimeout(this.#idle)
    this.#worker.ref()
    this.heard = now()
  }

  #remove(chunk) {
    const index = this.chunks.indexOf(chunk)
    if (index < 0) return
    this.chunks.splice(index, 1)
    this.#free.push(chunk.slot)
    chunk.leave()
    clearTimeout(chunk.killer)
    // Its number comes again one day. Another chunk's token has to stay.
    if (isTokenOf(Atomics.load(this.board, Word.ABORT), chunk.seq)) {
      Atomics.store(this.board, Word.ABORT, NO_TOKEN)
    }
  }

  #receive(message) {
    this.heard = now()
    Object.setPrototypeOf(message, null) // no more in it than was sent
    if (message.seq !== undefined) this.#news(message)
    else if (message.loaded !== undefined) this.unloaded.delete(message.loaded)
    else if (message.unreadable !== undefined) this.#broken(new Error(message.unreadable))
  }

  #news(message) {
    const chunk = this.chunks.find((one) => one.seq === message.seq)
    this.#take(chunk, message)
  }

  /** Takes the results of a chunk that are there. `ended`: members of which that is news. */
  #take(chunk, { ended, spent, longest, done }) {
    const results = this.#results.take(chunk)
    if (results.count === 0 && ended === 0 && !done) return
    if (done) this.#remove(chunk)
    this.#host.results(this, chunk, { ...results, ended, spent, longest, done })
  }

  /** A message did not get through: what is on the thread cannot be told apart. */
  #broken(error) {
    this.#cause ??= error
    this.kill()
  }

  /** It has nothing to do. */
  rest() {
    this.#worker.unref()
    const { idleTimeout } = this.kind
    if (idleTimeout !== Infinity) this.#idle = setTimeout(() => this.end(), idleTimeout).unref()
  }

  /** Asks the running member to stop. */
  abort(token) {
    Atomics.store(this.board, Word.ABORT, token)
    this.#port.postMessage({ abort: token })
  }

  /** Ends the thread, whatever it does. `reason`: why, for those who lose by it. */
  kill(reason) {
    if (this.#expected && this.ending) return
    this.ending = this.#expected = true
    this.#killedFor = reason
    this.#host.leaves(this)
    void this.#worker.terminate()
  }

  /** Ends an idle thread: it may finish what it has open, for a moment. */
  end() {
    if (this.ending) return
    this.ending = this.#expected = true
    clearTimeout(this.#idle)
    this.#host.leaves(this)
    this.#port.postMessage({ end: true })
    setTimeout(() => this.#worker.terminate(), GRACE_MS).unref()
  }

  /** Waits for its end; the process stays alive until then. */
  waitForEnd() {
    this.#worker.ref()
    return this.exited
  }

  /** Prints what its functions have printed until now. */
  print() {
    this.#output.take()
  }

  /** Takes what it has sent and the loop has not seen yet, and what has ended and it was not told of. */
  drain() {
    this.print()
    for (let got; (got = receiveMessageOnPort(this.#port)) !== undefined; ) this.#receive(got.message)
    for (const chunk of [...this.chunks]) this.#take(chunk, NO_NEWS)
  }

  #exit(code) {
    clearTimeout(this.#idle)
    if (!this.ending) this.#host.leaves(this)
    this.ending = true
    const expected = this.#expected
    recorder.on?.threadEnded(this.number)
    this.drain() // what it had sent before it died
    this.#output.close()
    this.#port.close()
    this.#results.close()
    const chunks = this.chunks
    this.chunks = []
    for (const chunk of chunks) clearTimeout(chunk.killer)
    this.#host.died(this, chunks, {
      code,
      cause: this.#cause ?? this.#killedFor,
      expected,
      started: Atomics.load(this.board, Word.READY) === 1,
      loading: Atomics.load(this.board, Word.LOADING) > 0,
    })
    this.#left()
  }
}

module.exports = { Thread }
