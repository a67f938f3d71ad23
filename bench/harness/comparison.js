'use strict'
// The usual case: ways to do the same, measured against each other in turns.

const { measure, scaled } = require('./rounds.js')
const { openSides } = require('./sides.js')
const { row } = require('./row.js')
const { using } = require('./using.js')

const MOST_ROUNDS = 31
const LEAST_ROUNDS = 5
const BUDGET_MS = 6_000

const PER_MS = { s: 1e-3, ms: 1, µs: 1e3, ns: 1e6 }

/** As many rounds as fit into the time that a case may take. */
function roundsFor(quick) {
  if (quick) return 1
  return (ms) => Math.min(MOST_ROUNDS, Math.max(LEAST_ROUNDS, Math.round(BUDGET_MS / ms)))
}

/**
 * Makes a case of sides. The first side is ours, the others are rivals.
 * @template Data
 * @param {object} spec
 * @param {string} spec.group heading of the report
 * @param {string} spec.title what is done, in a few words
 * @param {(mode: {quick: boolean}) => Data | Promise<Data>} [spec.setup] once a process
 * @param {(mode: {quick: boolean}) => Record<string, Function | object>} spec.sides
 * @param {(data: Data) => void | Promise<void>} [spec.teardown] once a process
 * @param {string} [spec.unit] 's', 'ms', 'µs' or 'ns', with '/' and what it is counted by
 * @param {(data: Data) => number} [spec.count] how many of these a run does
 * @param {(data: Data) => string} [spec.what] the words of the rows, if not the title
 * @param {(mode: {quick: boolean}) => number} [spec.rounds] else as many as fit
 * @param {(results: Record<string, unknown>, data: Data) => void | Promise<void>} [spec.check]
 *   throws when the sides have not given the same
 * @param {Record<string, {text: string, holds: Function}[]>} [spec.claims] by rival
 * @returns {import('./cases.js').Case}
 */
function comparison(spec) {
  const { group, title, setup, teardown, sides, unit = 'ms', count = () => 1 } = spec
  async function measured(mode, data) {
    const samples = await using(
      () => openSides(sides(mode), data),
      ({ lanes }) =>
        measure(lanes, {
          rounds: spec.rounds?.(mode) ?? roundsFor(mode.quick),
          check: spec.check && ((results) => spec.check(results, data)),
        }),
      ({ close }) => close(),
    )
    const factor = PER_MS[unit.split('/')[0]] / count(data)
    const what = spec.what?.(data) ?? title
    const [ours, ...rivals] = Object.keys(samples)
    const made = rivals.map((rival) =>
      row({
        what,
        unit,
        ours: scaled(samples[ours], factor),
        theirs: scaled(samples[rival], factor),
        rival,
        claims: spec.claims?.[rival],
      }),
    )
    return { rows: made }
  }
  const run = (mode) =>
    using(
      () => setup?.(mode),
      (data) => measured(mode, data),
      teardown,
    )
  return { group, title, setup, teardown, sides, run }
}

/**
 * Several cases under one name, run one after the other. The sides of the first are
 * those whose use of the machine is measured.
 * @param {{group: string, title: string, cases: import('./cases.js').Case[]}} spec
 * @returns {import('./cases.js').Case}
 */
function series({ group, title, cases }) {
  async function run(mode) {
    const results = []
    for (const one of cases) results.push(await one.run(mode))
    return { rows: results.flatMap(({ rows }) => rows) }
  }
  return { ...cases[0], group, title, run }
}

module.exports = { comparison, series }
