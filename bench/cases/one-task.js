'use strict'
// Where heddle does not pay: one tiny task, awaited before the next is made.

const { subtle } = require('node:crypto')
const { tasks } = require('../lib/heddle.js')
const { buffersOf, sync } = require('../lib/digests.js')
const { measure, scaled } = require('../lib/rounds.js')
const { row } = require('../lib/row.js')

const slower = {
  text: 'slower: call it synchronously',
  holds: ({ ratio }) => ratio.median < 1,
}

async function run({ quick }) {
  const count = quick ? 500 : 2_000
  const [data] = buffersOf(1, 64)
  const repeat = (digest) => async () => {
    for (let i = 0; i < count; i++) await digest(data)
  }
  const samples = await measure(
    {
      heddle: repeat((d) => tasks.hash('sha256', d)),
      subtle: repeat((d) => subtle.digest('SHA-256', d)),
      sync: repeat(sync),
    },
    { rounds: quick ? 3 : 21 },
  )
  const us = (lane) => scaled(samples[lane], 1e3 / count)
  const against = (lane, rival, claims) =>
    row({ what: 'one SHA-256 of 64 B', unit: 'µs', ours: us('heddle'), theirs: us(lane), rival, claims })
  return [against('sync', 'createHash', [slower]), against('subtle', 'subtle.digest', [])]
}

module.exports = { run }
