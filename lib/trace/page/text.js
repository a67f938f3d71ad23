'use strict'
// Text of users, and numbers, as they stand in the page.

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escape = (text) => String(text).replace(/[&<>"']/g, (character) => ENTITIES[character])

/** JSON that ends no script and no line of it. */
const inline = (value) =>
  JSON.stringify(value).replace(/[<\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A time with its unit. */
function time(ms) {
  if (ms === undefined || Number.isNaN(ms)) return ''
  if (ms >= 1000) return `${(ms / 1000).toPrecision(3)} s`
  if (ms >= 1) return `${Number(ms.toPrecision(3))} ms`
  return `${Number((ms * 1000).toPrecision(3))} µs`
}

const count = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',')

const percent = (part) => `${(100 * part).toFixed(part < 0.1 ? 1 : 0)} %`

module.exports = { count, escape, inline, percent, time }
