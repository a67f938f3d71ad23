'use strict'
// In what a task's bytes, or numbers, are given: strings, views with offsets, shared
// memory, files.

const fs = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { textOf } = require('./contents.js')

const PAGE = 64

const elements = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
]
const types = Object.fromEntries(elements.map((Type) => [Type.name, Type]))
const names = Object.keys(types)

const carriers = [
  ...['Buffer', 'DataView', 'ArrayBuffer', 'SharedArrayBuffer', 'shared view'],
  ...['resizable', 'view of resizable', 'growable', 'subclass'],
  ...['file', 'file by Buffer', 'file by URL'],
  ...names,
]

/** A view of a type over a copy of the bytes, at an offset in memory of its own. */
function viewOf(Type, bytes, offset, memory = ArrayBuffer) {
  const size = Type.BYTES_PER_ELEMENT ?? 1
  const begin = offset * size
  const whole = bytes.length - (bytes.length % size)
  const buffer = new memory(begin + whole + PAGE)
  new Uint8Array(buffer).fill(0xee)
  new Uint8Array(buffer, begin).set(bytes.subarray(0, whole))
  return new Type(buffer, begin, whole / size)
}

function exact(bytes, memory, options) {
  const buffer = new memory(bytes.length, options)
  new Uint8Array(buffer).set(bytes)
  return buffer
}

class Strange extends Uint8Array {
  get length() {
    return 1
  }
  get byteLength() {
    return 1
  }
  get buffer() {
    return new ArrayBuffer(1)
  }
}

function fileOf(bytes, { folder, tasks }, as) {
  const name = path.join(folder, `in-${process.hrtime.bigint()}`)
  fs.writeFileSync(name, bytes)
  if (as === 'file by URL') return tasks.file(pathToFileURL(name))
  return tasks.file(as === 'file' ? name : Buffer.from(name))
}

/** The value to give, and the bytes that it stands for. */
function carry(bytes, { as, offset = 0, content }, setting) {
  const maxByteLength = bytes.length + PAGE
  switch (as) {
    case 'string':
      return { given: textOf(content), bytes }
    case 'Buffer': {
      const { buffer } = viewOf(Uint8Array, bytes, offset)
      return { given: Buffer.from(buffer, offset, bytes.length), bytes }
    }
    case 'DataView':
      return { given: viewOf(DataView, bytes, offset), bytes }
    case 'ArrayBuffer':
      return { given: exact(bytes, ArrayBuffer), bytes }
    case 'SharedArrayBuffer':
      return { given: exact(bytes, SharedArrayBuffer), bytes }
    case 'shared view':
      return { given: viewOf(Uint8Array, bytes, offset, SharedArrayBuffer), bytes }
    case 'resizable':
      return { given: exact(bytes, ArrayBuffer, { maxByteLength }), bytes }
    case 'view of resizable': // follows its length
      return { given: new Uint8Array(exact(bytes, ArrayBuffer, { maxByteLength })), bytes }
    case 'growable':
      return { given: exact(bytes, SharedArrayBuffer, { maxByteLength }), bytes }
    case 'subclass':
      return { given: viewOf(Strange, bytes, offset), bytes }
    case 'file':
    case 'file by Buffer':
    case 'file by URL':
      return { given: fileOf(bytes, setting, as), bytes }
    default: {
      const given = viewOf(types[as], bytes, offset)
      return { given, bytes: bytes.subarray(0, given.byteLength) }
    }
  }
}

module.exports = { carriers, carry, names, types, viewOf }
