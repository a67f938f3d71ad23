'use strict'
// The options of combinators: which apply where, and what they may be.

const { isError, misuse, rangeError, typeError } = require('../errors.js')
const { checkRetryOption, MOST_MS, names, readRetry } = require('./retrying.js')
const { checkSignal } = require('./signal.js')
const { bare, none, ownOf } = require('../task/own.js')

function checkConcurrency(where, what, value) {
  if (typeof value !== 'number') throw typeError(where, what, 'a number', value)
  if (value !== Infinity && !(Number.isInteger(value) && value >= 1)) {
    throw rangeError(where, what, 'an integer of at least 1, or Infinity', value)
  }
}

/** Of calls: a number, or what gives tokens. */
function checkLimit(where, what, value) {
  if (typeof value === 'number') return checkConcurrency(where, what, value)
  if (typeof value?.acquire !== 'function') throw typeError(where, what, 'a number or a limiter', value)
}

function checkCount(where, what, value) {
  if (typeof value !== 'number') throw typeError(where, what, 'a number', value)
  if (!(Number.isSafeInteger(value) && value >= 1)) throw rangeError(where, what, 'an integer of at least 1', value)
}

function checkMaxQueue(where, what, value) {
  if (typeof value !== 'number') throw typeError(where, what, 'a number', value)
  if (value !== Infinity && !(Number.isInteger(value) && value >= 0)) {
    throw rangeError(where, what, 'an integer of at least 0, or Infinity', value)
  }
}

function checkMs(where, what, value) {
  if (typeof value !== 'number') throw typeError(where, what, 'a number of ms', value)
  if (value !== Infinity && !(value >= 0 && value <= MOST_MS)) {
    throw rangeError(where, what, `from 0 to ${MOST_MS} ms, or Infinity`, value)
  }
}

/** A time that must pass: it has an end. */
function checkDelay(where, what, value) {
  if (typeof value !== 'number') throw typeError(where, what, 'a number of ms', value)
  if (!(value >= 0 && value <= MOST_MS)) {
    throw rangeError(where, what, `from 0 to ${MOST_MS} ms`, value)
  }
}

function checkItemMs(where, what, value) {
  checkMs(where, what, value)
  if (value === 0) throw rangeError(where, what, 'more than 0 ms', value)
}

/** As long as a window slides. */
function checkInterval(where, what, value) {
  checkDelay(where, what, value)
  if (value === 0) throw rangeError(where, what, 'more than 0 ms', value)
}

function checkPriority(where, what, value) {
  if (typeof value !== 'number') throw typeError(where, what, 'a number', value)
  if (!Number.isFinite(value)) throw rangeError(where, what, 'finite', value)
}

const checkOf = (type, expected) => (where, what, value) => {
  if (typeof value !== type) throw typeError(where, what, expected, value)
}

function checkMessage(where, what, value) {
  if (typeof value === 'string' || value === false || isError(value)) return
  throw typeError(where, what, 'a string, an Error or false', value)
}

const checks = bare({
  concurrency: checkLimit,
  signal: checkSignal,
  timeout: checkMs,
  itemTimeout: checkItemMs,
  priority: checkPriority,
  join: checkOf('boolean', 'a boolean'),
  copy: checkOf('boolean', 'a boolean'),
  stopOnError: checkOf('boolean', 'a boolean'),
  onProgress: checkOf('function', 'a function'),
  ordered: checkOf('boolean', 'a boolean'),
  backpressure: checkConcurrency,
  milliseconds: checkMs,
  weight: checkCount,
  capacity: checkConcurrency,
  capacityPerKey: checkConcurrency,
  maxQueue: checkMaxQueue,
  maxQueueBytes: checkMaxQueue,
  interval: checkInterval,
  intervalCapacity: checkCount,
  message: checkMessage,
  fallback: checkOf('function', 'a function'),
})
for (const name of names) checks[name] = (where, _what, value) => checkRetryOption(where, name, value)

/** Options that are not used as they are given. */
const readers = bare({
  retry: readRetry,
  itemTimeout: (_where, _what, value) => (value === Infinity ? undefined : value),
})

/** Options of all calls. */
const CALL = ['concurrency', 'key', 'weight', 'signal', 'timeout', 'itemTimeout', 'join', 'copy', 'priority', 'onProgress']

/** Of calls that may have several members under way, functions among them. */
const BOUNDED = ['retry', ...CALL]

/**
 * Checks a combinator's options, each read once.
 * @param {string} where the combinator's name
 * @param {string[]} allowed names of the options that apply
 */
function checkOptions(where, allowed, options) {
  if (options === undefined) return none
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw typeError(where, 'options', 'an object', options)
  }
  const checked = ownOf(options, (key) => {
    if (allowed.includes(key)) return
    throw misuse(`${where}: option '${key}' does not apply; it takes ${allowed.join(', ')}`)
  })
  for (const key of Object.keys(checked)) {
    const what = `option "${key}"`
    checks[key]?.(where, what, checked[key])
    if (readers[key] !== undefined) checked[key] = readers[key](where, what, checked[key])
  }
  if (allowed.includes('weight') && allowed.includes('concurrency')) checkUnlimited(where, checked)
  return checked
}

/** Whether `concurrency` is no number, but what is asked for tokens. */
const isLimited = ({ concurrency }) => concurrency !== undefined && typeof concurrency !== 'number'

function checkUnlimited(where, checked) {
  if (isLimited(checked)) return
  for (const name of ['key', 'weight']) {
    if (checked[name] !== undefined) {
      throw misuse(`${where}: option '${name}' is for a limiter as 'concurrency'`)
    }
  }
}

module.exports = { CALL, BOUNDED, checkConcurrency, checkOptions, checkDelay, checkMs, isLimited }
