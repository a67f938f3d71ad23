'use strict'
// The results as the report shows them: cases in their groups, rows that belong together as one
// comparison, claims counted. Nothing is drawn here.

const { stripVTControlCharacters } = require('node:util')
const { isDisturbed } = require('../harness/figures.js')

const HEDDLE = 'heddle'
const REFERENCES = ['ideal', 'even']
const GROUPS = [
  'Overhead',
  'CPU in C',
  'CPU in JavaScript',
  'I/O',
  'Sequences and races',
  'Neighbours',
  'Scaling',
  'Plugins',
]

// Control characters may stand in no XML, and so in no SVG.
const CONTROL = /[^\t\n\r\x20-\ufffd\u{10000}-\u{10ffff}]/gu

/** A copy in which every string can be written into HTML and XML. */
function clean(value) {
  if (typeof value === 'string') {
    return stripVTControlCharacters(value).toWellFormed().replace(CONTROL, '\ufffd')
  }
  if (Array.isArray(value)) return value.map(clean)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, clean(entry)]))
}

/** A name for files and anchors, like none in `taken`. */
function slug(name, taken) {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '')
  const base = plain === '' ? 'case' : plain
  let made = base
  for (let n = 2; taken.has(made); n++) made = `${base}-${n}`
  taken.add(made)
  return made
}

/** What a chart draws of a summary, or of a point of a curve. */
const quantiles = ({ median, p10, p90 }) => [median, p10, p90]

/** Rows whose figure for heddle is one and the same: what is compared is only the rival. */
const together = ({ what, unit, ours }) =>
  JSON.stringify([what, unit, ...quantiles(ours)])

const own = (name, row) => ({ name, ours: true, summary: row.ours, ratio: null })

const COLON = ': '

/** What rows are about when all begin alike: `until it stops: a`, `until it stops: b`. */
function shared(entries) {
  const [{ name }] = entries
  const prefix = name.slice(0, name.indexOf(COLON) + COLON.length)
  if (!name.includes(COLON) || entries.length < 2) return ''
  return entries.every((entry) => entry.name.startsWith(prefix)) ? prefix : ''
}

/** heddle without a rival: the name of its only bar says nothing, that of many says what differs. */
function alone(rows) {
  const entries = rows.map((row) => own(row.what, row))
  const prefix = shared(entries)
  const what = prefix === '' ? HEDDLE : prefix.slice(0, -COLON.length)
  const named = entries.map((entry) => ({ ...entry, name: entry.name.slice(prefix.length) }))
  const [{ unit, what: only }] = rows
  if (rows.length === 1)
    return { what: only, unit, alone: true, rows, entries: [own(HEDDLE, rows[0])] }
  return { what, unit, alone: true, rows, entries: named }
}

/**
 * Rows with the same `what` and `unit` make one comparison; rows without a rival, one for each unit.
 * @returns {{what: string, unit: string, alone: boolean, rows: object[],
 *   entries: {name: string, ours: boolean, summary: object, ratio: object|null}[]}[]}
 */
function comparisons(rows) {
  const sets = new Map()
  for (const row of rows) sets.set(together(row), [...(sets.get(together(row)) ?? []), row])
  const made = []
  for (const set of sets.values()) {
    const [{ what, unit }] = set
    const rivals = set.filter(({ theirs }) => theirs !== null)
    const others = rivals.map(({ rival, theirs, ratio }) => ({
      name: rival,
      ours: false,
      summary: theirs,
      ratio,
    }))
    const known = made.find((each) => each.alone && each.unit === unit)
    if (rivals.length > 0)
      made.push({ what, unit, alone: false, rows: set, entries: [own(HEDDLE, set[0]), ...others] })
    else if (known === undefined) made.push({ unit, alone: true, rows: set })
    else known.rows.push(...set)
  }
  return distinct(made.map((each) => (each.alone ? alone(each.rows) : each)))
}

/** Comparisons of the same with other figures for heddle name their rivals. */
function distinct(list) {
  const known = (each) => list.filter(({ what }) => what === each.what).length > 1
  const rivals = ({ entries }) =>
    entries
      .slice(1)
      .map(({ name }) => name)
      .join(', ')
  return list.map((each) =>
    known(each) && !each.alone ? { ...each, what: `${each.what}, beside ${rivals(each)}` } : each,
  )
}

const positive = (summary) =>
  quantiles(summary).every((value) => Number.isFinite(value) && value > 0)

/** Of each case the first row that has a rival; the best for heddle first. */
function comparedOf(cases) {
  const made = cases.flatMap(({ name, title, rows }) => {
    const row = rows.find(({ ratio }) => ratio !== null && positive(ratio))
    if (row === undefined) return []
    return [{ name, title, what: row.what, rival: row.rival, ratio: row.ratio }]
  })
  return made.sort((a, b) => b.ratio.median - a.ratio.median)
}

/** Claims of one case, with the row that was measured. */
const claimsOf = (name, rows) =>
  rows.flatMap((row) => row.claims.map((claim) => ({ name, row, ...claim })))

/** Whether a side or a series is heddle's, by its name. */
const ours = (name) => name.toLowerCase().startsWith(HEDDLE)

function curve({ title, x, y, series }) {
  const named = series.map(({ name, points }) => {
    const finite = points.filter(
      (point) => Number.isFinite(point.x) && Number.isFinite(point.median),
    )
    const sorted = finite.toSorted((a, b) => a.x - b.x)
    return { name, points: sorted, ours: ours(name), reference: REFERENCES.includes(name) }
  })
  return { title, x, y, series: named }
}

function caseOf(result, taken) {
  const {
    name,
    group,
    title = name,
    rows = [],
    usage = [],
    curves = [],
    others = 0,
    crash,
  } = result
  return {
    name,
    title,
    group,
    slug: slug(name, taken),
    rows,
    comparisons: comparisons(rows),
    usage,
    curves: curves.map(curve),
    claims: claimsOf(name, rows),
    others,
    disturbed: isDisturbed(result),
    crash,
  }
}

/** A case that crashed before it said so has no group; nor have cases of older results. */
function heading(group, groups) {
  if (group === '') return 'Your own code'
  return group ?? (groups.length === 1 ? 'Cases' : 'Other cases')
}

/** Known groups in their order, then others as they come. */
function groupsOf(cases) {
  const names = [...new Set(cases.map(({ group }) => group))]
  const place = (name) => (GROUPS.includes(name) ? GROUPS.indexOf(name) : GROUPS.length)
  return names
    .sort((a, b) => place(a) - place(b))
    .map((name) => ({
      heading: heading(name, names),
      cases: cases.filter(({ group }) => group === name),
    }))
}

/**
 * @param {{head: object, quick: boolean, results: object[]}} results as `--json` writes them
 */
function model(results) {
  const { head, quick, results: list } = clean(results)
  const taken = new Set(['overview'])
  const cases = list.map((result) => caseOf(result, taken))
  const claims = cases.flatMap((each) => each.claims)
  return {
    head,
    quick,
    cases,
    groups: groupsOf(cases),
    compared: comparedOf(cases),
    claims,
    failed: quick ? [] : claims.filter(({ holds }) => !holds),
    crashed: cases.filter(({ crash }) => crash !== undefined),
    disturbed: cases.filter(({ disturbed }) => disturbed),
  }
}

module.exports = { model, ours, quantiles }
