'use strict'
// What an import costs, in pairs of fresh processes.

const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { goalTimes, row, runScript } = require('../lib/kit.js')

const SCRIPT = path.join(__dirname, '..', 'lib', 'loaded.js')
const PAIRS = 15
const MIB = 2 ** 20
const RIVAL = 'piscina'

const file = path.join(__dirname, '..', '..', 'lib', 'index.js')
const ours = { require: file, import: pathToFileURL(file).href }

/** Of both, {ms, bytes}; each first in every other pair. */
async function measure(how, pairs) {
  const samples = { [ours[how]]: [], [RIVAL]: [] }
  for (let pair = -1; pair < pairs; pair++) {
    const whats = Object.keys(samples)
    for (const what of pair % 2 === 0 ? whats : whats.reverse()) {
      const figures = await runScript(SCRIPT, [how, what])
      if (pair >= 0) samples[what].push(figures) // the files are in the system's cache then
    }
  }
  return { heddle: samples[ours[how]], rival: samples[RIVAL] }
}

async function rowsOf(how, pairs) {
  const { heddle, rival } = await measure(how, pairs)
  const against = (what, unit, of) =>
    row({
      what: `${how}: ${what}`,
      unit,
      ours: heddle.map(of),
      theirs: rival.map(of),
      rival: RIVAL,
      claims: [goalTimes(1)],
    })
  return [
    against('time', 'ms', ({ ms }) => ms),
    against('memory', 'MiB', ({ bytes }) => bytes / MIB),
  ]
}

async function run({ quick }) {
  const rows = []
  for (const how of ['require', 'import']) rows.push(...(await rowsOf(how, quick ? 1 : PAIRS)))
  return { rows }
}

module.exports = { group: 'Overhead', title: 'Loading, in a fresh process', run }
