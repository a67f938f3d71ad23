'use strict'
// Figures as people read them. The same everywhere in the report, so that a chart and its table
// never differ.

const NONE = '–'

/** Three digits are as many as such figures are worth, of whole numbers all; below one, two. */
const usual = new Intl.NumberFormat('en', {
  maximumSignificantDigits: 3,
  maximumFractionDigits: 0,
  roundingPriority: 'morePrecision',
})
const small = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 })

function number(value) {
  if (!Number.isFinite(value)) return NONE
  return (Math.abs(value) < 1 ? small : usual).format(value)
}

const measured = (value, unit) => (number(value) === NONE ? NONE : `${number(value)} ${unit}`)

/** `10×`, of a ratio. */
const times = (ratio) => (number(ratio) === NONE ? NONE : `${number(ratio)}×`)

const MIB = 2 ** 20

/** A size in memory, given in bytes. */
const mebibytes = (bytes) => (number(bytes) === NONE ? NONE : `${number(bytes / MIB)} MiB`)

const percent = (part) => (number(part) === NONE ? NONE : `${Math.round(part * 100)} %`)

const LONG = 1e4 // from here on an axis counts in thousands

/** Writes the ticks of an axis that ends at `most`: 3,000; or 3k, 2.5M on a long one. */
function ticks(most) {
  return (value) => {
    if (most < LONG || value < 1e3) return number(value)
    if (value < 1e6) return `${number(value / 1e3)}k`
    return value < 1e9 ? `${number(value / 1e6)}M` : `${number(value / 1e9)}G`
  }
}

module.exports = { MIB, NONE, number, measured, times, mebibytes, percent, ticks }
