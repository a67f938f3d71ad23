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
  bound: () => require('./bound.js'),
  start: () => require('./start.js').startSoon,
})

startTasksBy(loaded.start ?? ((task, caller) => use('start')(task, caller))) // which takes its place

const noArguments = Object.freeze([])

/** A definition as the addon describes it. */
function prepare(described) {
  const definition = bare(described) // what is not described is not there
  const params = definition.params.map((param) => bare(param))
  const first = params.findIndex((param) => param.options !== undefined)
  definition.params = params
  definition.positional = first < 0 ? params.length : first
  definition.fields = first < 0 ? [] : params.slice(first)
  return definition
}

/**
 * The function that makes Tasks of a native task, as the addon describes it.
 * @param {(name: string, args: unknown[]) => Task | undefined} [instead] makes a Task in place of
 *   a native one that the runtime cannot run, if it can
 * @param {(definition: object, given: unknown[], error: unknown) => Task} [streamed] makes one
 *   whose data is a stream, or throws that error
 */
function makerOf(described, instead, streamed) {
  const definition = prepare(described)
  const { name, params } = definition
  let runs = instead === undefined ? true : undefined // not known before the first call
  let bounds = null
  const newTask = (given) => {
    const args = (loaded.check ?? use('check'))(definition, given)
    runs ??= native.runs(name)
    if (!runs) return instead(name, args) ?? new Task(definition, args)
    bounds ??= new (loaded.bound ?? use('bound')).Bounds(definition)
    bounds.keep(given, args)
    return new Task(definition, args)
  }
  const make =
    params.length === 0
      ? () => new Task(definition, noArguments)
      : (...given) => {
          try {
            const bound = bounds?.find(given) ?? null
            return bound === null ? newTask(given) : new Task(bound, loaded.bound.checkData(bound, given))
          } catch (error) {
            if (streamed === undefined) throw error
            return streamed(definition, given, error)
          }
        }
  return addMaker(define(make, 'name', name, false))
}

const builtin = new Map(native.tasks().map((definition) => [definition.name, definition]))

/** The same of the built-in task `name`. */
function maker(name, instead, streamed) {
  return makerOf(builtin.get(name), instead, streamed)
}

/** The definition of a built-in task that has no maker of its own. */
const definitionFor = (name) => prepare(builtin.get(name))

module.exports = { definitionFor, maker, makerOf }
