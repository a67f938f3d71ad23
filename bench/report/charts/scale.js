'use strict'
// Ticks and domains.

const MOST = 5 // labels that fit beneath a chart as wide as a phone

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9]

/**
 * Powers of ten between two values, and their multiples where these are too few. d3's own
 * may be many times `most`.
 */
function logTicks(low, high, most) {
  const first = Math.floor(Math.log10(low))
  const last = Math.ceil(Math.log10(high))
  const powers = []
  for (let power = first; power <= last; power++) powers.push(power)
  const inside = (value) => value >= low * 0.999 && value <= high * 1.001
  const of = (...factors) =>
    powers.flatMap((power) => factors.map((factor) => factor * 10 ** power)).filter(inside)
  const decades = of(1)
  if (decades.length > most) {
    const step = Math.ceil(decades.length / most)
    return decades.filter((value) => Math.round(Math.log10(value)) % step === 0)
  }
  const finer = [decades, of(1, 3), of(1, 2, 5)].find((ticks) => ticks.length >= 3)
  if (finer !== undefined) return finer
  return [of(1, 2, 5), of(...DIGITS)].find((ticks) => ticks.length >= 2) ?? [low, high]
}

/** An axis for values: logarithmic if wished and possible, else from zero. */
function axis(values, { log, most = MOST }) {
  const low = Math.min(...values)
  const high = Math.max(...values)
  if (log && low > 0) {
    const domain = low === high ? [low / 2, high * 2] : [low, high]
    return { type: 'log', domain, ticks: logTicks(...domain, most) }
  }
  return { type: 'linear', domain: [Math.min(0, low), high > 0 ? high : 1], ticks: most }
}

module.exports = { axis }
