'use strict'
// Time a member, from one to a million members that do nothing.
//
// A few members are too quick to time: they are waited for again and again until
// some thousand are done, and the mean counts. The curve of a way ends where its
// next point would take too long. Ten thousand members are garbage of the young
// generation; of more, the collector has to move most, under any way.

const { curveOf, ours, rowsOf, ways } = require('../lib/members.js')
const { atMostTimes, inTurns, median, row, settle } = require('../lib/kit.js')

const LEAST_MEMBERS = 2_000 // of a sample
const LARGE = 100_000 // members whose garbage would be collected in another's time
const MOST_MS = 12_000 // of a run

/** ns a member. */
async function sample(way, tool, count) {
  if (count >= LARGE) global.gc()
  await settle()
  const times = Math.ceil(LEAST_MEMBERS / count)
  const began = performance.now()
  for (let i = 0; i < times; i++) await way.run(count, tool)
  return ((performance.now() - began) * 1e6) / (times * count)
}

const roundsFor = (count, quick) => (quick ? 1 : count >= 1e6 ? 3 : count >= LARGE ? 7 : 15)

/** @returns {Promise<Map<number, Record<string, number[]>>>} ns a member, by count and way */
async function measureAll(counts, quick) {
  let open = {}
  for (const [name, way] of Object.entries(ways)) open[name] = { way, tool: await way.open?.() }
  const all = Object.values(open)
  const found = new Map()
  for (const count of counts) {
    const ns = ({ way, tool }) => sample(way, tool, count)
    const samples = await inTurns(open, roundsFor(count, quick), ns)
    found.set(count, samples)
    const goesOn = ([name]) => median(samples[name]) * count * 10 * 1e-6 < MOST_MS
    open = Object.fromEntries(Object.entries(open).filter(goesOn))
  }
  for (const { way, tool } of all) await way.close?.(tool)
  return found
}

/** A member of a million costs no more than twice one of a tenth: nothing grows but the number. */
function growth(found, many, few) {
  const words = (count) => count.toLocaleString('en')
  return Object.keys(ours).map((name) =>
    row({
      what: `${name}: a member of ${words(many)}`,
      unit: 'ns/member',
      ours: found.get(many)[name],
      theirs: found.get(many)[name].map((_, i) => found.get(few)[name][i]),
      rival: `a member of ${words(few)}`,
      claims: [{ ...atMostTimes(2), text: 'linear: ≤ 2× that' }],
    }),
  )
}

async function run({ quick }) {
  const counts = quick ? [1, 100, 10_000] : [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
  const [few, many] = counts.slice(-2)
  const found = await measureAll(counts, quick)
  const shown = quick ? many : few
  return {
    rows: [
      ...rowsOf(found.get(shown), `a member of ${shown.toLocaleString('en')}`, 'ns/member'),
      ...growth(found, many, few),
    ],
    curves: [curveOf('Time a member', 'ns a member', found)],
  }
}

/** All ways, at the number that the rows are about. */
function sides({ quick }) {
  const count = quick ? 10_000 : 100_000
  const side = ({ open, run: runWay }) => ({ open, run: (_, tool) => runWay(count, tool) })
  return Object.fromEntries(Object.entries(ways).map(([name, way]) => [name, side(way)]))
}

module.exports = { group: 'Overhead', title: 'Members that do nothing, one to a million', run, sides }
