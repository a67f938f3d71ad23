'use strict'
// Options of both ends, checked.

const { misuse, rangeError, typeError } = require('../errors.js')
const { ownOf } = require('../task/own.js')

const MOST_MS = 2 ** 31 - 1

const integer = (least, most) => (where, label, value) => {
  if (typeof value !== 'number') throw typeError(where, label, 'a number', value)
  if (!Number.isInteger(value) || value < least || value > most) {
    throw rangeError(where, label, `an integer from ${least} to ${most}`, value)
  }
}

const ofType = (type, expected) => (where, label, value) => {
  if (typeof value !== type) throw typeError(where, label, expected, value)
}

const checks = {
  queue(where, label, value) {
    if (typeof value !== 'string' || value === '' || /[:{}]/.test(value)) {
      throw typeError(where, label, 'a name without colons and braces', value)
    }
  },
  connection(where, label, value) {
    if (typeof value === 'string' || (typeof value === 'object' && value !== null)) return
    throw typeError(where, label, "options of ioredis, or a URL as 'redis://host:6379'", value)
  },
  batch(where, label, value) {
    if (value !== 'auto') integer(1, 4096)(where, label, value)
  },
  window: integer(1, 1_000_000),
  maxBytes: integer(1024, 2 ** 40),
  waitTimeout: integer(1, MOST_MS),
  lease: integer(1000, MOST_MS),
  concurrency: integer(1, 4096),
  lockDuration: integer(1000, MOST_MS),
  files: ofType('string', 'a folder'),
  log: ofType('function', 'a function'),
}

/** @param {string[]} names of those that there are */
function readOptions(where, names, given) {
  if (given === null || typeof given !== 'object') throw typeError(where, 'options', 'an object', given)
  const options = ownOf(given, (key) => {
    if (!names.includes(key)) throw misuse(`${where}: there is no option '${key}'; it takes ${names.join(', ')}`)
  })
  for (const name of ['queue', 'connection']) checks[name](where, `option "${name}"`, options[name])
  for (const [name, value] of Object.entries(options)) checks[name](where, `option "${name}"`, value)
  return options
}

module.exports = { readOptions }
