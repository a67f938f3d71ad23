'use strict'
// When and how often a function is called again after it failed.

const { isError, misuse, rangeError, typeError, UNRECOVERABLE } = require('../errors.js')
const { now, Timer } = require('../task/clock.js')
const { bare, ownOf } = require('../task/own.js')

const MOST_MS = 2 ** 31 - 1 // setTimeout's limit

/** Known by its code: another copy of heddle, or a thread, may have made it. */
const isUnrecoverable = (error) => isError(error) && error.code === UNRECOVERABLE

const defaults = Object.freeze({
  retries: 10,
  factor: 2,
  minTimeout: 1000,
  maxTimeout: Infinity,
  maxRetryTime: Infinity,
  randomize: false,
  shouldRetry: () => true,
  onFailedAttempt: () => {},
  unref: false,
})

function number(accepts, expected) {
  return (where, what, value) => {
    if (typeof value !== 'number') throw typeError(where, what, 'a number', value)
    if (!accepts(value)) throw rangeError(where, what, expected, value)
  }
}

const ofType = (type, expected) => (where, what, value) => {
  if (typeof value !== type) throw typeError(where, what, expected, value)
}

const atLeastZero = number((value) => value >= 0, 'at least 0 ms')

const checks = {
  retries: number(
    (value) => value === Infinity || (Number.isInteger(value) && value >= 0),
    'an integer of at least 0, or Infinity',
  ),
  factor: number((value) => value > 0 && value < Infinity, 'more than 0, and finite'),
  minTimeout: number((value) => value >= 0 && value < Infinity, 'at least 0 ms, and finite'),
  maxTimeout: atLeastZero,
  maxRetryTime: atLeastZero,
  randomize: ofType('boolean', 'a boolean'),
  shouldRetry: ofType('function', 'a function'),
  onFailedAttempt: ofType('function', 'a function'),
  unref: ofType('boolean', 'a boolean'),
}

const names = Object.keys(defaults)

/** Checks one of them. */
function checkRetryOption(where, name, value) {
  checks[name](where, `option "${name}"`, value)
}

/** All of them; those that are left out by default. */
const retryPolicy = (options) => bare(defaults, options)

/**
 * Reads the option `retry`: a number of retries, or an object.
 * @returns the policy; undefined for no retries
 */
function readRetry(where, what, value) {
  if (typeof value === 'number') {
    checks.retries(where, what, value)
    return value === 0 ? undefined : retryPolicy({ retries: value })
  }
  if (value === null || typeof value !== 'object') {
    throw typeError(where, what, 'a number of retries, or an object', value)
  }
  const given = ownOf(value, (key) => {
    if (names.includes(key)) return
    throw misuse(`${where}: ${what} has no field '${key}'; it takes ${names.join(', ')}`)
  })
  for (const key of Object.keys(given)) {
    checks[key](where, `${what.slice(0, -1)}.${key}"`, given[key])
  }
  return retryPolicy(given)
}

/**
 * The wait before the next attempt: exponential back-off, minTimeout * factor **
 * retries so far, up to twice of that at random, at most maxTimeout. Nothing times
 * a power that overflows is nothing.
 */
function backOff({ minTimeout, factor, maxTimeout, randomize }, retriesConsumed) {
  const random = randomize ? Math.random() + 1 : 1
  const delay = Math.round(random * minTimeout * factor ** retriesConsumed)
  return delay > 0 ? Math.min(delay, maxTimeout, MOST_MS) : 0
}

/**
 * The waits between the attempts of a function. A call that ends early cuts a wait
 * short: it never ends then.
 */
class Waits {
  #call
  #policy
  #began = now()
  #waited = 0 // ms
  #timer
  #over = false

  /** @param call has own() and disown() */
  constructor(call, policy) {
    this.#call = call
    this.#policy = policy
    call.own(this)
  }

  /**
   * Milliseconds in which another attempt may follow. Waits count as they were
   * asked for: where timers are faked, the clock stands still.
   */
  get timeLeft() {
    return this.#policy.maxRetryTime - Math.max(now() - this.#began, this.#waited)
  }

  /** @param {number} ms */
  start(ms) {
    this.#waited += ms
    return new Promise((resolve) => {
      if (!this.#over) this.#timer = new Timer(resolve, ms, this.#policy.unref)
    })
  }

  /** The call ends. */
  stop() {
    this.#over = true
    this.#timer?.stop()
  }

  /** No more attempts follow. */
  end() {
    this.stop()
    this.#call.disown(this)
  }
}

/**
 * Calls `attempt(number)`, from 1 on, until it fulfils or it is time to give up.
 * @param policy as readRetry() gives
 * @param {Waits} waits
 * @param {() => boolean} isOver whether nobody needs the result any more
 * @returns what the attempt returns; throws its last error itself
 */
async function retrying(policy, attempt, waits, isOver) {
  try {
    for (let attemptNumber = 1; ; attemptNumber++) {
      try {
        return await attempt(attemptNumber)
      } catch (error) {
        if (isOver()) throw error
        if (isUnrecoverable(error)) throw (Object.hasOwn(error, 'cause') ? error.cause : undefined) ?? error
        const retriesConsumed = attemptNumber - 1
        const retriesLeft = policy.retries - retriesConsumed
        const failure = Object.freeze({ error, attemptNumber, retriesLeft, retriesConsumed })
        await policy.onFailedAttempt(failure)
        const { timeLeft } = waits
        if (retriesLeft <= 0 || timeLeft <= 0 || !(await policy.shouldRetry(failure))) throw error
        if (isOver()) throw error
        await waits.start(Math.min(backOff(policy, retriesConsumed), timeLeft))
      }
    }
  } finally {
    waits.end()
  }
}

module.exports = {
  MOST_MS,
  Waits,
  names,
  checkRetryOption,
  readRetry,
  retryPolicy,
  retrying,
}
