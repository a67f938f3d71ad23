'use strict'
// What goes over the wire, in which keys of Redis, and in which words.

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

/** Throws for what is of this machine alone. */
function checkArguments(where, args) {
  for (let i = 0; i < args.length; i++) {
    const value = args[i]
    if (typeof value !== 'object' || value === null) continue
    if (isFile(value)) throw typeError(where, `argument ${i + 1}`, 'data: files are on this machine', value)
    if (isTask(value)) throw typeError(where, `argument ${i + 1}`, 'data, no Task', value)
  }
}

/** What goes of a chain's steps: for each its arguments, and the positions of previous results. */
function stepsOf(steps) {
  return steps.map(({ definition, args }) => {
    checkArguments(definition.name, args)
    const positions = args.flatMap((value, i) => (value === previous ? [i] : []))
    return [args.map((value) => (value === previous ? null : value)), positions]
  })
}

const sizeError = (where, what, length, most) =>
  new HeddleError('ERR_HEDDLE_REMOTE_SIZE', `${where}: ${what} takes ${length} bytes, more than the ${most} that maxBytes allows`)

/** What was thrown, in a form that can be serialised. */
const encodeError = (error) => encode(error, {})

/** How a member has ended. */
const How = { FULFILLED: 0, REJECTED: 1, EXPIRED: 2, LOST: 3 }

module.exports = { How, VERSION, checkArguments, encodeError, keysOf, leftBy, sizeError, stepsOf }
