'use strict'
// file(path): a file in place of bytes, which the worker thread reads.

const path = require('node:path')
const { fileURLToPath } = require('node:url')
const { inspect, types } = require('node:util')
const { define, typeError } = require('../errors.js')

// By its name: file() of another copy of heddle is understood as well.
const pathOf = Symbol.for('heddle.file')

let isFile

/** A file's contents, not read yet. Immutable. */
class FileSource {
  #path

  /** @param {string | Uint8Array} absolute */
  constructor(absolute) {
    this.#path = absolute
  }

  /** The absolute path. @type {string | Uint8Array} */
  get path() {
    return this.#path
  }

  get [pathOf]() {
    return this.#path
  }

  static {
    isFile = (value) => typeof value === 'object' && value !== null && #path in value
  }

  [inspect.custom](_depth, options) {
    return `file(${inspect(this.#path, options)})`
  }
}

function isUrl(value) {
  return value !== null && typeof value === 'object' && typeof value.href === 'string'
}

function hasNul(value) {
  return typeof value === 'string' ? value.includes('\0') : value.includes(0)
}

const folderAtEnd = process.platform === 'win32' ? /(^|[\\/])\.{0,2}$/ : /(^|\/)\.{0,2}$/

/** As path.resolve, but what can only be a folder's name stays one: 'a/' is no file `a`. */
function resolveText(text) {
  const absolute = path.resolve(text)
  return folderAtEnd.test(text) && !absolute.endsWith(path.sep) ? absolute + path.sep : absolute
}

/** Makes a path absolute: it is meant from where the Task is made. */
function resolvePath(where, value) {
  const expected = 'a path without null bytes, as a string, Buffer or file: URL'
  let given = value
  if (isUrl(value)) {
    if (value.protocol !== 'file:') throw typeError(where, 'argument "path"', expected, value.href)
    given = fileURLToPath(value)
  }
  const isBytes = types.isUint8Array(given)
  if ((typeof given !== 'string' && !isBytes) || given.length === 0 || hasNul(given)) {
    throw typeError(where, 'argument "path"', expected, value)
  }
  if (!isBytes) return resolveText(given)
  const text = Buffer.from(given).toString()
  if (Buffer.from(text).equals(given)) return resolveText(text)
  // Not UTF-8: bytes go down as they are (POSIX only; elsewhere they fail to open).
  const slash = Buffer.from('/')
  return given[0] === slash[0]
    ? Buffer.from(given)
    : Buffer.concat([Buffer.from(process.cwd()), slash, given])
}

/** Throws as Node's own fs does where its permission model forbids the path. */
function checkPermission(scope, name, absolute) {
  if (!Object.hasOwn(process, 'permission')) return
  const text = typeof absolute === 'string' ? absolute : Buffer.from(absolute).toString()
  if (process.permission.has(scope, text)) return
  const error = new Error(`Access to this API has been restricted: ${name} of '${text}'`)
  define(error, 'code', 'ERR_ACCESS_DENIED')
  define(error, 'permission', name)
  define(error, 'resource', text)
  throw error
}

/**
 * A file, in place of any bytes argument of a task. The worker thread reads it
 * in blocks. Regular files only.
 *
 * @param {string | Uint8Array | URL} location its path; relative ones are resolved now
 * @returns {FileSource}
 * @throws {TypeError} when it is no path
 * @throws {Error} ERR_ACCESS_DENIED under Node's permission model
 */
function file(location) {
  const absolute = resolvePath('file', location)
  checkPermission('fs.read', 'FileSystemRead', absolute)
  return new FileSource(absolute)
}

/**
 * The FileSource that a value is, or stands for: one of another copy of heddle is
 * made anew, and what forbids a path holds for it, too. Else undefined.
 */
function fileOf(value) {
  if (isFile(value)) return value
  if (typeof value !== 'object' || value === null) return undefined
  const location = value[pathOf]
  return typeof location === 'string' || types.isUint8Array(location) ? file(location) : undefined
}

module.exports = { file, fileOf, isFile, resolvePath, checkPermission, isUrl, hasNul }
