'use strict'
// What goes over the wire. Each member's arguments, and each result, are serialised by
// themselves: one that cannot be read is one member's error, and none keeps the memory of
// its neighbours. By node:v8, which knows what a structured clone knows, cycles and typed
// arrays included; its version stands in the bytes.
//
//   list   count, then for each: length, bytes; 32-bit numbers, little-endian

const v8 = require('node:v8')
const { types } = require('node:util')
const { HeddleError, typeError } = require('../errors.js')
const { isFile } = require('../task/file.js')
const { previous } = require('../task/previous.js')
const { isTask } = require('../task/task.js')
const { MOST_OBJECTS, ERRORS, encoder } = require('../thread/encode.js')

const VERSION = 1 // of all that is here

const encode = encoder(types, { mostObjects: MOST_OBJECTS, errors: ERRORS })

/** What names a key of the queue; the braces keep all on one node of a cluster. */
const keysOf = (queue, caller = '') => ({
  claims: `heddle:{${queue}}:claims:${caller}`, // by job: what is asked for. Who lets go of it takes it away
  marks: `heddle:{${queue}}:marks:${caller}`, // by job: the worker that has started it
  replies: `heddle:{${queue}}:replies:${caller}`, // a stream
  control: `heddle:{${queue}}:control`, // a channel
  worker: (id) => `heddle:{${queue}}:worker:${id}`, // there while it lives
  serving: `heddle:{${queue}}:serving`, // there while any worker lives
})

/** The field beside a job's claim for places that nobody wants any more. */
const leftBy = (job) => `${job}!`

/** A list of Buffers in one. */
function packList(list) {
  const head = Buffer.alloc(4 + 4 * list.length)
  head.writeUInt32LE(list.length)
  list.forEach(({ length }, i) => head.writeUInt32LE(length, 4 + 4 * i))
  return Buffer.concat([head, ...list])
}

/** The Buffers of it, each with memory of its own. Throws when it is none. */
function unpackList(buffer) {
  const count = buffer.length < 4 ? Infinity : buffer.readUInt32LE()
  if (4 + 4 * count > buffer.length) throw new Error('the list is cut short')
  const list = []
  let at = 4 + 4 * count
  for (let i = 0; i < count; i++) {
    const end = at + buffer.readUInt32LE(4 + 4 * i)
    if (end > buffer.length) throw new Error('the list is cut short')
    // Small Buffers share their memory with others.
    list.push(count === 1 ? buffer.subarray(at, end) : Buffer.from(new Uint8Array(buffer.subarray(at, end)).buffer))
    at = end
  }
  return list
}

const serialize = (value) => v8.serialize(value)

/** Throws for bytes that are none of a value, or of a later version of Node.js. */
const deserialize = (buffer) => v8.deserialize(buffer)

function checkArguments(where, args) {
  args.forEach((value, i) => {
    const label = `argument ${i + 1}`
    if (isFile(value)) throw typeError(where, label, 'data: files are on this machine', value)
    if (isTask(value)) throw typeError(where, label, 'data, no Task', value)
  })
}

/** Arguments as they go; throws for what cannot. */
function serializeArguments(where, args) {
  checkArguments(where, args)
  return serialize(args)
}

/** Those of a chain's steps: for each its arguments, and the positions of previous results. */
function serializeSteps(steps) {
  return serialize(
    steps.map(({ definition, args }) => {
      checkArguments(definition.name, args)
      const positions = args.flatMap((value, i) => (value === previous ? [i] : []))
      return [args.map((value) => (value === previous ? null : value)), positions]
    }),
  )
}

const sizeError = (where, what, length, most) =>
  new HeddleError('ERR_HEDDLE_REMOTE_SIZE', `${where}: ${what} takes ${length} bytes, more than the ${most} that maxBytes allows`)

/** What was thrown, in a form that can be serialised. */
const encodeError = (error) => encode(error, {})

module.exports = { VERSION, deserialize, encodeError, keysOf, leftBy, packList, serialize, serializeArguments, serializeSteps, sizeError, unpackList }
