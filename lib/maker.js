'use strict'
// Functions that make native Tasks.

const { native } = require('./native.js')
const { checkArguments } = require('./check.js')
const { previous } = require('./previous.js')
const { makeTask } = require('./task.js')

const definitions = new Map()
for (const definition of native.tasks()) {
  const first = definition.params.findIndex((param) => param.options !== undefined)
  definition.positional = first < 0 ? definition.params.length : first
  definition.fields = first < 0 ? [] : definition.params.slice(first)
  definitions.set(definition.name, definition)
}

const noArguments = Object.freeze([])

/** Whether an argument stands for the previous step's result. */
function usesPrevious(args, positional) {
  for (let i = 0; i < positional; i++) if (args[i] === previous) return true
  return false
}

/** The function that makes Tasks of the native task `name`. */
function maker(name) {
  const definition = definitions.get(name)
  const { params, positional } = definition
  const make =
    params.length === 0
      ? () => makeTask(definition, noArguments, false)
      : (...given) => {
          const args = checkArguments(definition, given)
          return makeTask(definition, args, usesPrevious(args, positional))
        }
  return Object.defineProperty(make, 'name', { value: name })
}

module.exports = { maker }
