'use strict'
// Where heddle does not pay: one tiny task, awaited before the next is made.

const { subtle } = require('node:crypto')
const { tasks } = require('../lib/heddle.js')
const { buffersOf, sync } = require('../lib/digests.js')
const { comparison } = require('../lib/kit.js')

const slower = {
  text: 'slower: call it synchronously',
  holds: ({ ratio }) => ratio.median < 1,
}

const repeat = (digest) => async ({ count, data }) => {
  for (let i = 0; i < count; i++) await digest(data)
}

module.exports = comparison({
  group: 'CPU in C',
  title: 'One SHA-256 of 64 B, awaited',
  unit: 'µs',
  setup: ({ quick }) => ({ count: quick ? 500 : 2_000, data: buffersOf(1, 64)[0] }),
  count: ({ count }) => count,
  sides: () => ({
    heddle: repeat((data) => tasks.hash('sha256', data)),
    createHash: repeat(sync),
    'subtle.digest': repeat((data) => subtle.digest('SHA-256', data)),
  }),
  rounds: ({ quick }) => (quick ? 2 : 21),
  claims: { createHash: [slower] },
})
