'use strict'
// What is exported of keys: once a key, in memory that is wiped when the key is
// collected. A Task gets a view of it, which keeps the key.

const known = new WeakMap() // what has been exported, by the key
const keys = new WeakMap() // the key of each view
const gone = new FinalizationRegistry((bytes) => bytes.fill(0))

/**
 * The bytes of a key.
 * @param {object} key by its identity; it does not change
 * @param {() => Uint8Array} make exports it, into memory of its own
 */
function exported(key, make) {
  let bytes = known.get(key)
  if (bytes === undefined) {
    const made = make()
    bytes = new Uint8Array(made.length) // a small Buffer shares its memory
    bytes.set(made)
    made.fill(0)
    known.set(key, bytes)
    gone.register(key, bytes)
  }
  const view = new Uint8Array(bytes.buffer)
  keys.set(view, key)
  return view
}

/** Whether memory is such a view: nobody else has it, and copies would not be wiped. */
const isExported = (value) => keys.has(value)

module.exports = { exported, isExported }
