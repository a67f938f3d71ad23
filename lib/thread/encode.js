'use strict'
// What was thrown, on its way from a thread: lib/thread/errors.js makes it again.
// Sent as source, with lib/thread/worker.js and under the same rules.
//
// It is written as a table, in which each object stands once and others name it by
// its number: so a graph keeps its form, whatever its depth. A part is such a
// number, or [value] for what is sent as it is, or undefined for what cannot be.

const MOST_OBJECTS = 100_000 // of one error; what comes after these is left out

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

/** @returns {(thrown: unknown, spec: object) => object} spec: of the function that threw it; never throws */
function encoder(types, settings) {
  const classes = new Set(settings.errors)

  /** What that gives, or undefined: properties of what was thrown may throw. */
  function attempt(read) {
    try {
      return read()
    } catch {
      return undefined
    }
  }

  const read = (object, key) => attempt(() => object[key])
  const textOf = (value) => attempt(() => String(value))

  function isError(value) {
    if (typeof value !== 'object' || value === null) return false
    if (types.isNativeError(value)) return true
    return attempt(() => value instanceof Error || value instanceof DOMException) === true
  }

  /** The nearest class that the other side has, too. */
  function classOf(error) {
    const known = attempt(() => {
      for (let p = Object.getPrototypeOf(error); p !== null; p = Object.getPrototypeOf(p)) {
        const { constructor } = p
        if (typeof constructor === 'function' && classes.has(constructor.name)) return constructor.name
      }
      return undefined
    })
    return known === undefined ? 'Error' : known
  }

  function encode(thrown, spec) {
    const table = { objects: [], seen: new Map(), todo: [] }
    const isRootError = isError(thrown)
    const isObject = typeof thrown === 'object' && thrown !== null && !types.isProxy(thrown)
    let root = isRootError ? add(table, thrown) : partOf(table, thrown)
    // Of an object that cannot be sent whole, what can be.
    if (root === undefined && isObject) root = add(table, thrown)
    for (let next; (next = table.todo.pop()) !== undefined; ) describe(table, next)
    const encoded = { objects: table.objects, root, closure: undefined }
    if (root === undefined) encoded.words = wordsOf(thrown)
    if (isRootError) encoded.closure = attempt(() => outerVariable(thrown, spec))
    return encoded
  }

  /** The variable around a sent function that it has missed. */
  function outerVariable(error, spec) {
    if (spec.source === undefined || !(error instanceof ReferenceError)) return undefined
    const match = /^(\S+) is not defined$/.exec(error.message)
    if (match === null || !mentions(spec.source, match[1])) return undefined
    // A stack that is off, or that others have formatted, tells nothing.
    const { stack } = error
    const tells = typeof stack === 'string' && /\n\s+at /.test(stack) && !Error.prepareStackTrace
    return !tells || stack.includes(spec.url) ? match[1] : undefined
  }

  /** Whether that name stands in the source. */
  function mentions(source, name) {
    const isPart = (character) => character !== undefined && /[\p{ID_Continue}$]/u.test(character)
    for (let at = source.indexOf(name); at >= 0; at = source.indexOf(name, at + 1)) {
      if (!isPart(source[at - 1]) && !isPart(source[at + name.length])) return true
    }
    return false
  }

  function wordsOf(thrown) {
    const message = typeof thrown === 'object' ? textOf(read(thrown, 'message')) : undefined
    const text = message === undefined || message === 'undefined' ? textOf(thrown) : message
    return text === undefined ? 'something that has no words' : text
  }

  /** The number of an object in the table. */
  function add(table, object) {
    let at = table.seen.get(object)
    if (at === undefined) {
      if (table.objects.length >= settings.mostObjects) return undefined
      at = table.objects.length
      table.seen.set(object, at)
      table.objects.push({})
      table.todo.push(object)
    }
    return at
  }

  function partOf(table, value) {
    if (typeof value === 'function' || typeof value === 'symbol') return undefined
    if (typeof value !== 'object' || value === null) return [value]
    if (table.seen.has(value)) return table.seen.get(value)
    if (types.isProxy(value)) return undefined
    if (isError(value)) return add(table, value)
    const copy = attempt(() => [structuredClone(value)])
    if (copy === undefined || !isContainer(value, copy[0])) return copy
    return add(table, value)
  }

  /** Whether errors may stand in it. */
  function isContainer(value, copy) {
    if (Array.isArray(value) || types.isMap(value) || types.isSet(value)) return true
    return attempt(() => Object.getPrototypeOf(copy) === Object.prototype && !ArrayBuffer.isView(value))
  }

  function describe(table, object) {
    const made = table.objects[table.seen.get(object)]
    const parts = (list) => list.map((value) => partOf(table, value))
    if (isError(object)) describeError(table, object, made)
    else if (Array.isArray(object)) made.list = parts(object)
    else if (types.isMap(object)) made.map = [...Map.prototype.entries.call(object)].map(parts)
    else if (types.isSet(object)) made.set = parts([...Set.prototype.values.call(object)])
    else made.own = propertiesOf(table, object, [])
  }

  function propertiesOf(table, object, but) {
    const own = []
    for (const key of attempt(() => Object.keys(object)) || []) {
      if (but.includes(key)) continue
      const value = attempt(() => [object[key]])
      const part = value && partOf(table, value[0])
      if (part !== undefined) own.push([key, part])
    }
    return own
  }

  function describeError(table, error, made) {
    const name = read(error, 'name')
    const stack = read(error, 'stack')
    const errors = read(error, 'errors')
    const message = attempt(() => String(error.message))
    made.error = classOf(error)
    made.name = typeof name === 'string' ? name : made.error
    made.message = message === undefined ? '' : message
    made.stack = typeof stack === 'string' ? stack : undefined
    made.own = propertiesOf(table, error, ['stack', 'message', 'cause', 'errors'])
    const cause = attempt(() => Object.hasOwn(error, 'cause') && [error.cause])
    if (cause) made.cause = partOf(table, cause[0])
    if (attempt(() => Array.isArray(errors))) {
      made.errors = attempt(() => [...errors].map((one) => partOf(table, one)))
    }
  }

  return encode
}

module.exports = { MOST_OBJECTS, ERRORS, encoder }
