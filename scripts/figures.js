'use strict'
// Writes the figures in README.md from bench/results.json, which `npm run bench -- --json
// bench/results.json` wrote. With --check it only compares; a test does.

const fs = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')
const README = path.join(root, 'README.md')
const RESULTS = path.join(root, 'bench', 'results.json')
const BEGIN = '<!-- figures -->\n'
const END = '<!-- /figures -->'

function digits(value) {
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(2)))
}

function cells(name, row) {
  const theirs = row.theirs === null ? '' : `${digits(row.theirs.median)} ${row.unit}`
  const ratio = row.ratio === null ? '' : `${digits(row.ratio.median)}×`
  const claims = row.claims.map(({ text, holds }) => `${text}: ${holds ? 'holds' : '**does not hold**'}`)
  return [name, row.what, `${digits(row.ours.median)} ${row.unit}`, theirs, row.rival ?? '', ratio, claims.join('; ')]
}

/** The Markdown between the two marks. */
function figures({ head, results }) {
  const lines = results.flatMap((result) => result.rows.map((row) => cells(result.name, row)))
  return [
    `Measured ${head.date.slice(0, 10)} with Node ${head.node} on ${head.cores} cores (${head.cpu}); medians.`,
    '',
    '| case | measured | heddle | other | which is | times faster | claim |',
    '|---|---|---|---|---|---|---|',
    ...lines.map((line) => `| ${line.join(' | ')} |`),
    '',
  ].join('\n')
}

/** README.md as it should be. */
function expected() {
  const text = fs.readFileSync(README, 'utf8')
  const from = text.indexOf(BEGIN) + BEGIN.length
  const to = text.indexOf(END)
  if (to < from) throw new Error('README.md has no marks for the figures')
  return text.slice(0, from) + figures(JSON.parse(fs.readFileSync(RESULTS, 'utf8'))) + text.slice(to)
}

if (require.main === module) {
  const text = expected()
  if (!process.argv.includes('--check')) fs.writeFileSync(README, text)
  else if (fs.readFileSync(README, 'utf8') !== text) {
    console.error('README.md and bench/results.json disagree: run node scripts/figures.js')
    process.exit(1)
  }
}

module.exports = { expected, README }
