'use strict'
// Values on the wire: some small ones in a part, since to begin and end one costs more than
// what is in it; large ones in parts of their own. What cannot be read spoils its part alone.
// By node:v8, which knows what a structured clone knows, cycles and typed arrays included;
// its version stands in the bytes.
//
//   parts   number of them; for each: number of values, bytes; then the parts.
//           32-bit numbers, little-endian

const { DefaultDeserializer, serialize } = require('node:v8')

const RUN = 64 // values in a part
const RUN_BYTES = 65_536 // likewise, about

/** About the bytes that arguments, or a result, take: what is in objects is not looked for. */
function sizeOf(value) {
  if (typeof value === 'string') return value.length
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (!Array.isArray(value)) return 0
  let bytes = 0
  for (const one of value) {
    if (typeof one === 'string') bytes += one.length
    else if (ArrayBuffer.isView(one)) bytes += one.byteLength
  }
  return bytes
}

class Parts {
  bytes = 0
  #counts = []
  #parts = []

  /** @param {Buffer} part of so many values */
  add(count, part) {
    this.#counts.push(count)
    this.#parts.push(part)
    this.bytes += part.length
  }

  pack() {
    const head = Buffer.alloc(4 + 8 * this.#parts.length)
    head.writeUInt32LE(this.#parts.length)
    this.#parts.forEach(({ length }, i) => {
      head.writeUInt32LE(this.#counts[i], 4 + 8 * i)
      head.writeUInt32LE(length, 8 + 8 * i)
    })
    return Buffer.concat([head, ...this.#parts])
  }
}

/**
 * Values as they go.
 * @param {(i: number, error: Error | null, bytes: number) => unknown} replace gives what goes in
 *   the place of one that cannot, or that takes more than `most` bytes (then error is null)
 */
function packValues(values, most, replace) {
  const parts = new Parts()
  let from = 0
  let run = RUN
  while (from < values.length) {
    let to = from
    let bytes = 0
    while (to < values.length && to - from < run && bytes < RUN_BYTES) bytes += sizeOf(values[to++])
    const part = tried(values.slice(from, to))
    if (part instanceof Error || part.length > most) {
      if (to - from > 1) {
        run = 1 // which of them it is
        continue
      }
      const isError = part instanceof Error
      parts.add(1, serialize([replace(from, isError ? part : null, part.length)]))
    } else {
      parts.add(to - from, part)
    }
    from = to
  }
  return parts.pack()
}

/** Values in a part; the error where they cannot be. */
function tried(values) {
  try {
    return serialize(values)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Binary data get memory of their own, unless they are most of the whole. */
class Reader extends DefaultDeserializer {
  #length

  constructor(buffer) {
    super(buffer)
    this.#length = buffer.length
  }

  // As Node.js names it.
  _readHostObject() {
    const view = super._readHostObject()
    if (2 * view.byteLength >= this.#length && this.#length > RUN_BYTES) return view
    const bytes = new Uint8Array(view.byteLength)
    bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
    if (Buffer.isBuffer(view)) return Buffer.from(bytes.buffer)
    const { constructor: View } = view
    return new View(bytes.buffer, 0, view.byteLength / (View.BYTES_PER_ELEMENT ?? 1))
  }
}

/** Throws for bytes that are none of a value, or of a later version of Node.js. */
function deserialize(buffer) {
  const reader = new Reader(buffer)
  reader.readHeader()
  return reader.readValue()
}

/**
 * The values of packed ones: of each {value} or {error}. Throws for what are no parts.
 * @param {number} most values; more are none that were asked for
 * @returns {{value?: unknown, error?: Error}[]}
 */
function unpackValues(buffer, most) {
  const number = buffer.length < 4 ? Infinity : buffer.readUInt32LE()
  let at = 4 + 8 * number
  if (at > buffer.length) throw new Error('the parts are cut short')
  const ends = []
  for (let i = 0; i < number; i++) {
    const count = buffer.readUInt32LE(4 + 8 * i)
    const end = at + buffer.readUInt32LE(8 + 8 * i)
    if (end > buffer.length || ends.length + count > most) throw new Error('the parts are cut short')
    const part = buffer.subarray(at, end)
    at = end
    try {
      const values = deserialize(part)
      if (!Array.isArray(values) || values.length !== count) throw new Error('a part has other values than it says')
      for (const value of values) ends.push({ value })
    } catch (error) {
      for (let k = 0; k < count; k++) ends.push({ error })
    }
  }
  return ends
}

module.exports = { Parts, RUN, RUN_BYTES, deserialize, packValues, serialize, sizeOf, unpackValues }
