'use strict'
// Digests of the size of a page, a usual block of a file.

const { digestCase, each, LOOP, SUBTLE } = require('../lib/digests.js')
const { faster } = require('../lib/kit.js')

module.exports = digestCase({
  size: '4 KiB',
  bytes: 4096,
  count: 20_000,
  few: 2_000,
  unit: 'µs',
  per: each,
  claims: { [SUBTLE]: [faster(1)], [LOOP]: [faster(1)] },
})
