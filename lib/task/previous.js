'use strict'

/** Stands for the previous step's result in the arguments of a Task. */
const previous = Symbol('heddle.previous')

module.exports = { previous }
