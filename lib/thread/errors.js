'use strict'
// Errors of threads: those that functions throw, and those of what threads are.

const { HeddleError, define, placeAt } = require('../errors.js')
const { ERRORS } = require('./encode.js')

/** What came in a message has what it was sent with, and inherits nothing. */
const bare = (object) => Object.setPrototypeOf(object, null)

const classes = new Map(ERRORS.map((name) => [name, globalThis[name]]))

/** Makes an error from what lib/thread/worker.js has made of it. */
function decode(encoded) {
  bare(encoded)
  const Class = classes.get(encoded.class)
  let error
  if (Class === DOMException) error = new DOMException(encoded.message, encoded.name)
  else if (Class === AggregateError) error = new AggregateError([], encoded.message)
  else error = new Class(encoded.message)
  if (error.name !== encoded.name) define(error, 'name', encoded.name, false)
  if (encoded.stack !== undefined) define(error, 'stack', encoded.stack, false)
  if (encoded.cause !== undefined) define(error, 'cause', valueOf(encoded.cause), false)
  if (encoded.errors !== undefined) define(error, 'errors', encoded.errors.map(valueOf), false)
  for (const [key, value] of encoded.own) {
    // Not an assignment: a DOMException has a getter for `code`, a key may be __proto__.
    define(error, key, valueOf(value))
  }
  return error
}

function valueOf(encoded) {
  if (encoded !== undefined) bare(encoded)
  return encoded?.error === undefined ? encoded?.value : decode(encoded.error)
}

/** What cannot be cloned, in the platform's class. */
function cloneError(name, what, message, site) {
  const words = `${name}: ${what} cannot be sent between threads: ${message}`
  return placeAt(new DOMException(words, 'DataCloneError'), site)
}

function closureError(definition, variable, error, site) {
  const words =
    `${definition.name}: '${variable}' is not defined on the thread. The source of a function given to ` +
    `thread() is all that is sent, without the variables around it: pass '${variable}' as an argument, ` +
    `require or import it inside the function, or put the function in a module and use ` +
    `thread(new URL('./work.js', import.meta.url), { name: '...' })`
  return placeAt(new HeddleError('ERR_HEDDLE_CLOSURE', words, { cause: error }), site)
}

/** The error of a failed member. */
function memberError(definition, encoded, site) {
  bare(encoded)
  if ('thrown' in encoded) return encoded.thrown
  if (encoded.unsent !== undefined) return cloneError(definition.name, 'the result', encoded.unsent, site)
  if (encoded.missing) {
    const { module, export: name } = definition.spec
    const words = `${definition.name}: ${module} has no function '${name}'`
    return placeAt(new HeddleError('ERR_HEDDLE_NO_EXPORT', words), site)
  }
  const error = decode(encoded)
  return encoded.closure === undefined ? error : closureError(definition, encoded.closure, error, site)
}

/** What was thrown, in words; anything can be thrown, and nothing is here. */
function wordsOf(thrown) {
  try {
    return String(thrown.message ?? thrown)
  } catch {
    return 'an error that has no words'
  }
}

/** The thread is gone, and with it a member that had started. */
function lostError(definition, when, { code, cause }, site) {
  const isKnown = cause !== undefined && cause !== null
  const how = isKnown ? `ended: ${wordsOf(cause)}` : `ended with exit code ${code}`
  const words = `${definition.name}: the thread ${how}, ${when}`
  return placeAt(new HeddleError('ERR_HEDDLE_THREAD_LOST', words, { cause }), site)
}

const startError = (cause) =>
  new HeddleError('ERR_HEDDLE_THREAD_START', `a thread could not be started: ${wordsOf(cause)}`, {
    cause,
  })

const closedError = (definition) =>
  new HeddleError('ERR_HEDDLE_CLOSED', `${definition.name}: this thread function has been closed`)

module.exports = {
  memberError,
  cloneError,
  lostError,
  startError,
  closedError,
  wordsOf,
}
