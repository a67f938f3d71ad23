'use strict'
// Functions that make Tasks of their arguments. As mappers they are given the
// item alone: crc32(item, index) would be another checksum.

const makers = new WeakSet()

/** @returns the function */
function addMaker(make) {
  makers.add(make)
  return make
}

const isMaker = (value) => makers.has(value)

module.exports = { addMaker, isMaker }
