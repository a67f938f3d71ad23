'use strict'
// Values that stand for something, of all copies of heddle.

/** The previous step's result, in the arguments of a Task. */
const previous = Symbol.for('heddle.previous')

/** A mapper's result that is left out. */
const mapSkip = Symbol.for('heddle.mapSkip')

/** A mapper's result that ends the call with what there is. */
const mapStop = Symbol.for('heddle.mapStop')

module.exports = { previous, mapSkip, mapStop }
