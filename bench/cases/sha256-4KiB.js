'use strict'
// Digests of the size of a page, a usual block of a file.

const { buffersOf, check, sides, LOOP, SUBTLE } = require('../lib/digests.js')
const { comparison, faster } = require('../lib/kit.js')

module.exports = comparison({
  group: 'CPU in C',
  title: 'SHA-256 of 4 KiB',
  unit: 'µs',
  setup: ({ quick }) => buffersOf(quick ? 2_000 : 20_000, 4096),
  count: (buffers) => buffers.length,
  sides,
  rounds: ({ quick }) => (quick ? 2 : 15),
  check,
  claims: { [SUBTLE]: [faster(1)], [LOOP]: [faster(1)] },
})
