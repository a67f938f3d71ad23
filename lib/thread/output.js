'use strict'
// What threads print, both ends of it. A worker's streams send one write, and the
// next one when the main thread has answered: what a busy thread prints waits in
// it, and is lost with it. Here each write is sent at once, on a port of its own,
// and counted on the board. So this side can print what came before a result
// before it settles anything, and all that a thread has said when it is gone.

const { receiveMessageOnPort } = require('node:worker_threads')
const { setImmediate } = require('../task/clock.js')
const { Word } = require('./protocol.js')

const AHEAD = 16 * 1024 * 1024 // bytes or characters sent that nobody has taken, before streams wait
const RUN = 64 * 1024 // of which small writes are joined

/** What to call once a stream has room again. */
const full = new WeakMap()

function whenDrained(stream, done) {
  const waiting = full.get(stream)
  if (waiting !== undefined) return void waiting.push(done)
  const all = [done]
  full.set(stream, all)
  const end = () => {
    full.delete(stream)
    for (const event of ['drain', 'close']) stream.removeListener(event, end)
    for (const one of all) one()
  }
  for (const event of ['drain', 'close']) stream.on(event, end)
}

/** Joins what can be one write. */
function joined(chunks) {
  const writes = []
  let last
  for (const write of chunks) {
    const [chunk, encoding] = write
    if (last !== undefined && encoding === 'utf8' && last[1] === 'utf8' && last[0].length < RUN) last[0] += chunk
    else writes.push((last = write))
  }
  return writes
}

/** Whether the stream takes more. Errors are for nobody here: its write may have been replaced. */
function print(stream, chunks) {
  let more = true
  try {
    for (const [chunk, encoding] of joined(chunks)) if (stream.writable) more = stream.write(chunk, encoding)
  } catch (error) {
    setImmediate(() => {
      throw error
    })
    return true
  }
  return more !== false || !stream.writable
}

class Output {
  #board
  #port
  #heard = 0 // messages
  #ahead // one of them, to be printed next

  constructor(board, port) {
    this.#board = board
    this.#port = port
    port.on('message', (message) => {
      this.#heard = (this.#heard + 1) | 0
      this.#ahead = message
      this.take()
    })
    port.unref() // a listener refs it
  }

  /** Prints what the thread has said until now. Code of the user may run. */
  take() {
    this.#printTo(Atomics.load(this.#board, Word.SAID))
  }

  /** Prints all the rest: the thread is gone. */
  close() {
    this.#printTo(undefined)
    this.#port.close()
  }

  #printTo(end) {
    for (let run; (run = this.#run(end)) !== undefined; ) {
      const { name, chunks, size, asks } = run
      const stream = process[name]
      const done = () => {
        Atomics.add(this.#board, Word.TAKEN, size)
        if (asks) this.#port.postMessage(null)
      }
      if (print(stream, chunks)) done()
      else whenDrained(stream, done)
    }
  }

  /** The next messages for one stream as one, up to a count of messages; undefined when there is none. */
  #run(end) {
    const run = this.#next(end)
    if (run === undefined) return undefined
    while (run.size < RUN && (this.#ahead = this.#next(end)) !== undefined) {
      const { name, chunks, size, asks } = this.#ahead
      if (name !== run.name) break
      this.#ahead = undefined
      for (const chunk of chunks) run.chunks.push(chunk)
      run.size += size
      run.asks ||= asks
    }
    return run
  }

  #next(end) {
    const message = this.#ahead
    this.#ahead = undefined
    if (message !== undefined) return message
    if (end !== undefined && ((end - this.#heard) | 0) <= 0) return undefined
    const got = receiveMessageOnPort(this.#port)
    if (got === undefined) return undefined
    this.#heard = (this.#heard + 1) | 0
    return got.message
  }
}

/**
 * The thread's end. Sent as source, with lib/thread/worker.js and under the same rules.
 * @returns {{held: boolean, release: () => void}} `held`: something was not sent yet
 */
function speak(port, board, settings) {
  const { SAID, TAKEN } = settings.words
  const { setImmediate: later } = globalThis
  let sent = 0
  let dones = [] // of streams that wait for the main thread
  let freely = false // for nobody
  let listens = false
  const speaker = { held: false, release }

  /** Lets streams go on; what they call back may throw, but not here. */
  function goOn() {
    const all = dones
    dones = []
    speaker.held = false
    for (const done of all) {
      try {
        done()
      } catch (error) {
        later(() => {
          throw error
        })
      }
    }
  }

  /** Sends what there is. */
  function release() {
    freely = true
    goOn()
    freely = false
  }

  function send(name, chunks, done) {
    let size = 0
    const list = []
    for (const { chunk, encoding } of chunks) {
      size += chunk.length
      // Of a view, all of its memory would be sent.
      list.push(typeof chunk === 'string' ? [chunk, encoding] : [new Uint8Array(chunk)])
    }
    sent = (sent + size) | 0
    const asks = !freely && ((sent - Atomics.load(board, TAKEN)) | 0) > settings.ahead
    port.postMessage({ name, chunks: list, size, asks })
    Atomics.add(board, SAID, 1)
    if (!asks) return done()
    if (!listens) process.prependListener('exit', release)
    listens = speaker.held = true
    dones.push(done)
  }

  port.on('message', goOn)
  port.unref()
  for (const name of ['stdout', 'stderr']) {
    process[name]._writev = (chunks, done) => send(name, chunks, done)
  }
  return speaker
}

module.exports = { AHEAD, Output, speak }
