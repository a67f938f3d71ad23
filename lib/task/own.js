'use strict'
// Options as they are read: the own enumerable properties, as of { ...options }.
// What an object inherits does not count, since anybody can add to
// Object.prototype.

/** Inherits nothing. (V8 makes objects whose prototype is null itself slow.) */
class Bare {}
Object.setPrototypeOf(Bare.prototype, null)
delete Bare.prototype.constructor

/** An object that inherits nothing, with the fields of others. */
const bare = (...fields) => Object.assign(new Bare(), ...fields)

const none = Object.freeze(new Bare())

/**
 * Reads options, each once; those that are undefined are left out.
 * @param {object} options
 * @param {(key: string) => void} check is called with each key before it is
 *   read, and throws for one that does not belong there
 * @returns {Record<string, any>} an object that inherits nothing
 */
function ownOf(options, check) {
  const read = new Bare()
  for (const key of Object.keys(options)) {
    check(key)
    const value = options[key]
    if (value !== undefined) read[key] = value
  }
  return read
}

module.exports = { bare, none, ownOf }
