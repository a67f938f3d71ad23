'use strict'
// A row of the table: what was measured, on both sides, and what is claimed.

const { summary } = require('./figures.js')

/** Our time may be at most `most`. */
const atMost = (most, unit) => ({
  text: `≤ ${most} ${unit}`,
  holds: ({ ours }) => ours.median <= most,
})

/** Ours must be at least `factor` times faster. */
const faster = (factor) => ({
  text: `≥ ${factor}× faster`,
  holds: ({ ratio }) => ratio.median >= factor,
})

/** Ours may take at most `times` as long as theirs. */
const atMostTimes = (times) => ({
  text: `≤ ${times}× theirs`,
  holds: ({ ratio }) => ratio.median >= 1 / times,
})

const NEAR = 1.1 // of a goal: the machine has other things to do, too

/** A goal for our time. */
const goal = (most, unit) => ({
  text: `≤ ${most} ${unit} (within 10 %)`,
  holds: ({ ours }) => ours.median <= most * NEAR,
})

/** A goal for how many times as long as theirs ours takes. */
const goalTimes = (times) => ({
  text: `≤ ${times}× theirs (within 10 %)`,
  holds: ({ ratio }) => ratio.median * times * NEAR >= 1,
})

/**
 * Samples of both sides belong together by their index: the ratio is taken
 * round by round, so that what slows a whole round down does not count.
 * @param {{what: string, unit: string, ours: number[], theirs?: number[],
 *   rival?: string, claims?: {text: string, holds: Function}[]}} row
 */
function row({ what, unit, ours, theirs, rival, claims = [] }) {
  const made = {
    what,
    unit,
    rival: rival ?? null,
    ours: summary(ours),
    theirs: theirs === undefined ? null : summary(theirs),
    ratio: null,
  }
  if (theirs !== undefined) made.ratio = summary(ours.map((sample, i) => theirs[i] / sample))
  made.claims = claims.map(({ text, holds }) => ({ text, holds: holds(made) }))
  return made
}

module.exports = { row, atMost, atMostTimes, faster, goal, goalTimes }
