'use strict'
// Checks the arguments of native tasks by their signatures, as the addon
// describes them, and gives them the form in which they go down.

const { isAnyArrayBuffer, isSharedArrayBuffer } = require('node:util').types
const { fileOf } = require('./file.js')
const intrinsics = require('./intrinsics.js')
const { previous } = require('./previous.js')
const { HeddleError, rangeError, typeError } = require('../errors.js')
const { none, ownOf } = require('./own.js')

// As heddle_type in heddle.h.
const Type = { BOOL: 2, I32: 3, U32: 4, F64: 5, I64: 6, U64: 7, STRING: 8, BYTES: 9, ARRAY: 10 }

// By heddle_element; 0 stands for any but the last, which is not everywhere.
const elements = [
  undefined,
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
  'Float16Array',
]
const HALF = elements.length - 1
const ALL = elements.length // as HD_ELEMENT_ALL: any

// A subclass or an object may have others, which must not run here.
const { arrayBuffer, getPrototypeOf, isResizable, typedArrays: constructors } = intrinsics
const { name: typedArrayName, length: typedArrayLength, values: typedArrayValues } = intrinsics.typedArray
const otherArray = intrinsics.typedArray.place
const dataView = intrinsics.dataView.place
const [typedArrayBuffer] = otherArray

function detached(where, what) {
  return new HeddleError('ERR_HEDDLE_DETACHED', `${where}: ${what} is detached from its memory`)
}

/** Throws when a typed array's memory was transferred away, or shrank below it. */
function checkAttached(where, what, array) {
  if (typedArrayLength.call(array) > 0) return array
  try {
    typedArrayValues.call(array) // throws where there is none
  } catch {
    throw detached(where, what)
  }
  return array
}

/** A typed array of a thread's own when the memory can be resized while it reads. */
function unmovable(array) {
  const buffer = typedArrayBuffer.call(array)
  if (isSharedArrayBuffer(buffer) || !isResizable.call(buffer)) return array
  return new (constructors.get(typedArrayName.call(array)))(array)
}

/** Whether its memory cannot go: shared, or copied anyway when it goes down. */
function isFixed(array) {
  const buffer = typedArrayBuffer.call(array)
  // To ask what it is costs as much as the rest, and nearly all are what they look like.
  if (getPrototypeOf(buffer) !== arrayBuffer && isSharedArrayBuffer(buffer)) return true
  try {
    return isResizable.call(buffer)
  } catch {
    return true // a shared one, in disguise
  }
}

/** Bytes of a typed array: none once it is detached. */
const lengthOf = (array) => typedArrayLength.call(array)

/** The bytes of a typed array. */
function memoryOf(array) {
  const [buffer, offset, length] = otherArray
  return new Uint8Array(buffer.call(array), offset.call(array), length.call(array))
}

/** Whether it is a Float16Array that goes down as its bits: of bytes none does. */
const isHalf = (param, value) =>
  param.type === Type.ARRAY && typedArrayName.call(value) === elements[HALF]

/** The bits of a Float16Array's elements. */
function bitsOf(array) {
  const [buffer, offset, length] = otherArray
  return new Uint16Array(buffer.call(array), offset.call(array), length.call(array) / 2)
}

/** A typed array of the same kind and length, in memory of its own. */
function newLike(array) {
  const Array = constructors.get(typedArrayName.call(array))
  return new Array(typedArrayLength.call(array) / Array.BYTES_PER_ELEMENT)
}

/** A view's or buffer's bytes, or undefined when it is neither. */
function bytesOf(value) {
  if (ArrayBuffer.isView(value)) {
    const name = typedArrayName.call(value)
    if (name === 'Uint8Array') return value // as most are
    if (constructors.has(name) && name !== elements[HALF]) return value
    if (name !== undefined) typedArrayValues.call(value) // throws when it is out of its memory
    const [buffer, offset, length] = name === undefined ? dataView : otherArray
    return new Uint8Array(buffer.call(value), offset.call(value), length.call(value))
  }
  return isAnyArrayBuffer(value) ? new Uint8Array(value) : undefined
}

function checkNumber(where, param, value) {
  if (typeof value !== 'number') throw typeError(where, param.label, param.expected, value)
  const integer = param.type !== Type.F64
  const unbounded = param.least === -Infinity && param.most === Infinity
  const inside = value >= param.least && value <= param.most
  if ((!inside && !(Number.isNaN(value) && unbounded)) || (integer && !Number.isInteger(value))) {
    throw rangeError(where, param.label, param.expected, value)
  }
  return value
}

function checkBigInt(where, param, value) {
  if (typeof value !== 'bigint') throw typeError(where, param.label, param.expected, value)
  const wrapped = param.type === Type.I64 ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value)
  if (wrapped !== value) throw rangeError(where, param.label, param.expected, value)
  return value
}

function checkString(where, param, value) {
  if (typeof value !== 'string' || (param.words && !param.words.includes(value))) {
    throw typeError(where, param.label, param.expected, value)
  }
  return value
}

function checkBytes(where, param, value) {
  if (typeof value === 'string') return value
  let bytes
  try {
    bytes = bytesOf(value)
  } catch {
    throw detached(where, param.label) // of what is left, no view can be made
  }
  if (bytes === undefined) {
    const source = fileOf(value)
    if (source !== undefined) return source
    throw typeError(where, param.label, param.expected, value)
  }
  return checkAttached(where, param.label, bytes)
}

function checkArray(where, param, value) {
  const name = ArrayBuffer.isView(value) ? typedArrayName.call(value) : undefined
  const element = name === undefined ? -1 : elements.indexOf(name)
  const isAny = param.element === ALL || (param.element === 0 && element !== HALF)
  if (element < 0 || !(isAny || element === param.element)) {
    const but = param.element === 0 && element === HALF ? ' other than a Float16Array' : ''
    throw typeError(where, param.label, `${param.expected}${but}`, value)
  }
  return checkAttached(where, param.label, value)
}

/** Checks one argument; `where` is the task's name. */
function checkArgument(where, param, value) {
  if (value === undefined && param.optional) return param.default
  switch (param.type) {
    case Type.BOOL:
      if (typeof value !== 'boolean') throw typeError(where, param.label, param.expected, value)
      return value
    case Type.I32:
    case Type.U32:
    case Type.F64:
      return checkNumber(where, param, value)
    case Type.I64:
    case Type.U64:
      return checkBigInt(where, param, value)
    case Type.STRING:
      return checkString(where, param, value)
    case Type.BYTES:
      return checkBytes(where, param, value)
    default:
      return checkArray(where, param, value)
  }
}

function checkOptions(where, name, fields, value) {
  if (value === undefined) return none
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw typeError(where, `argument "${name}"`, 'an object', value)
  }
  return ownOf(value, (key) => {
    if (fields.some((field) => field.name === key)) return
    const known = fields.map((field) => `'${field.name}'`).join(', ')
    throw typeError(where, `argument "${name}"`, `an object with ${known} only`, key)
  })
}

/**
 * Checks a call's arguments by the signature.
 * @returns {unknown[]} one value a parameter, fields of the options included
 */
function checkArguments(definition, given) {
  const { name, params, positional } = definition
  const args = new Array(params.length)
  for (let i = 0; i < positional; i++) {
    const value = given[i]
    args[i] = value === previous ? value : checkArgument(name, params[i], value)
  }
  if (positional < params.length) {
    const fields = definition.fields
    const options = checkOptions(name, params[positional].options, fields, given[positional])
    for (let i = positional; i < params.length; i++) {
      args[i] = checkArgument(name, params[i], options[params[i].name])
    }
  }
  return args
}

module.exports = {
  Type,
  bitsOf,
  checkArgument,
  checkArguments,
  checkAttached,
  isFixed,
  isHalf,
  lengthOf,
  memoryOf,
  newLike,
  unmovable,
}
