'use strict'
// Every error that heddle makes is made here.

const { join, sep } = require('node:path')
const { inspect, types } = require('node:util')

/** Inherits no `get` that somebody has given to Object.prototype. */
class Descriptor {
  value
  writable = true
  enumerable
  configurable = true

  constructor(value, enumerable) {
    this.value = value
    this.enumerable = enumerable
  }
}
Object.setPrototypeOf(Descriptor.prototype, null)

/**
 * Gives an object a property of its own. Not an assignment: that throws where a
 * frozen prototype has the same name, and runs a setter that is inherited.
 */
function define(object, key, value, enumerable = true) {
  Reflect.defineProperty(object, key, new Descriptor(value, enumerable)) // false for what is frozen
  return object
}

/** Gives a class of errors its name, as built-in ones have it. */
const nameClass = (Class, name) => define(Class.prototype, 'name', name, false)

/** Whether a value is an error, of whatever realm. Runs no code of a Proxy. */
function isError(value) {
  if (types.isNativeError(value)) return true
  // A DOMException, or an object that was made of Error.prototype.
  return typeof value === 'object' && !types.isProxy(value) && value instanceof Error
}

/** An error of heddle's own, or of a task. `code` is stable. */
class HeddleError extends Error {
  code // fields are defined, not assigned

  /**
   * @param {string} code ERR_HEDDLE_*, or the task's own
   * @param {string} message
   * @param {{cause?: unknown}} [options]
   */
  constructor(code, message, options) {
    super(message, options)
    this.code = code
  }
}
nameClass(HeddleError, 'HeddleError')

/** What a Task settles with that was cancelled while it ran. */
class AbortError extends Error {
  code = 'ERR_HEDDLE_ABORTED'
}
nameClass(AbortError, 'AbortError')

/** A `timeout` or `itemTimeout` has passed. */
class TimeoutError extends Error {
  code = 'ERR_HEDDLE_TIMEOUT'
}
nameClass(TimeoutError, 'TimeoutError')

const UNRECOVERABLE = 'ERR_HEDDLE_UNRECOVERABLE'

/**
 * Thrown by a function that is retried: give up. Given an error, the call
 * rejects with that; given words, with this.
 */
class UnrecoverableError extends Error {
  code = UNRECOVERABLE

  /** @param {string | Error} reason */
  constructor(reason) {
    if (isError(reason)) super(reason.message, { cause: reason })
    else super(String(reason))
  }
}
nameClass(UnrecoverableError, 'UnrecoverableError')

function constructorOf(value) {
  try {
    return value.constructor?.name
  } catch {
    return undefined // a getter or a Proxy threw
  }
}

/** How a value is shown in an error's words. */
function show(value) {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'function') return `function ${value.name}`.trim()
  if (typeof value === 'object') {
    const name = constructorOf(value)
    return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an object'
  }
  let text = inspect(value)
  if (text.length > 40) text = `${text.slice(0, 37)}...`
  return `${typeof value} ${text}`
}

const coded = (error, code) => define(error, 'code', code)

/** The wrong kind of thing: `where: what must be expected, got value`. */
function typeError(where, what, expected, value) {
  const words = `${where}: ${what} must be ${expected}, got ${show(value)}`
  return coded(new TypeError(words), 'ERR_HEDDLE_INVALID_ARG_TYPE')
}

/** The right kind of thing, out of bounds. */
function rangeError(where, what, expected, value) {
  const words = `${where}: ${what} must be ${expected}, got ${show(value)}`
  return coded(new RangeError(words), 'ERR_HEDDLE_OUT_OF_RANGE')
}

/** A thing that is right in itself, but not here. */
function misuse(message) {
  return coded(new TypeError(message), 'ERR_HEDDLE_MISUSE')
}

// Errors made for members, which may be given their index.
const ours = new WeakSet()

const OWN = 20 // frames of heddle's at most, on top of those that are wanted

const ROOMS = ['call', 'combinators', 'input', 'limit', 'remote', 'task', 'thread', 'trace']
// In an ES bundle there is neither.
const rooms = typeof __dirname === 'string' ? ROOMS.map((room) => join(__dirname, room, sep)) : []
const file = typeof __filename === 'string' ? __filename : ' '
const isBuiltIn = (frame) => frame.includes('(node:internal') || frame.endsWith('(<anonymous>)')
const isOwn = (frame) => frame.includes(file) || rooms.some((room) => frame.includes(room))

/**
 * Where a combinator was called: its stack, without heddle's frames.
 * @param {Function | null} below the function that the user has called; null where
 *   it has returned: whoever awaits it is on the stack then
 */
function callSite(below) {
  const site = {}
  if (below !== null) {
    Error.captureStackTrace(site, below)
    return site
  }
  const { stackTraceLimit } = Error
  if (!(stackTraceLimit > 0)) return site
  Reflect.set(Error, 'stackTraceLimit', stackTraceLimit + OWN)
  Error.captureStackTrace(site)
  Reflect.set(Error, 'stackTraceLimit', stackTraceLimit)
  return site
}

/** The frames of a call's site, from the first one on that is not heddle's or Node's. */
function framesOf({ stack }) {
  if (typeof stack !== 'string') return ''
  const [, ...frames] = stack.split('\n')
  const first = frames.findIndex((frame) => !isOwn(frame) && !isBuiltIn(frame))
  return frames.slice(first < 0 ? 0 : first).map((frame) => `\n${frame}`).join('')
}

/** Gives an error the stack of the combinator's call. */
function placeAt(error, site) {
  ours.add(error)
  if (site === null || typeof site.stack !== 'string') return error
  // It is the error's own, which defining anew would format first. False for what is frozen.
  Reflect.set(error, 'stack', `${error.name}: ${error.message}${framesOf(site)}`)
  return error
}

/** Adds the frames of the combinator's call to an error that has a stack of its own. */
function leadTo(error, site) {
  ours.add(error)
  if (site === null || typeof error.stack !== 'string') return error
  Reflect.set(error, 'stack', error.stack + framesOf(site))
  return error
}

/**
 * What a call rejects with for which several members failed.
 * @param {{position: number, value: unknown}[]} failures in any order
 */
function aggregate(where, failures, total, site) {
  const errors = failures.sort((a, b) => a.position - b.position).map(({ value }) => value)
  const message = total === 0 ? `${where}: no work` : `${where}: ${errors.length} of ${total} failed`
  return placeAt(coded(new AggregateError(errors, message), 'ERR_HEDDLE_AGGREGATE'), site)
}

// As heddle_error_kind in heddle.h.
const classes = [HeddleError, TypeError, RangeError, Error]

/** A task's error, from what the addon gives: see hd_result_error(). */
function fromNative([kind, system, code, message, errno, syscall, path], site) {
  const Class = classes[kind]
  const error = Class === HeddleError ? new HeddleError(code, message) : new Class(message)
  define(error, 'code', code)
  if (errno !== 0) define(error, 'errno', errno)
  if (system === 1) {
    define(error, 'syscall', syscall)
    if (path !== undefined) define(error, 'path', path)
  }
  return placeAt(error, site)
}

/** Names the member in an error of ours; the first name stays. Never throws. */
function withIndex(error, index) {
  if (index === undefined || !ours.has(error) || Object.hasOwn(error, 'index')) return error
  try {
    define(error, 'index', index)
  } catch {
    // Another call had it before, and its user has frozen it.
  }
  return error
}

module.exports = {
  define,
  isError,
  HeddleError,
  AbortError,
  TimeoutError,
  UNRECOVERABLE,
  UnrecoverableError,
  typeError,
  rangeError,
  misuse,
  aggregate,
  callSite,
  placeAt,
  fromNative,
  framesOf,
  leadTo,
  withIndex,
  show,
}
