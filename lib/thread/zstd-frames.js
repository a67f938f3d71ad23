'use strict'
// zstd data as what it consists of: frames (RFC 8878, 3.1). The zlib module of some versions of
// Node.js expands the first one alone, and takes one that is cut short for whole.

const MAGIC = 0xfd2fb528
const DICTIONARY_BYTES = [0, 1, 2, 4]
const SIZE_BYTES = [0, 2, 4, 8]
const nothing = Buffer.alloc(0)

/** Whether a frame, or one that is to be skipped, begins there. */
function begins(data, at) {
  if (data.length - at < 4) return false
  const magic = data.readUInt32LE(at)
  return magic === MAGIC || isSkipped(magic)
}

const isSkipped = (magic) => magic >>> 4 === 0x184d2a5

/** Where the blocks of the frame begin. */
function blocksAt(data, at) {
  const descriptor = data[at + 4]
  const single = (descriptor >> 5) & 1
  const size = descriptor >> 6 === 0 ? single : SIZE_BYTES[descriptor >> 6]
  return at + 5 + (1 - single) + DICTIONARY_BYTES[descriptor & 3] + size
}

/** Where the frame ends: beyond the data where it is cut short. */
function endOf(data, start) {
  if (data.length - start < 8) return Infinity
  if (isSkipped(data.readUInt32LE(start))) return start + 8 + data.readUInt32LE(start + 4)
  const checksum = data[start + 4] & 4
  for (let at = blocksAt(data, start); ; ) {
    if (data.length - at < 3) return Infinity
    const header = data.readUIntLE(at, 3)
    const type = (header >> 1) & 3
    if (type === 3) return data.length // there is none: let zstd say so
    at += 3 + (type === 1 ? 1 : header >>> 3)
    if (header & 1) return at + checksum
  }
}

function cut() {
  const error = new Error('unexpected end of file')
  return Object.assign(error, { errno: -5, code: 'Z_BUF_ERROR' })
}

/**
 * Expands all frames; what follows them and is none is not read.
 * @param {Buffer} data
 * @param {(frame: Buffer) => Buffer} expand of one frame
 * @param {(length: number) => void} check throws when the result would be too long
 * @returns {Buffer}
 */
function expandFrames(data, expand, check) {
  const parts = []
  let length = 0
  let at = 0
  do {
    const isFrame = begins(data, at)
    const end = isFrame ? endOf(data, at) : data.length // zstd says what is wrong
    const isSkip = isFrame && isSkipped(data.readUInt32LE(at))
    const part = isSkip ? nothing : expand(data.subarray(at, end))
    if (end > data.length || !isFrame) throw cut()
    check((length += part.length))
    parts.push(part)
    at = end
  } while (begins(data, at))
  return parts.length === 1 ? parts[0] : Buffer.concat(parts)
}

module.exports = { expandFrames }
