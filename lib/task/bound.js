'use strict'
// Definitions whose arguments are constants but for one, the data. A Task of one holds
// its data alone, and in a list the constants go down once: both are worth it where a
// hundred thousand digests are asked for.

const { Type, checkArgument } = require('./check.js')
const { previous } = require('./previous.js')
const { bare } = require('./own.js')

const MOST = 4 // of a maker: one more takes the place of another
const LONGEST = 32 // characters of a string that is kept

const SECRET = 2 // HEDDLE_SECRET: nothing is kept of what is wiped

const isData = ({ type }) => type === Type.BYTES || type === Type.ARRAY

/** The place of the one argument that is data; -1 where there is none, or more than one. */
function slotOf({ flags, params, positional }) {
  if ((flags & SECRET) !== 0) return -1
  const slot = params.findIndex(isData)
  const alone = slot >= 0 && params.findLastIndex(isData) === slot
  return alone && slot < positional && !params[slot].optional ? slot : -1
}

function isConstant(value) {
  if (typeof value === 'string') return value.length <= LONGEST
  return value === undefined || typeof value === 'number' || typeof value === 'boolean'
}

function matches({ given: constants }, given, slot) {
  if (constants.length !== given.length) return false
  for (let i = 0; i < given.length; i++) {
    if (i !== slot && !Object.is(constants[i], given[i])) return false
  }
  return true
}

/** The bound definitions of one definition. */
class Bounds {
  #definition
  #slot
  #kept = []
  #next = 0

  constructor(definition) {
    this.#definition = definition
    this.#slot = slotOf(definition)
  }

  /** The one for a call's arguments, if there has been such a call; null if not. */
  find(given) {
    const kept = this.#kept
    for (let i = 0; i < kept.length; i++) if (matches(kept[i], given, this.#slot)) return kept[i]
    return null
  }

  /** Keeps one, where a call's arguments are such; `args` is what they were checked to be. */
  keep(given, args) {
    const slot = this.#slot
    if (slot < 0 || !given.every((value, i) => i === slot || isConstant(value))) return
    const constants = args.with(slot, undefined)
    const own = { base: this.#definition, slot, constants, given: given.with(slot, undefined) }
    this.#kept[this.#next] = bare(this.#definition, own)
    this.#next = (this.#next + 1) % MOST
  }
}

/** The checked data of a call. */
function checkData({ name, params, slot }, given) {
  const value = given[slot]
  return value === previous ? value : checkArgument(name, params[slot], value)
}

module.exports = { Bounds, checkData }
