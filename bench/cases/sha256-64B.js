'use strict'
// Many small digests: overhead is nearly all there is.

const { buffersOf, check, sides, LOOP, SUBTLE } = require('../lib/digests.js')
const { comparison, faster } = require('../lib/kit.js')

// Node 24 made subtle.digest cheaper.
const major = Number(process.versions.node.split('.')[0])
const FACTOR = major >= 24 ? 6 : 10

module.exports = comparison({
  group: 'CPU in C',
  title: 'SHA-256 of 64 B',
  unit: 'ns',
  setup: ({ quick }) => buffersOf(quick ? 10_000 : 50_000, 64),
  count: (buffers) => buffers.length,
  sides,
  rounds: ({ quick }) => (quick ? 2 : 15),
  check,
  claims: { [SUBTLE]: [faster(FACTOR)], [LOOP]: [{ ...faster(1), text: 'no slower' }] },
})
