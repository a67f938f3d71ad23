'use strict'

/** Stands for the previous step's result in the arguments of a Task; of all copies of heddle. */
const previous = Symbol.for('heddle.previous')

module.exports = { previous }
