'use strict'
// Writes lists of Tasks in the form in which they go down in one crossing:
// a Float64Array of words, and the values that are not numbers. As read by
// src/binding/arguments.c:
//
//   member    id, arguments...   or   -steps, (id, arguments...) each
//             or   SAME + i, argument: as the last one but for its argument i
//   argument  tag, payload

const { previous } = require('./previous.js')
const { isFile } = require('./file.js')
const { bitsOf, checkArgument, checkAttached, isFixed, isHalf, unmovable } = require('./check.js')
const { argsOf, dataOf, definitionOf, stateOf } = require('./task.js')
const { misuse } = require('../errors.js')

const Tag = {
  UNDEFINED: 0,
  NUMBER: 1,
  BOOLEAN: 2,
  STRING: 3,
  VALUE: 4,
  FILE: 5,
  PREVIOUS: 6,
  FIXED: 7,
  HALF: 8, // the bits of a Float16Array
  FIXED_HALF: 9,
}

const SAME = 2 ** 32
const INTERNED = 32 // characters of strings that are worth sending once

/** A list of members. One is reused: what it holds is gone after clear(). */
class Plan {
  words = new Float64Array(1024)
  length = 0
  members = 0
  values = []
  #strings = new Map()
  #last = null // the definition of the last member, if it is bound

  clear() {
    this.length = 0
    this.members = 0
    this.#last = null
    if (this.values.length === 0) return
    this.values = []
    this.#strings.clear()
  }

  /**
   * Adds a member with arguments as argumentsOf() gives them; null for those of a bound
   * definition. Throws when one is no longer what it was, and adds nothing. Nobody's code
   * runs meanwhile: it could start other Tasks, for which the plan would be taken.
   */
  add(task, args) {
    const { length } = this
    const definition = definitionOf(task)
    try {
      if (args === null) {
        this.#bound(definition, dataOf(task))
      } else if (definition.steps === true) {
        this.#word(-args.length)
        for (const step of args) this.#step(step.definition, step.args)
      } else {
        this.#step(definition, args)
      }
      this.#last = args === null ? definition : null
      this.members++
    } catch (error) {
      this.length = length
      throw error
    }
  }

  #word(word) {
    if (this.length === this.words.length) {
      const grown = new Float64Array(this.words.length * 2)
      grown.set(this.words)
      this.words = grown
    }
    this.words[this.length++] = word
  }

  #step(definition, args) {
    this.#word(definition.id)
    for (let i = 0; i < args.length; i++) this.#argument(definition, i, args[i])
  }

  #bound(definition, data) {
    const { constants, slot } = definition
    if (definition === this.#last) {
      this.#word(SAME + slot)
    } else {
      this.#word(definition.id)
      for (let i = 0; i < slot; i++) this.#argument(definition, i, constants[i])
    }
    this.#argument(definition, slot, data)
    if (definition === this.#last) return
    for (let i = slot + 1; i < constants.length; i++) this.#argument(definition, i, constants[i])
  }

  #argument(definition, i, value) {
    switch (typeof value) {
      case 'number':
        return this.#pair(Tag.NUMBER, value)
      case 'boolean':
        return this.#pair(Tag.BOOLEAN, value ? 1 : 0)
      case 'undefined':
        return this.#pair(Tag.UNDEFINED, 0)
      case 'symbol':
        return this.#pair(Tag.PREVIOUS, 0)
      case 'string':
        return this.#pair(Tag.STRING, this.#string(value))
      case 'bigint':
        return this.#pair(Tag.VALUE, this.values.push(value) - 1)
    }
    if (isFile(value)) return this.#pair(Tag.FILE, this.values.push(value.path) - 1)
    const param = definition.params[i]
    checkAttached(definition.name, param.label, value)
    const fixed = isFixed(value)
    const own = fixed ? unmovable(value) : value
    if (isHalf(param, value)) {
      this.#pair(fixed ? Tag.FIXED_HALF : Tag.HALF, this.values.push(bitsOf(own)) - 1)
    } else {
      this.#pair(fixed ? Tag.FIXED : Tag.VALUE, this.values.push(own) - 1)
    }
  }

  #pair(tag, payload) {
    this.#word(tag)
    this.#word(payload)
  }

  #string(value) {
    if (value.length > INTERNED) return this.values.push(value) - 1
    let index = this.#strings.get(value)
    if (index === undefined) {
      index = this.values.push(value) - 1
      this.#strings.set(value, index)
    }
    return index
  }
}

/**
 * A Task's arguments, or null when its definition has them but for one. `before` is [value] when the previous step's result is known
 * here, else undefined: then the addon puts it in. The caller's code may run, when
 * that is looked at.
 */
function argumentsOf(task, before) {
  const { constants, name, params, steps } = definitionOf(task)
  if (before === undefined) return constants === undefined ? dataOf(task) : null
  const args = argsOf(task)
  if (steps === true) return args // the first step of a chain takes no result
  const state = stateOf(task)
  const placed = args.map((value, i) =>
    value === previous ? checkArgument(name, params[i], before[0]) : value,
  )
  if (stateOf(task) !== state) throw misuse(`${name}: this Task was started in the middle of its start`)
  return placed
}

module.exports = { Plan, argumentsOf }
