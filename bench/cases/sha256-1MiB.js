'use strict'
// Digests that are large enough to be worth a thread anywhere.

const { buffersOf, check, lanes } = require('../lib/digests.js')
const { measure } = require('../lib/rounds.js')
const { faster, row } = require('../lib/row.js')

async function run({ quick }) {
  const count = quick ? 40 : 200
  const samples = await measure(lanes(buffersOf(count, 2 ** 20)), { rounds: quick ? 3 : 15, check })
  const against = (lane, rival, claims) =>
    row({ what: `${count} × 1 MiB`, unit: 'ms', ours: samples.heddle, theirs: samples[lane], rival, claims })
  return [
    against('sync', 'a loop of createHash', [faster(1.9)]),
    against('subtle', 'Promise.all, subtle.digest', []),
  ]
}

module.exports = { run }
