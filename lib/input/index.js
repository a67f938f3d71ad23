'use strict'
// Tasks whose data is a stream.

const { HeddleError, misuse } = require('../errors.js')
const { checkArguments } = require('../task/check.js')
const { native } = require('../task/native.js')
const { bare } = require('../task/own.js')
const { previous } = require('../task/previous.js')
const { Task } = require('../task/task.js')
const { Chunks } = require('./chunks.js')
const { InputGroup } = require('./group.js')
const { kindOf, sourceOf } = require('./sources.js')

const EMPTY = Buffer.alloc(0)

/**
 * The Task, where the argument `data` is a stream.
 * @param {object} definition of the task
 * @param {unknown[]} given the arguments
 * @param error why it is no other Task, which is thrown where it is no stream either
 * @returns {Task}
 */
function streamed(definition, given, error) {
  const at = definition.params.findIndex(({ name }) => name === 'data')
  const value = given[at]
  if (kindOf(value) === undefined) throw error
  const { name, params } = definition
  const args = checkArguments(definition, given.with(at, EMPTY))
  if (args.includes(previous)) throw misuse(`${name}: beside a stream there is no 'previous'`)
  if (!native.runs(name)) {
    throw new HeddleError('ERR_HEDDLE_UNAVAILABLE', `${name}: ${params[at].label} can be a stream where this runtime brings the task's library only`)
  }
  const chunks = new Chunks(definition, args, at, sourceOf(name, params[at].label, value))
  return new Task(bare({ name, native: true, positional: 0, Group: InputGroup }), [chunks])
}

module.exports = { streamed }
