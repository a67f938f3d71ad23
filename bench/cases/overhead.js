'use strict'
// Time and memory a member, from one to a million members that do nothing.
//
// A few members are too quick to time: they are waited for again and again until
// some thousand are done, and the mean counts. The curve of a way ends where its
// next point would take too long.

const path = require('node:path')
const { log, seriesOf } = require('../lib/curves.js')
const { ours, rivals, theirs, ways } = require('../lib/members.js')
const { atMostTimes, median, row, runScript, settle } = require('../lib/kit.js')

const MEMORY = path.join(__dirname, '..', 'lib', 'member-memory.js')
const LEAST_MEMBERS = 2_000 // of a sample
const MOST_MS = 12_000 // of a run
const MIB_NOISE = 10_000 // fewer members than these are lost in the noise of the resident set

/** ns a member. */
async function sample(way, tool, count) {
  await settle()
  const times = Math.ceil(LEAST_MEMBERS / count)
  const began = performance.now()
  for (let i = 0; i < times; i++) await way.run(count, tool)
  return ((performance.now() - began) * 1e6) / (times * count)
}

const roundsFor = (count, quick) => (quick ? 1 : count >= 1e6 ? 3 : count >= 1e5 ? 7 : 15)

/** All ways at one count, in turns: samples by name. */
async function atCount(open, count, quick) {
  const samples = Object.fromEntries(open.map(({ name }) => [name, []]))
  for (let round = -1; round < roundsFor(count, quick); round++) {
    for (const { name, way, tool } of open) {
      const ns = await sample(way, tool, count)
      if (round >= 0) samples[name].push(ns) // the first warms up
    }
  }
  return samples
}

/** @returns {Promise<Map<number, Record<string, number[]>>>} ns a member, by count and way */
async function time(counts, quick) {
  let open = []
  for (const [name, way] of Object.entries(ways)) {
    open.push({ name, way, tool: await way.open?.() })
  }
  const all = open
  const found = new Map()
  for (const count of counts) {
    const samples = await atCount(open, count, quick)
    found.set(count, samples)
    open = open.filter(({ name }) => median(samples[name]) * count * 10 * 1e-6 < MOST_MS)
  }
  for (const { way, tool } of all) await way.close?.(tool)
  return found
}

/** Bytes a member, of the ways that time() has taken as far. */
async function memory(counts, timed, quick) {
  const found = new Map()
  for (const count of counts.filter((n) => n >= MIB_NOISE)) {
    const samples = {}
    const names = quick ? Object.keys(ours).slice(0, 1) : Object.keys(timed.get(count))
    for (const name of names) {
      samples[name] = []
      for (let round = 0; round < (quick ? 1 : 3); round++) {
        samples[name].push(await runScript(MEMORY, [name, count]))
      }
    }
    found.set(count, samples)
  }
  return found
}

function curveOf(title, label, found) {
  const counts = [...found.keys()]
  const series = Object.keys(ways)
    .map((name) => {
      const measured = counts.filter((count) => found.get(count)[name] !== undefined)
      return seriesOf(
        name,
        measured.map((count) => [count, found.get(count)[name]]),
      )
    })
    .filter(({ points }) => points.length > 0)
  return { title, x: log('members'), y: log(label), series }
}

/** A member of very many costs no more than twice one of many: nothing grows but the number. */
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

function against(found, count, unit, what) {
  return Object.entries(rivals).flatMap(([name, names]) =>
    names
      .filter((rival) => found.get(count)[rival] !== undefined && found.get(count)[name] !== undefined)
      .map((rival) =>
        row({
          what: `${name}: ${what} of ${count.toLocaleString('en')}`,
          unit,
          ours: found.get(count)[name],
          theirs: found.get(count)[rival],
          rival,
        }),
      ),
  )
}

async function run({ quick }) {
  const counts = quick ? [1, 100, 10_000] : [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
  const [few, many] = [counts.at(-3), counts.at(-1)]
  const times = await time(counts, quick)
  const bytes = await memory(counts, times, quick)
  const most = quick ? many : 100_000
  return {
    rows: [
      ...against(times, most, 'ns/member', 'a member'),
      ...against(bytes, most, 'B/member', 'memory a member'),
      ...growth(times, many, few),
    ],
    curves: [
      curveOf('Time a member', 'ns a member', times),
      curveOf('Memory a member', 'bytes a member', bytes),
    ],
  }
}

/** The way that is called first, at the number that the rows are about. */
const sides = ({ quick }) => {
  const count = quick ? 10_000 : 100_000
  const side = ({ open, run: runWay }) => ({ open, run: (_, tool) => runWay(count, tool) })
  const all = { ...ours, ...theirs }
  return Object.fromEntries(Object.entries(all).map(([name, way]) => [name, side(way)]))
}

module.exports = { group: 'Overhead', title: 'Members that do nothing, one to a million', run, sides }
