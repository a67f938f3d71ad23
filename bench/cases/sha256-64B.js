'use strict'
// Many small digests: overhead is nearly all there is.

const { buffersOf, check, lanes } = require('../lib/digests.js')
const { measure, scaled } = require('../lib/rounds.js')
const { faster, row } = require('../lib/row.js')

// Node 24 made subtle.digest cheaper.
const major = Number(process.versions.node.split('.')[0])
const FACTOR = major >= 24 ? 6 : 10

async function run({ quick }) {
  const count = quick ? 10_000 : 50_000
  const samples = await measure(lanes(buffersOf(count, 64)), { rounds: quick ? 5 : 15, check })
  const ns = (lane) => scaled(samples[lane], 1e6 / count)
  const against = (lane, rival, claims) =>
    row({ what: 'SHA-256 of 64 B', unit: 'ns', ours: ns('heddle'), theirs: ns(lane), rival, claims })
  const rows = [
    against('subtle', 'Promise.all, subtle.digest', [faster(FACTOR)]),
    against('sync', 'a loop of createHash', [{ ...faster(1), text: 'no slower' }]),
  ]
  if (samples.oneShot !== undefined) rows.push(against('oneShot', 'a loop of crypto.hash', []))
  return rows
}

module.exports = { run }
