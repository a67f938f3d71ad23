'use strict'
// Runs an example in a process of its own, and reads what it printed. No test in here.

const assert = require('node:assert/strict')
const path = require('node:path')
const { run } = require('./child.js')

const folder = path.join(__dirname, '..', '..', 'examples')

/** @returns {Map<string, string[]>} the lines of each section, by its title, without the time */
function sectionsOf(printed) {
  const sections = printed.trimEnd().split('\n\n').map((text) => {
    const [title, ...lines] = text.split('\n')
    assert.match(lines.at(-1), /^ {2}took \d+\.\d\d s$/)
    return [title, lines.slice(0, -1).map((line) => line.trim())]
  })
  return new Map(sections)
}

/**
 * Runs an example before the tests of a suite.
 * @param {string} name its file
 * @returns {(title: string) => string[]} gives the lines of a section, in the order of events
 */
function example(name) {
  let sections
  before(async () => {
    const end = await run(path.join(folder, name))
    assert.deepEqual([end.code, end.signal, end.stderr], [0, null, ''], end.stdout)
    sections = sectionsOf(end.stdout)
  })
  return (title) => {
    assert.ok(sections.has(title), `${name} has no section '${title}'`)
    return sections.get(title)
  }
}

/** The lines of one thing after the other. */
const oneByOne = (names, who = '') =>
  names.flatMap((name) => [`${who}start ${name}`, `${who}end ${name}`])

/** The lines of several things at once, which end in the order given. */
const atOnce = (names, ends, who = '') => [
  ...names.map((name) => `${who}start ${name}`),
  ...ends.map((name) => `${who}end ${name}`),
]

/** Asserts that the lines are there, in this order. */
function assertOrder(lines, expected) {
  assert.deepEqual(lines.filter((line) => expected.includes(line)), expected)
}

module.exports = { folder, example, oneByOne, atOnce, assertOrder }
