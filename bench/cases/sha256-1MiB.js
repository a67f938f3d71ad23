'use strict'
// Digests that are large enough to be worth a thread anywhere.

const { digestCase, LOOP } = require('../lib/digests.js')
const { faster } = require('../lib/kit.js')

module.exports = digestCase({
  size: '1 MiB',
  bytes: 2 ** 20,
  count: 200,
  few: 20,
  what: (buffers) => `${buffers.length} × 1 MiB`,
  claims: { [LOOP]: [faster(1.9)] },
})
