'use strict'
// Claims and their verdicts. One that does not hold says so in words; red only repeats it.

const { measured, times } = require('./numbers.js')

/** @returns {'holds'|'does not hold'|'not judged'} */
const verdict = ({ holds }, quick) => (quick ? 'not judged' : holds ? 'holds' : 'does not hold')

/** `0.28 µs/task; piscina 30 µs/task (111×)`: what was measured. */
function figure({ unit, ours, theirs, ratio, rival }) {
  const own = measured(ours.median, unit)
  if (theirs === null) return own
  return `${own}; ${rival} ${measured(theirs.median, unit)} (${times(ratio.median)})`
}

const CLASSES = { holds: 'held', 'does not hold': 'failed', 'not judged': 'open' }

function item({ h }, row, claim, { quick, named }) {
  const state = verdict(claim, quick)
  const failed = state === 'does not hold'
  return h(
    'li',
    { class: CLASSES[state] },
    `${claim.text}${named ? ` (${row.rival})` : ''}: `,
    h('strong', {}, state),
    failed ? `, measured ${figure(row)}` : null,
  )
}

/** The claims of the rows of one chart; the rival is named where there are several. */
function list(make, rows, quick) {
  const rivals = new Set(rows.map(({ rival }) => rival))
  const items = rows.flatMap((row) => {
    const named = rivals.size > 1 && row.rival !== null
    return row.claims.map((claim) => item(make, row, claim, { quick, named }))
  })
  return items.length === 0 ? null : make.h('ul', { class: 'claims' }, items)
}

module.exports = { list, figure, verdict }
