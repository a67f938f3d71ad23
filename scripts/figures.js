'use strict'
// Writes what the documentation shows of bench/results.json, which `npm run bench -- --json
// bench/results.json` wrote, and of examples/login.json: the figures in README.md, charts in
// docs/charts, and docs/benchmarks.md. With --check it only compares; a test does.

const fs = require('node:fs')
const path = require('node:path')
const report = require('../bench/report/index.js')
const { model: modelOf } = require('../bench/report/model.js')
const { chosen, OVERVIEW } = require('./figures/chosen.js')
const { loginChart } = require('./figures/login.js')
const { readme } = require('./figures/readme.js')
const { page } = require('./figures/document.js')

const ROOT = path.join(__dirname, '..')
const CHARTS = 'docs/charts'

const read = (root, name) => fs.readFileSync(path.join(root, name), 'utf8')

/** Charts that are there now. */
function present(root) {
  const folder = path.join(root, CHARTS)
  return fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => `${CHARTS}/${name}`) : []
}

/**
 * The files as they should be.
 * @param {object} results as in bench/results.json
 * @param {object} measured as in examples/login.json
 * @param {string} text README.md as it is
 * @returns {Promise<Map<string, string>>} texts by their names below the root
 */
async function files(results, measured, text) {
  if (results.quick)
    throw new Error('bench/results.json is of a quick run, whose figures are not shown to anybody')
  const all = await report.charts(results)
  const charts = chosen(all)
  const [overview] = chosen(all, OVERVIEW)
  const login = await loginChart(measured)
  const model = modelOf(results)
  return new Map([
    ['README.md', readme(text, { results, model, charts, login })],
    ['docs/benchmarks.md', page(model, overview)],
    ...[login, ...charts, overview].map(({ id, svg }) => [`${CHARTS}/${id}.svg`, svg]),
  ])
}

/** The names of files that are not as they should be, or should not be there. */
function stale(root, wanted) {
  const same = (name, text) => fs.existsSync(path.join(root, name)) && read(root, name) === text
  const differ = [...wanted].filter(([name, text]) => !same(name, text)).map(([name]) => name)
  return [...differ, ...present(root).filter((name) => !wanted.has(name))]
}

function write(root, wanted) {
  fs.rmSync(path.join(root, CHARTS), { recursive: true, force: true })
  fs.mkdirSync(path.join(root, CHARTS), { recursive: true })
  for (const [name, text] of wanted) fs.writeFileSync(path.join(root, name), text)
}

async function main() {
  const [results, login] = ['bench/results.json', 'examples/login.json'].map((name) => JSON.parse(read(ROOT, name)))
  const wanted = await files(results, login, read(ROOT, 'README.md'))
  if (!process.argv.includes('--check')) return write(ROOT, wanted)
  const names = stale(ROOT, wanted)
  if (names.length === 0) return
  console.error(`${names.join(', ')} and what was measured disagree: run node scripts/figures.js`)
  process.exitCode = 1
}

if (require.main === module) {
  main().catch((error) => {
    console.error(`figures: ${error.message}`)
    process.exitCode = 1
  })
}

module.exports = { files, stale, write }
