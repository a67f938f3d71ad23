'use strict'
// Figures as people read them. The same everywhere in the report, so that a chart and its table
// never differ.

const NONE = '–'

/** Three digits are as many as such figures are worth; below one, two. */
function number(value) {
  if (typeof value !== 'number' || !Number.isFinite(value)) return NONE
  const size = Math.abs(value)
  if (size > 0 && size < 1) return value.toLocaleString('en', { maximumSignificantDigits: 2 })
  return value.toLocaleString('en', { maximumFractionDigits: size >= 100 ? 0 : size >= 10 ? 1 : 2 })
}

const measured = (value, unit) => (number(value) === NONE ? NONE : `${number(value)} ${unit}`)

/** `10×`, of a ratio. */
const times = (ratio) => (number(ratio) === NONE ? NONE : `${number(ratio)}×`)

const MIB = 2 ** 20

/** A size in memory, given in bytes. */
const mebibytes = (bytes) => (number(bytes) === NONE ? NONE : `${number(bytes / MIB)} MiB`)

const percent = (part) => (number(part) === NONE ? NONE : `${Math.round(part * 100)} %`)

/** Short, for axes: 10k, 2.5M. */
function tick(value) {
  const size = Math.abs(value)
  if (size >= 1e9) return `${number(value / 1e9)}G`
  if (size >= 1e6) return `${number(value / 1e6)}M`
  if (size >= 1e4) return `${number(value / 1e3)}k`
  return number(value)
}

module.exports = { NONE, number, measured, times, mebibytes, percent, tick }
