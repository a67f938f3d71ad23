'use strict'
// What thread() is given: a function whose source is sent, or a module's export.

const path = require('node:path')
const { fileURLToPath, pathToFileURL } = require('node:url')
const { Script } = require('node:vm')
const { typeError } = require('../errors.js')

const SELF_CONTAINED = 'a self-contained function, a file path or a file: URL'

function parses(code) {
  try {
    new Script(code)
    return true
  } catch {
    return false
  }
}

/** Of an object with one member, that: of a getter or setter, its function. */
const memberOf = (source) => `((o) => {
  const d = Object.getOwnPropertyDescriptor(o, Reflect.ownKeys(o)[0])
  return d.get ?? d.set ?? d.value
})({${source}})`

// `async`, `get` or `set`, and what stands before a method's name that is computed or private.
const UNUSUAL_NAME = /^((?:async|get|set)\b)?\s*(?=[[#])/

/** The sources of methods, with names that can stand in any object. */
function* asMethods(source) {
  const match = UNUSUAL_NAME.exec(source)
  if (match === null) {
    yield source
    return
  }
  // A computed name may use what is around it: it ends before one of the parentheses.
  const isComputed = source[match[0].length] === '['
  for (let at = source.indexOf('('); at >= 0; at = source.indexOf('(', at + 1)) {
    const name = source.slice(match[0].length, at).trimEnd()
    if (!isComputed || (name.endsWith(']') && parses(`(${name})`))) {
      yield `${match[1] ?? ''} method${source.slice(at)}`
    }
  }
}

/**
 * How a function's source has to be read to give the function.
 * @returns {{source: string, sloppy: boolean} | undefined} `sloppy`: it cannot be read in strict mode
 */
function expressionOf(fn) {
  const source = Function.prototype.toString.call(fn)
  const expressions = [`(${source})`]
  // A method, as `name() {}`, stands in an object only.
  for (const method of asMethods(source)) expressions.push(memberOf(method))
  for (const sloppy of [false, true]) {
    for (const expression of expressions) {
      const code = `${sloppy ? '' : "'use strict'; "}(() => ${expression})`
      if (parses(code)) return { source: expression, sloppy }
    }
  }
  return undefined
}

// A method may be named `class`; it has no prototype.
const isClass = (fn) =>
  Object.getOwnPropertyDescriptor(fn, 'prototype')?.writable === false &&
  /^class\b/.test(Function.prototype.toString.call(fn))
const isGenerator = (fn) => /Generator/.test(Object.prototype.toString.call(fn))

function fromFunction(fn, name) {
  const expression = isClass(fn) || isGenerator(fn) ? undefined : expressionOf(fn)
  if (expression === undefined) {
    const expected = `${SELF_CONTAINED} (no class, generator, bound or built-in function)`
    throw typeError('thread', 'argument "source"', expected, fn)
  }
  const label = name ?? (typeof fn.name !== 'string' || fn.name === '' ? 'thread' : fn.name)
  return { name: label, spec: expression }
}

function fromModule(location, name) {
  let file = location
  if (typeof location !== 'string') {
    if (location.protocol !== 'file:') {
      throw typeError('thread', 'argument "source"', SELF_CONTAINED, location.href)
    }
    file = fileURLToPath(location)
  } else if (location.startsWith('file:')) {
    file = fileURLToPath(location)
  }
  if (file === '' || file.includes('\0')) {
    throw typeError('thread', 'argument "source"', SELF_CONTAINED, location)
  }
  const absolute = path.resolve(file)
  const label = name ?? path.basename(absolute, path.extname(absolute))
  return { name: label, spec: { module: pathToFileURL(absolute).href, export: name ?? 'default' } }
}

/**
 * @param {Function | string | URL} source
 * @param {string} [name] the export of a module; of a function, its name in errors
 * @returns {{name: string, spec: object}} what the thread is told
 */
function readSource(source, name) {
  if (typeof source === 'function') return fromFunction(source, name)
  const isUrl = source !== null && typeof source === 'object' && typeof source.href === 'string'
  if (typeof source !== 'string' && !isUrl) {
    throw typeError('thread', 'argument "source"', SELF_CONTAINED, source)
  }
  return fromModule(source, name)
}

module.exports = { readSource }
