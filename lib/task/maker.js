'use strict'
// Functions that make native Tasks.

const { native } = require('./native.js')
const { define } = require('../errors.js')
const { lately } = require('../late.js')
const { addMaker } = require('./makers.js')
const { startTasksBy, Task } = require('./task.js')
const { bare } = require('./own.js')

const { loaded, use } = lately(module, {
  check: () => require('./check.js').checkArguments,
  start: () => require('./start.js').startSoon,
})

startTasksBy(loaded.start ?? ((task, caller) => use('start')(task, caller))) // which takes its place

const noArguments = Object.freeze([])

/**
 * The function that makes Tasks of a native task, as the addon describes it.
 * @param {(name: string, args: unknown[]) => Task | undefined} [instead] makes a Task in place of
 *   a native one that the runtime cannot run, if it can
 */
function makerOf(described, instead) {
  const definition = bare(described) // what is not described is not there
  const { name } = definition
  const params = definition.params.map((param) => bare(param))
  const first = params.findIndex((param) => param.options !== undefined)
  definition.params = params
  definition.positional = first < 0 ? params.length : first
  definition.fields = first < 0 ? [] : params.slice(first)
  let runs = instead === undefined ? true : undefined // not known before the first call
  const taskOf = (args) => {
    runs ??= native.runs(name)
    return (runs ? undefined : instead(name, args)) ?? new Task(definition, args)
  }
  const make =
    params.length === 0
      ? () => new Task(definition, noArguments)
      : (...given) => taskOf((loaded.check ?? use('check'))(definition, given))
  return addMaker(define(make, 'name', name, false))
}

const builtin = new Map(native.tasks().map((definition) => [definition.name, definition]))

/** The same of the built-in task `name`. */
function maker(name, instead) {
  return makerOf(builtin.get(name), instead)
}

module.exports = { maker, makerOf }
