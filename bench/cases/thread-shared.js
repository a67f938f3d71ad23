'use strict'
// Native tasks and JavaScript functions at the same time: both take their threads
// from one number, so together they take as long as one after the other, and no
// more threads are busy than there may be.

const { configure, map, parallel, stats, testing } = require('../lib/heddle.js')
const { onThread } = require('../lib/pools.js')
const { atMost, measure, row } = require('../lib/kit.js')

const MS = 5
const THREADS = 2

const noSlower = { text: 'no slower (within 10 %)', holds: ({ ratio }) => ratio.median >= 0.9 }

/** The most threads that are busy at once while the work runs, looked at every ms. */
async function mostBusy(work) {
  let most = 0
  const timer = setInterval(() => (most = Math.max(most, stats().running)), 1)
  await work()
  clearInterval(timer)
  return most
}

async function run({ quick }) {
  const count = quick ? 20 : 60
  configure({ threads: THREADS })
  const spin = onThread('spin')
  const list = Array.from({ length: count }, () => MS)
  const native = () => parallel(list.map((ms) => testing.spin(ms)))
  const javascript = () => map(list, spin)
  const together = () => Promise.all([native(), javascript()])
  const apart = async () => {
    await native()
    await javascript()
  }
  const samples = await measure({ together, apart }, { rounds: quick ? 2 : 7 })
  const busy = []
  for (let round = 0; round < (quick ? 1 : 5); round++) busy.push(await mostBusy(together))
  await spin.close()
  const rows = [
    row({
      what: `${count} native tasks and ${count} functions of ${MS} ms, at once`,
      unit: 'ms',
      ours: samples.together,
      theirs: samples.apart,
      rival: 'one kind after the other',
      claims: [noSlower],
    }),
    row({
      what: `most threads busy at once, of ${THREADS}`,
      unit: 'threads',
      ours: busy,
      claims: [atMost(THREADS, 'threads')],
    }),
  ]
  return { rows }
}

module.exports = { group: 'Neighbours', title: 'Native tasks and functions at once', run }
