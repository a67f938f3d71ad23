'use strict'
// What heddle takes of the language and of Node.js. It is loaded first, since test
// runners and programs replace these: other files may be loaded much later.

const { AsyncResource } = require('node:async_hooks')
const { addAbortListener } = require('node:events')
const { performance } = require('node:perf_hooks')
const timers = require('node:timers')

const { setImmediate, setInterval, clearInterval, setTimeout, clearTimeout } = timers
const { AbortController, AbortSignal, DOMException } = globalThis

const getter = (prototype, key) => Object.getOwnPropertyDescriptor(prototype, key)?.get

/** The resource of a context in which to call. It keeps no process alive, and says so to those who list what does. */
class Resource extends AsyncResource {
  hasRef() {
    return false
  }
}

const TypedArray = Object.getPrototypeOf(Uint8Array)

/** Fields of what lies in memory: a subclass or an object may have others. */
const placeOf = ({ prototype }) => ['buffer', 'byteOffset', 'byteLength'].map((key) => getter(prototype, key))

const named = (...names) => new Map(names.map((name) => [name, globalThis[name]]))

module.exports = {
  Resource,

  /** Milliseconds, from some time on. */
  now: performance.now.bind(performance),
  hrtime: process.hrtime,
  setImmediate,
  setInterval,
  clearInterval,
  setTimeout,
  clearTimeout,

  apply: Reflect.apply,
  then: Promise.prototype.then,
  all: Promise.all,
  allSettled: Promise.allSettled,
  /** A promise that is fulfilled: its reactions are microtasks. */
  ready: Promise.resolve(),

  AbortController,
  AbortSignal,
  DOMException,
  aborted: getter(AbortSignal.prototype, 'aborted'),
  addAbortListener,

  arrayIterator: Array.prototype[Symbol.iterator],
  setIterator: Set.prototype[Symbol.iterator],
  mapIterator: Map.prototype[Symbol.iterator],
  setSize: getter(Set.prototype, 'size'),
  mapSize: getter(Map.prototype, 'size'),

  getPrototypeOf: Object.getPrototypeOf,
  arrayBuffer: ArrayBuffer.prototype,
  isResizable: getter(ArrayBuffer.prototype, 'resizable'),
  typedArray: {
    name: getter(TypedArray.prototype, Symbol.toStringTag),
    length: getter(TypedArray.prototype, 'byteLength'),
    values: TypedArray.prototype.values,
    place: placeOf(TypedArray),
  },
  dataView: { place: placeOf(DataView) },

  /** Classes of typed arrays by their names. */
  typedArrays: named(
    'Int8Array',
    'Uint8Array',
    'Uint8ClampedArray',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
    'Float32Array',
    'Float64Array',
    'BigInt64Array',
    'BigUint64Array',
    'Float16Array', // not everywhere
  ),

  /** Classes of errors by their names. */
  errorClasses: named(
    'Error',
    'TypeError',
    'RangeError',
    'SyntaxError',
    'ReferenceError',
    'EvalError',
    'URIError',
    'AggregateError',
    'DOMException',
  ),
}
