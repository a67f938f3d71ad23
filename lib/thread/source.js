'use strict'
// What thread() is given: a function whose source is sent, or a module's export.

const path = require('node:path')
const { fileURLToPath, pathToFileURL } = require('node:url')
const { Script } = require('node:vm')
const { typeError } = require('../errors.js')

const STRICT = "'use strict'; "

// Function() keeps sources in a cache, where they stay; import() works in no other.
const BY_STRING = /\b(import|eval|Function)\b/

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
 * @returns {{source: string, sloppy: boolean, begin: {line: number, column: number},
 *   byString: boolean} | undefined} `sloppy`: it cannot be read in strict mode; `begin`: where it
 *   begins in what is compiled, by Function() if `byString`
 */
function expressionOf(fn) {
  const source = Function.prototype.toString.call(fn)
  const expressions = [`(${source})`]
  // A method, as `name() {}`, stands in an object only.
  for (const method of asMethods(source)) expressions.push(memberOf(method))
  for (const sloppy of [false, true]) {
    for (const expression of expressions) {
      const code = `${sloppy ? '' : STRICT}(() => ${expression})`
      if (!parses(code)) continue
      const begin = beginOf(`${sloppy ? '' : STRICT}return ${expression}`, source)
      return { source: expression, sloppy, begin, byString: BY_STRING.test(source) }
    }
  }
  return undefined
}

/** Where a function begins in what is compiled: line and column, from 0. */
function beginOf(code, source) {
  let at = 0
  let there = code.indexOf(source)
  // Before one of its parentheses there is another name.
  while (there < 0) {
    at = source.indexOf('(', at + 1)
    there = code.indexOf(source.slice(at))
  }
  const start = code.lastIndexOf('\n', there) + 1
  const lines = (text) => text.split('\n').length - 1
  return { line: lines(code.slice(0, start)) - lines(source.slice(0, at)), column: there - start - at }
}

// A method may be named `class`; it has no prototype.
const isClass = (fn) =>
  Object.getOwnPropertyDescriptor(fn, 'prototype')?.writable === false &&
  /^class\b/.test(Function.prototype.toString.call(fn))
const isGenerator = (fn) => /Generator/.test(Object.prototype.toString.call(fn))

/** What a function must not be, or have in it. */
function whyNot(fn) {
  const source = Function.prototype.toString.call(fn)
  const other = 'pass what is needed of it as an argument, or put the function in a module'
  if (!isClass(fn) && !isGenerator(fn)) {
    if (/\bimport\s*\.\s*meta\b/.test(source)) return `without import.meta, which only its module has: ${other}`
    if (/#[\p{ID_Start}$_]/u.test(source)) return `without private names, which only its class has: ${other}`
    if (/\bsuper\b/.test(source)) return `without super, which only its object has: ${other}`
  }
  return 'no class, generator, bound or built-in function'
}

function fromFunction(fn, name) {
  const expression = isClass(fn) || isGenerator(fn) ? undefined : expressionOf(fn)
  if (expression === undefined) {
    throw typeError('thread', 'argument "source"', `${SELF_CONTAINED} (${whyNot(fn)})`, fn)
  }
  const label = name ?? (typeof fn.name !== 'string' || fn.name === '' ? 'thread' : fn.name)
  return { name: label, spec: expression, text: Function.prototype.toString.call(fn) }
}

function fromModule(location, name) {
  let file = location
  let rest = '' // a module is another one with another query
  if (typeof location !== 'string') {
    if (location.protocol !== 'file:') {
      throw typeError('thread', 'argument "source"', SELF_CONTAINED, location.href)
    }
    file = fileURLToPath(location)
    rest = location.search + location.hash
  } else if (location.startsWith('file:')) {
    const url = new URL(location)
    file = fileURLToPath(url)
    rest = url.search + url.hash
  }
  if (file === '' || file.includes('\0')) {
    throw typeError('thread', 'argument "source"', SELF_CONTAINED, location)
  }
  const absolute = path.resolve(file)
  const label = name ?? path.basename(absolute, path.extname(absolute))
  return { name: label, spec: { module: pathToFileURL(absolute).href + rest, export: name ?? 'default' } }
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
