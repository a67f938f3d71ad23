'use strict'
// Rows of the results as lines of a table.

const { measured, times } = require('../../bench/report/numbers.js')
const { escape } = require('./markdown.js')

const COLUMNS = ['case', 'measured', 'heddle', 'other', 'which is', 'theirs / ours', 'claim']

const verdict = ({ text, holds }) => `${escape(text)}: ${holds ? 'holds' : '**does not hold**'}`

function cells(name, row) {
  return [
    escape(name),
    escape(row.what),
    escape(measured(row.ours.median, row.unit)),
    row.theirs === null ? '' : escape(measured(row.theirs.median, row.unit)),
    escape(row.rival ?? ''),
    row.ratio === null ? '' : times(row.ratio.median),
    row.claims.map(verdict).join('; '),
  ]
}

const failed = (row) => row.claims.some(({ holds }) => !holds)

/** One row of each case, the first that claims something; and every one whose claim fails. */
function main(rows) {
  const first = rows.find(({ claims }) => claims.length > 0) ?? rows[0]
  return rows.filter((row) => row === first || failed(row))
}

module.exports = { COLUMNS, cells, main, failed }
