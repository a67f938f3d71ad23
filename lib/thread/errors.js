'use strict'
// Errors of threads: those that functions throw, and those of what threads are.

const { HeddleError, define, isError, leadTo, placeAt } = require('../errors.js')
const { errorClasses } = require('../task/intrinsics.js')
const { ERRORS } = require('./encode.js')
const { ownFrames, placeOfThread, text } = require('./stack.js')

/** What came in a message has what it was sent with, and inherits nothing. */
const bare = (object) => Object.setPrototypeOf(object, null)

const classes = new Map(ERRORS.map((name) => [name, errorClasses.get(name)]))

/** Makes again what lib/thread/encode.js has written into a table. */
function decode(encoded, definition) {
  const { objects, root } = encoded
  objects.forEach(bare)
  const made = objects.map(newObject)
  const valueOf = (part) => (typeof part === 'number' ? made[part] : part?.[0])
  for (const from of objects) {
    if (from.stack !== undefined) from.stack = ownFrames(from.stack, definition)
  }
  objects.forEach((from, i) => fill(made[i], from, valueOf))
  return valueOf(root)
}

function newObject({ error, message, name, list, map, set }) {
  if (error === 'DOMException') return new (errorClasses.get(error))(message, name)
  if (error === 'AggregateError') return new AggregateError([], message)
  if (error !== undefined) return new (classes.get(error))(message)
  if (list !== undefined) return []
  if (map !== undefined) return new Map()
  return set === undefined ? {} : new Set()
}

function fill(object, { error, name, stack, cause, errors, own = [], list, map, set }, valueOf) {
  if (list !== undefined) for (const part of list) object.push(valueOf(part))
  if (map !== undefined) for (const [key, part] of map) object.set(valueOf(key), valueOf(part))
  if (set !== undefined) for (const part of set) object.add(valueOf(part))
  if (error !== undefined) {
    if (object.name !== name) define(object, 'name', name, false)
    if (stack !== undefined) define(object, 'stack', stack, false)
    if (cause !== undefined) define(object, 'cause', valueOf(cause), false)
    if (errors !== undefined) define(object, 'errors', errors.map(valueOf), false)
  }
  for (const [key, part] of own) {
    // Not an assignment: a DOMException has a getter for `code`, a key may be __proto__.
    define(object, key, valueOf(part))
  }
}

/** What cannot be cloned, in the platform's class. */
function cloneError(name, what, message, site) {
  const words = `${name}: ${what} cannot be sent between threads: ${message}`
  return placeAt(new DOMException(words, 'DataCloneError'), site)
}

// What compilers for older languages put into functions (TypeScript, SWC, Babel, esbuild).
const HELPER =
  /^(__(?!dirname$|filename$)[a-z]\w*|_(async|object|to|sliced|define|class|create|call|ts|extends|interop|await|wrap|regenerator)\w*|regeneratorRuntime|tslib(_\d+)?)$/

function closureError(definition, variable, error, site) {
  const isHelper = HELPER.test(variable)
  const words = isHelper
    ? `${definition.name}: '${variable}' is not defined on the thread. A compiler has put it into the function, for an ` +
      `older language than Node.js speaks: raise its target (to ES2022), or put the function in a module and use ` +
      `thread(new URL('./work.js', import.meta.url), { name: '...' })`
    : `${definition.name}: '${variable}' is not defined on the thread. The source of a function given to ` +
    `thread() is all that is sent, without the variables around it: pass '${variable}' as an argument, ` +
    `require or import it inside the function, or put the function in a module and use ` +
    `thread(new URL('./work.js', import.meta.url), { name: '...' })`
  return placeAt(new HeddleError('ERR_HEDDLE_CLOSURE', words, { cause: error }), site)
}

/** The error of a failed member. */
function memberError(definition, encoded, site) {
  bare(encoded)
  if (encoded.unsent !== undefined) return cloneError(definition.name, 'the result', encoded.unsent, site)
  if (encoded.words !== undefined) return cloneError(definition.name, 'what it threw', encoded.words, site)
  if (encoded.missing) {
    const { module, export: name } = definition.spec
    const words = `${definition.name}: ${module}${given(definition)} has no function '${name}'`
    return placeAt(new HeddleError('ERR_HEDDLE_NO_EXPORT', words), site)
  }
  const error = decode(encoded, definition)
  if (encoded.closure !== undefined) return closureError(definition, encoded.closure, error, site)
  if (!isError(error)) return error
  if (encoded.loading) nameModule(error, definition)
  return leadTo(error, site)
}

/** Where thread() was called, in words. */
function given(definition) {
  const place = placeOfThread(definition)
  return place === undefined ? '' : `, given to thread() at ${text(place)},`
}

/** An error of a module that could not be loaded: by itself it names neither, or not both. */
function nameModule(error, definition) {
  const { stack, message } = error
  const { module } = definition.spec
  const isNodes = error instanceof SyntaxError || /^ERR_[A-Z_]+$/.test(error.code)
  let lines = typeof stack === 'string' ? stack : String(error)
  if (isNodes && typeof message === 'string') {
    const reason = message.replace(/ imported from .*\[worker eval\]$/, '')
    const words = `${definition.name}: ${module}${given(definition)} cannot be loaded: ${reason}`
    define(error, 'message', words, false)
    lines = lines.includes(message) ? lines.replace(message, () => words) : `${error.name}: ${words}`
  }
  const place = placeOfThread(definition)
  const there = place === undefined ? '' : `\n    at thread (${text(place)})`
  define(error, 'stack', `${lines}\n    at ${module}${there}`, false)
}

/** What was thrown, in words; anything can be thrown, and nothing is here. */
function wordsOf(thrown) {
  try {
    const message = typeof thrown === 'object' && thrown !== null ? thrown.message : undefined
    return String(message ?? thrown)
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

/** An argument was to be transferred, and its memory is gone already. */
const detachedError = (group, index, place) =>
  placeAt(
    new HeddleError(
      'ERR_HEDDLE_DETACHED',
      `${group.definitionAt(index).name}: argument ${place + 1} is detached from its memory`,
    ),
    group.site,
  )

const closedError = (definition) =>
  new HeddleError('ERR_HEDDLE_CLOSED', `${definition.name}: this thread function has been closed`)

module.exports = {
  memberError,
  cloneError,
  lostError,
  startError,
  closedError,
  detachedError,
  wordsOf,
}
