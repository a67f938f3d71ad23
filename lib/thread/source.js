'use strict'
// What thread() is given: a function whose source is sent, or a module's export.

const path = require('node:path')
const { fileURLToPath, pathToFileURL } = require('node:url')
const { Script } = require('node:vm')
const { typeError } = require('../errors.js')

const SELF_CONTAINED = 'a self-contained function, a file path or a file: URL'

/** How a function's source has to be read to give the function; undefined if it cannot. */
function expressionOf(fn) {
  const source = Function.prototype.toString.call(fn)
  // A function or arrow, or a method: `name() {}` stands in an object only.
  for (const expression of [`(${source})`, `Object.values({${source}})[0]`]) {
    try {
      new Script(expression)
      return expression
    } catch {
      // the other form, perhaps
    }
  }
  return undefined
}

const isClass = (fn) => /^class\b/.test(Function.prototype.toString.call(fn))
const isGenerator = (fn) => /Generator/.test(Object.prototype.toString.call(fn))

function fromFunction(fn, name) {
  const expression = isClass(fn) || isGenerator(fn) ? undefined : expressionOf(fn)
  if (expression === undefined) {
    const expected = `${SELF_CONTAINED} (no class, generator, bound or built-in function)`
    throw typeError('thread', 'argument "source"', expected, fn)
  }
  const label = name ?? (fn.name === '' ? 'thread' : fn.name)
  return { name: label, spec: { source: expression } }
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
