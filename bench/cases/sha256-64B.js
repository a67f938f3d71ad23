'use strict'
// Many small digests: overhead is nearly all there is.

const { digestCase, each, LOOP, SUBTLE } = require('../lib/digests.js')
const { faster } = require('../lib/kit.js')

// Node 24 made subtle.digest cheaper.
const major = Number(process.versions.node.split('.')[0])
const FACTOR = major >= 24 ? 6 : 10

module.exports = digestCase({
  size: '64 B',
  bytes: 64,
  count: 50_000,
  few: 10_000,
  unit: 'ns',
  per: each,
  claims: { [SUBTLE]: [faster(FACTOR)], [LOOP]: [{ ...faster(1), text: 'no slower' }] },
})
