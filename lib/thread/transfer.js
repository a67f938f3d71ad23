'use strict'
// transfer(value, list): what is moved to the other side instead of copied.

const { isProxy } = require('node:util').types
const { typeError } = require('../errors.js')

const TRANSFER = 'heddle.transfer'

// Known by its name, since threads and other copies of heddle make such objects.
const key = Symbol.for(TRANSFER)

/** The mark itself. The thread's end has a copy of this function. */
function mark(value, list, symbol) {
  const single = ArrayBuffer.isView(value) ? value.buffer : value
  return { value, [symbol]: list === undefined ? [single] : [...list] }
}

/**
 * Marks an argument of a thread function, or what it returns: the memory of
 * `list` is moved to the other side and gone here.
 * @param {unknown} value a whole argument or result
 * @param {Iterable<object>} [list] ArrayBuffers, MessagePorts and the like in
 *   it; by default the value itself, or the buffer below a view
 */
function transfer(value, list) {
  if (value === null || typeof value !== 'object') {
    throw typeError('transfer', 'argument "value"', 'an object', value)
  }
  if (list !== undefined && typeof list?.[Symbol.iterator] !== 'function') {
    throw typeError('transfer', 'argument "list"', 'an iterable of objects to transfer', list)
  }
  return mark(value, list, key)
}

// A proxy is never a mark, and its traps are not for us.
const isTransfer = (value) =>
  typeof value === 'object' && value !== null && !isProxy(value) && key in value

/** The objects that a mark moves. */
const transferred = (marked) => marked[key]

/** Whether its memory is gone. Not every Node.js tells so when it is transferred once more. The thread's end has a copy. */
function isGone(object) {
  if (!(object instanceof ArrayBuffer) || object.byteLength > 0) return false
  try {
    void new Uint8Array(object)
    return false
  } catch {
    return true
  }
}

module.exports = { TRANSFER, mark, transfer, isTransfer, isGone, transferred }
