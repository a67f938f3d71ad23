'use strict'
// The table that people read.

const Table = require('cli-table3')
const colors = require('picocolors')

const COLUMNS = ['case', 'measured', 'ours', 'theirs', 'ratio', 'spread', 'claim', 'holds']
const WIDTHS = [22, 34, 15, 30, 9, 8, 18, 7]

/** Three digits are as many as such figures are worth. */
function number(value) {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 3
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })
}

function verdict(claim, judged) {
  if (!judged) return '-'
  return claim.holds ? colors.green('yes') : colors.red('NO')
}

function cells(name, row, judged) {
  const failed = judged && row.claims.some((claim) => !claim.holds)
  const paint = failed ? colors.red : (text) => text
  return [
    name,
    row.what,
    paint(`${number(row.ours.median)} ${row.unit}`),
    row.theirs === null ? '' : `${number(row.theirs.median)} ${row.unit}\n${row.rival}`,
    row.ratio === null ? '' : paint(`${number(row.ratio.median)}×`),
    `${Math.round((row.ratio ?? row.ours).spread * 100)} %`,
    row.claims.map((claim) => claim.text).join('\n'),
    row.claims.map((claim) => verdict(claim, judged)).join('\n'),
  ]
}

/** @param {{name: string, rows?: object[], crash?: string}[]} results */
function table(results, judged) {
  const made = new Table({
    head: COLUMNS,
    colWidths: WIDTHS,
    wordWrap: true,
    style: { head: [], border: [] },
  })
  for (const { name, rows, crash } of results) {
    if (crash !== undefined) made.push([name, { content: colors.red(crash), colSpan: 7 }])
    else rows.forEach((row, i) => made.push(cells(i === 0 ? name : '', row, judged)))
  }
  return made.toString()
}

/** The claims that do not hold, one a line. */
function broken(results) {
  const lines = []
  for (const { name, rows = [] } of results) {
    for (const row of rows) {
      for (const claim of row.claims) {
        if (claim.holds) continue
        const ratio = row.ratio === null ? '' : `, ${number(row.ratio.median)}× of ${row.rival}`
        const ours = `${number(row.ours.median)} ${row.unit}`
        lines.push(`${name}, ${row.what}: claimed ${claim.text}, measured ${ours}${ratio}`)
      }
    }
  }
  return lines
}

module.exports = { table, broken }
