'use strict'
// Curves of a report: a series is a name, and for each x the samples.

const { summary } = require('./kit.js')

function point(x, samples) {
  const { median, p10, p90 } = summary(samples)
  return { x, median, p10, p90 }
}

/** @param {[x: number, samples: number[]][]} samples */
const seriesOf = (name, samples) => ({ name, points: samples.map(([x, list]) => point(x, list)) })

/** A line to compare with, as `y = x` or `y = 1`. */
const lineOf = (name, xs, y) => seriesOf(name, xs.map((x) => [x, [y(x)]]))

const linear = (label) => ({ label, log: false })
const log = (label) => ({ label, log: true })

module.exports = { linear, lineOf, log, seriesOf }
