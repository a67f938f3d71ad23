'use strict'
// Errors on their way from a thread: what lib/thread/errors.js makes errors of
// again. Sent as source, with lib/thread/worker.js and under the same rules.

const DEPTH = 8 // of causes in causes

/** The classes of errors that are the same on both sides. */
const ERRORS = [
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'EvalError',
  'URIError',
  'AggregateError',
  'DOMException',
]

/** @returns {(error: unknown, spec: object) => object} spec: of the function that threw it */
function encoder(isNativeError, settings) {
  const classes = new Set(settings.errors)

  /** The nearest class that the other side has, too. */
  function classOf(error) {
    for (let p = Object.getPrototypeOf(error); p !== null; p = Object.getPrototypeOf(p)) {
      const name = typeof p.constructor === 'function' ? p.constructor.name : ''
      if (classes.has(name)) return name
    }
    return 'Error'
  }

  function encode(error, spec) {
    try {
      if (!isError(error)) return { thrown: error }
      const encoded = encodeError(error, 0)
      const match = error instanceof ReferenceError && /^(\S+) is not defined$/.exec(error.message)
      if (match && spec.source !== undefined && String(error.stack).includes(spec.url)) {
        encoded.closure = match[1]
      }
      return encoded
    } catch (problem) {
      return { unsent: `the error cannot be read: ${problem && problem.message}` }
    }
  }

  function isError(value) {
    return isNativeError(value) || value instanceof Error || value instanceof DOMException
  }

  function encodeError(error, depth) {
    const encoded = {
      class: classOf(error),
      name: String(error.name),
      message: String(error.message),
      stack: typeof error.stack === 'string' ? error.stack : undefined,
      own: [],
    }
    for (const key of Object.keys(error)) {
      if (key === 'stack' || key === 'message' || key === 'cause' || key === 'errors') continue
      const value = encodeValue(error[key], depth)
      if (value !== undefined) encoded.own.push([key, value])
    }
    if (Object.hasOwn(error, 'cause')) encoded.cause = encodeValue(error.cause, depth)
    if (Array.isArray(error.errors)) {
      encoded.errors = error.errors.map((one) => encodeValue(one, depth))
    }
    return encoded
  }

  /** undefined for what cannot be sent. */
  function encodeValue(value, depth) {
    if (isError(value)) return depth < settings.depth ? { error: encodeError(value, depth + 1) } : undefined
    try {
      return { value: structuredClone(value) }
    } catch {
      return undefined
    }
  }

  return encode
}

module.exports = { DEPTH, ERRORS, encoder }
