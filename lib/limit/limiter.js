'use strict'
// limiter(): what users see of it.

const { define, misuse, typeError } = require('../errors.js')
const { checkConcurrency, checkOptions } = require('../call/options.js')
const { GATE } = require('../call/permits.js')
const { keep } = require('../task/keep.js')
const { bare, none } = require('../task/own.js')
const { Timer } = require('../task/clock.js')
const { Acquiring } = require('./acquiring.js')
const { closedError, Gate } = require('./gate.js')
const { runHolding } = require('./holding.js')
const { register } = require('./shutdown.js')
const { Token } = require('./token.js')

const OPTIONS = ['capacity', 'capacityPerKey', 'maxQueue', 'maxQueueBytes', 'interval', 'intervalCapacity']
const ACQUIRE = ['key', 'weight', 'priority', 'signal', 'timeout']
const CLOSE = ['timeout']

const PLAIN = Object.freeze({ key: undefined, name: undefined, weight: 1 })

const defaults = { capacity: Infinity, capacityPerKey: Infinity, maxQueue: Infinity, maxQueueBytes: Infinity }

function readOptions(options) {
  const given = checkOptions('limiter', OPTIONS, options)
  const { interval, intervalCapacity } = given
  if (interval !== undefined && intervalCapacity === undefined) {
    throw typeError('limiter', 'option "intervalCapacity", with an interval,', 'a number', intervalCapacity)
  }
  if (intervalCapacity !== undefined && interval === undefined) {
    throw typeError('limiter', 'option "interval", with an intervalCapacity,', 'a number of ms', interval)
  }
  if (given.capacity === undefined && given.capacityPerKey === undefined && interval === undefined) {
    throw typeError('limiter', 'option "capacity"', 'a number', undefined)
  }
  return bare(defaults, given)
}

function checkFunction(where, fn) {
  if (typeof fn !== 'function') throw typeError(where, 'argument "fn"', 'a function', fn)
}

class Limiter {
  #gate
  #closing = null // a promise

  /** @private */
  constructor(options) {
    if (options === undefined) throw misuse('Limiter: limiters are made by limiter()')
    this.#gate = new Gate(options)
  }

  /** Weight that may run at once. @type {number} */
  get capacity() {
    return this.#gate.capacity
  }

  set capacity(capacity) {
    checkConcurrency('limiter', 'property "capacity"', capacity)
    this.#gate.capacity = capacity
  }

  /** Fulfils with a token, which is to be released, as soon as there is one. */
  acquire(options) {
    if (options === undefined && this.#gate.take(PLAIN)) return Promise.resolve(new Token(this.#gate, PLAIN))
    try {
      return this.#ask('acquire', checkOptions('acquire', ACQUIRE, options), this.acquire)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #ask(where, options, caller) {
    return new Acquiring(this.#gate, where, options).start(options, caller)
  }

  /** Calls a function with a token, which is released when what it returns has settled. */
  async with(fn, options) {
    checkFunction('with', fn)
    return await this.#with('with', fn, checkOptions('with', ACQUIRE, options))
  }

  async #with(where, fn, options) {
    const token = this.#take(options) ?? (await this.#ask(where, options, null))
    return await runHolding(this.#gate, token, where, fn, options.signal)
  }

  #take(options) {
    return options === none && this.#gate.take(PLAIN) ? new Token(this.#gate, PLAIN) : null
  }

  /** A function that runs as the given one does, with a token. */
  wrap(fn, options) {
    checkFunction('wrap', fn)
    const checked = checkOptions('wrap', ACQUIRE, options)
    const run = (call) => this.#with('wrap', call, checked)
    const wrapped = async function (...args) {
      return await run(() => Reflect.apply(fn, this, args))
    }
    return define(wrapped, 'name', fn.name, false)
  }

  /** Starts nothing more, until resume(). */
  pause() {
    this.#gate.pause()
  }

  resume() {
    this.#gate.resume()
  }

  /** Fulfils when nothing runs and nobody waits. */
  idle() {
    return new Promise((resolve) => this.#gate.whenIdle(resolve))
  }

  /** Figures; times in ms. */
  stats() {
    const { capacity, active, waiting, paused, closed, granted, rejected, waitTime } = this.#gate
    const { sum, max } = waitTime
    return {
      capacity,
      active,
      waiting: waiting.length,
      waitingBytes: waiting.bytes,
      keys: waiting.keys.size,
      paused,
      closed,
      acquired: granted,
      rejected,
      waitTime: { mean: granted === 0 ? 0 : sum / granted, max },
    }
  }

  /**
   * Refuses those who come, and fulfils with true when nothing runs and nobody waits; with
   * false when that took too long, and what was left has been stopped.
   */
  close(options) {
    try {
      const { timeout } = checkOptions('close', CLOSE, options)
      this.#gate.closed = true
      this.#closing ??= this.idle().then(() => true)
      return timeout === undefined || timeout === Infinity ? this.#closing : this.#closeWithin(timeout)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #closeWithin(ms) {
    return new Promise((resolve) => {
      const timer = new Timer(() => {
        resolve(false)
        this.#gate.stop(closedError(`it is closed, and ${ms} ms are over`))
      }, ms)
      void this.#closing.then(() => {
        timer.stop()
        resolve(true)
      })
    })
  }

  /** For calls: see lib/call/permits.js. */
  [GATE]() {
    return this.#gate
  }

  get [Symbol.toStringTag]() {
    return 'Limiter'
  }
}

/** As lib/index.js has it. */
function limiter(options) {
  const made = new Limiter(readOptions(options))
  register(made)
  return made
}

keep(new Limiter(defaults))

module.exports = { limiter }
