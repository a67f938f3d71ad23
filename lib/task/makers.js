'use strict'
// Functions that make Tasks of their arguments. As mappers they are given the
// item alone: crc32(item, index) would be another checksum.

const { define } = require('../errors.js')

// By its name: makers of other copies of heddle are given the item alone, too.
const maker = Symbol.for('heddle.maker')

/** @returns the function */
const addMaker = (make) => define(make, maker, true, false)

const isMaker = (value) => Object.hasOwn(value, maker)

module.exports = { addMaker, isMaker }
