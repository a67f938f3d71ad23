'use strict'
// The tables that people read in a terminal: for each case what was measured,
// what its sides take of the machine, and its curves.

const { isDisturbed, xsOf } = require('./figures.js')
const { MIB, percent } = require('../report/numbers.js')
const { columns, styles } = require('./terminal.js')

const style = styles(process.stdout)

/** Three digits are as many as such figures are worth. */
function number(value) {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 3
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })
}

/** The first column is text, the others are figures. */
function plainTable(head, rows, lefts = []) {
  const lines = [head.map((text) => style('dim', text)), ...rows]
  return columns(lines, [0, ...lefts]).replaceAll(/^/gm, '  ')
}

function verdict({ text, holds }, judged) {
  if (!judged) return text
  return holds ? `${text}: ${style('green', 'holds')}` : style('red', `${text}: DOES NOT HOLD`)
}

const key = ({ what, unit }) => JSON.stringify([what, unit])

/** Rows that compare the same of ours with several rivals stand together. */
function measured(rows, title, judged) {
  const lines = []
  let last
  for (const row of rows) {
    const claims = row.claims.map((claim) => verdict(claim, judged)).join(', ')
    const alone = row.theirs === null
    if (last !== key(row)) {
      if (row.what !== title) lines.push([style('underline', row.what)])
      const ours = ['heddle', `${number(row.ours.median)} ${row.unit}`, percent(row.ours.spread)]
      lines.push([...ours, '', alone ? claims : ''])
    }
    last = key(row)
    if (alone) continue
    const failed = judged && row.claims.some(({ holds }) => !holds)
    const ratio = `${number(row.ratio.median)}× (± ${percent(row.ratio.spread / 2)})`
    const theirs = [row.rival, `${number(row.theirs.median)} ${row.unit}`, percent(row.theirs.spread)]
    lines.push([...theirs, failed ? style('red', ratio) : ratio, claims])
  }
  return plainTable(['', 'median', 'spread', 'theirs / ours', ''], lines, [4])
}

function used(usage) {
  const split = usage.some(({ threads }) => threads)
  const lines = usage.map(({ side, wall, cpu, threads, delay, peak }) => [
    side,
    number(wall),
    number(cpu),
    ...(split ? [threads ? ['main', 'others', 'v8'].map((name) => number(threads[name])).join(' / ') : ''] : []),
    `${number(delay.p50)} / ${number(delay.p99)} / ${number(delay.max)}`,
    String(Math.round(peak / MIB)),
  ])
  const threads = split ? ['main / others / V8'] : []
  const head = ['one run alone', 'wall ms', 'CPU ms', ...threads, 'loop delay p50/p99/max ms', 'peak MiB']
  return plainTable(head, lines)
}

/** A line for each series: there are fewer points than series. */
function curve({ title, x, y, series }) {
  const xs = xsOf(series)
  const lines = series.map(({ name, points }) => {
    const at = new Map(points.map((point) => [point.x, number(point.median)]))
    return [name, ...xs.map((value) => at.get(value) ?? '')]
  })
  const head = [x.label, ...xs.map((value) => value.toLocaleString('en'))]
  return `  ${style('underline', title)} (${y.label})\n${plainTable(head, lines)}`
}

/**
 * One case.
 * @param {object} result as in a file of --json
 * @param {boolean} judged whether claims are
 */
function format(result, judged) {
  const { name, title, rows = [], usage = [], curves = [], crash } = result
  const parts = [style('bold', name) + (title === undefined || title === name ? '' : `  ${title}`)]
  if (crash !== undefined) parts.push(style('red', `  could not be run: ${crash}`))
  if (rows.length > 0) parts.push(measured(rows, title, judged))
  parts.push(...curves.map(curve))
  if (usage.length > 0) parts.push(used(usage))
  return `${parts.join('\n')}\n`
}

/** The cases while which other processes were busy. */
function disturbed(results) {
  return results
    .filter(isDisturbed)
    .map(({ name, others }) => `${name} (${percent(others)})`)
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

module.exports = { broken, disturbed, format }
