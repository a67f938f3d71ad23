'use strict'
// Digests that are large enough to be worth a thread anywhere.

const { buffersOf, check, sides, LOOP } = require('../lib/digests.js')
const { comparison, faster } = require('../lib/kit.js')

module.exports = comparison({
  group: 'CPU in C',
  title: 'SHA-256 of 1 MiB',
  setup: ({ quick }) => buffersOf(quick ? 20 : 200, 2 ** 20),
  what: (buffers) => `${buffers.length} × 1 MiB`,
  sides,
  rounds: ({ quick }) => (quick ? 2 : 15),
  check,
  claims: { [LOOP]: [faster(1.9)] },
})
