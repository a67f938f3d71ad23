'use strict'
// Built-in tasks whose libraries the runtime does not bring: the same on JavaScript threads,
// by node:crypto and node:zlib.

const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { isSharedArrayBuffer } = require('node:util').types
const { isFile } = require('../task/file.js')
const { threadOf } = require('./index.js')

const WORKER = path.join(__dirname, 'fallback-worker.js')

const makers = new Map() // by the tasks' names

/** A result as the native task gives it. */
function asBuffer(value) {
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, asBuffer(field)]))
}

/** An argument as it can be sent: not all of the memory of which it is a small part. */
function sendable(value) {
  if (isFile(value)) return { file: value.path }
  if (!ArrayBuffer.isView(value) || isSharedArrayBuffer(value.buffer)) return value
  if (value.buffer.byteLength <= 2 * value.byteLength + 65536) return value
  return new Uint8Array(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) // slice() of a Buffer is no copy
}

/** Whether Node.js has what the task needs, in JavaScript. */
function isServed(name) {
  if (name.startsWith('zstd')) return require('node:zlib').zstdCompress !== undefined
  if (name === 'argon2') return require('node:crypto').argon2Sync !== undefined
  return true
}

/** A Task in place of the native one; undefined where Node.js has none either. */
function fallback(name, args) {
  if (!makers.has(name)) {
    makers.set(name, isServed(name) ? threadOf(pathToFileURL(WORKER), name, asBuffer) : undefined)
  }
  return makers.get(name)?.(args.map(sendable))
}

module.exports = { fallback }
