'use strict'
// load(path): the tasks of a shared library, written against heddle.h.

const fs = require('node:fs')
const path = require('node:path')
const { fileURLToPath } = require('node:url')
const { native } = require('../task/native.js')
const { HeddleError, typeError } = require('../errors.js')
const { hasNul, isUrl } = require('../task/file.js')
const { makerOf } = require('../task/maker.js')
const { HEAD, inspectBinary, nativeSystem } = require('./binary.js')

const byPath = new Map()
const byNumber = new Map() // of the addon's: several paths may lead to one library

function refuse(code, file, words) {
  return new HeddleError(code, `load: '${file}' cannot be loaded: ${words}`)
}

/** The path as a string; throws unless it is absolute. */
function absolutePath(location) {
  const expected = 'an absolute path or a file: URL'
  let file = location
  if (isUrl(location)) {
    if (location.protocol !== 'file:') {
      throw typeError('load', 'argument "path"', expected, location.href)
    }
    file = fileURLToPath(location)
  } else if (typeof file === 'string' && file.startsWith('file:')) {
    file = fileURLToPath(file)
  }
  if (typeof file !== 'string' || file === '' || hasNul(file)) {
    throw typeError('load', 'argument "path"', expected, location)
  }
  if (!path.isAbsolute(file)) {
    const advice = "join it to __dirname, or use new URL('…', import.meta.url)"
    throw new HeddleError(
      'ERR_HEDDLE_RELATIVE_PATH',
      `load: argument "path" must be ${expected}, got '${file}': ${advice}`,
    )
  }
  return file
}

/** The file's size and first bytes. Throws the system's errors. */
function readHead(file) {
  const descriptor = fs.openSync(file, 'r')
  try {
    const head = Buffer.alloc(HEAD)
    const length = fs.readSync(descriptor, head, 0, HEAD, 0)
    return { head: head.subarray(0, length), size: fs.fstatSync(descriptor).size }
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Throws unless it is a library for this system and processor. */
function checkBinary(file) {
  if (!fs.statSync(file).isFile()) {
    throw refuse('ERR_HEDDLE_NOT_A_FILE', file, 'it is not a regular file')
  }
  const { head, size } = readHead(file)
  const found = inspectBinary(head, size)
  if (found === undefined) {
    throw refuse('ERR_HEDDLE_NOT_A_LIBRARY', file, 'it is not a shared library')
  }
  const { system, archs, whole } = found
  if (system !== nativeSystem() || !archs.includes(process.arch)) {
    const words = `it is for ${archs.join(', ')} (${system}), and this process is for ${process.arch} (${nativeSystem()})`
    throw refuse('ERR_HEDDLE_WRONG_ARCHITECTURE', file, words)
  }
  if (!whole) {
    throw refuse('ERR_HEDDLE_NOT_A_LIBRARY', file, 'it is no shared library, or only a part of one')
  }
}

function makeFunctions(tasks) {
  const functions = Object.create(null) // a task may be called toString
  for (const definition of tasks) functions[definition.name] = makerOf(definition)
  return Object.freeze(functions)
}

/** What the addon says of a library: {number, name, tasks}. */
function open(file) {
  checkBinary(file)
  const library = native.load(file)
  if (library.code !== undefined) throw refuse(library.code, file, library.words)
  return library
}

/**
 * Loads a library of tasks. The library stays loaded until the process ends; all
 * environments of the process share it.
 *
 * @param {string | URL} location its absolute path, or a file: URL
 * @returns {Readonly<Record<string, Function>>} a function a task, each returning
 *   Tasks; the same object whenever the same library is loaded
 * @throws {TypeError} when it is no path
 * @throws {HeddleError} when it cannot be loaded; docs/c-api.md has the codes
 * @throws {Error} the system's own, when the file cannot be read
 */
function load(location) {
  const real = fs.realpathSync(absolutePath(location))
  const known = byPath.get(real)
  if (known !== undefined) return known
  const library = open(real)
  let functions = byNumber.get(library.number)
  functions ??= makeFunctions(library.tasks)
  byNumber.set(library.number, functions)
  byPath.set(real, functions)
  return functions
}

/** The tasks of a library, as {name, signature, ...}; throws as load() does. */
const describe = (file) => open(fs.realpathSync(absolutePath(file))).tasks

module.exports = { load, describe }
