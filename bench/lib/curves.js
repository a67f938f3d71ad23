'use strict'
// Curves of a report: a series is a name, and for each x the samples.

const { quantile } = require('./kit.js')

const point = (x, samples) => ({
  x,
  median: quantile(samples, 0.5),
  p10: quantile(samples, 0.1),
  p90: quantile(samples, 0.9),
})

/** @param {[x: number, samples: number[]][]} samples */
const seriesOf = (name, samples) => ({ name, points: samples.map(([x, list]) => point(x, list)) })

/** A line to compare with, as `y = x` or `y = 1`. */
const lineOf = (name, xs, y) => seriesOf(name, xs.map((x) => [x, [y(x)]]))

const linear = (label) => ({ label, log: false })
const log = (label) => ({ label, log: true })

module.exports = { linear, lineOf, log, seriesOf }
