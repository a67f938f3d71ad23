'use strict'
// Figures over samples.

/** @param {number[]} samples */
function quantile(samples, q) {
  const sorted = Float64Array.from(samples).sort()
  const at = (sorted.length - 1) * q
  const low = Math.floor(at)
  const high = Math.ceil(at)
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low)
}

const median = (samples) => quantile(samples, 0.5)

/** `spread` is the width of the middle 80 %, as a part of the median; 0 where that is 0. */
function summary(samples) {
  const middle = median(samples)
  const p10 = quantile(samples, 0.1)
  const p90 = quantile(samples, 0.9)
  const spread = middle === 0 ? 0 : (p90 - p10) / middle
  return { median: middle, p10, p90, spread, samples }
}

/** Where a curve has points: each x once, in order. */
function xsOf(series) {
  const xs = new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))
  return [...xs].sort((a, b) => a - b)
}

const DISTURBED = 0.1 // of all cores

/** Whether other processes were busy while a case was measured, and that matters. */
const isDisturbed = ({ timed = true, others = 0 }) => timed && others > DISTURBED

module.exports = { isDisturbed, median, quantile, summary, xsOf }
