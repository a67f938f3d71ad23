'use strict'
// Functions that make native Tasks.

const { native } = require('./native.js')
const { checkArguments } = require('./check.js')
const { addMaker } = require('./makers.js')
const { Task } = require('./task.js')
require('./start.js') // Tasks can be awaited from now on

const definitions = new Map()
for (const definition of native.tasks()) {
  const first = definition.params.findIndex((param) => param.options !== undefined)
  definition.positional = first < 0 ? definition.params.length : first
  definition.fields = first < 0 ? [] : definition.params.slice(first)
  definitions.set(definition.name, definition)
}

const noArguments = Object.freeze([])

/** The function that makes Tasks of the native task `name`. */
function maker(name) {
  const definition = definitions.get(name)
  const { params } = definition
  const make =
    params.length === 0
      ? () => new Task(definition, noArguments)
      : (...given) => new Task(definition, checkArguments(definition, given))
  return addMaker(Object.defineProperty(make, 'name', { value: name }))
}

module.exports = { maker }
