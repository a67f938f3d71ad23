'use strict'
// Runs the tests with a binary that came from prebuilds/, by one runner.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { copyTree } = require('../tree.js')
const { work } = require('./runners.js')

const root = path.join(__dirname, '..', '..')

// They look at the repository, not at the addon: once is enough.
const ELSEWHERE = /^test\/(docs|floors|readme|rooms|types|examples|bench\/(readme|report(-charts)?))\.test\.js$|^test\/package\//

// Left out where it has to be quick: they take long, and CI runs them elsewhere.
const LONG = /^test\/(memory|examples|plugins|cli)\//

/** The tests' files, in a tree that has binaries, but no build of its own; gone at exit. */
function prepareTree() {
  const tree = path.join(work, `tree-${process.pid}`)
  process.once('exit', () => fs.rmSync(tree, { recursive: true, force: true }))
  copyTree(tree)
  fs.cpSync(path.join(root, 'prebuilds'), path.join(tree, 'prebuilds'), { recursive: true })
  return tree
}

function testFiles(tree, quick) {
  const files = fs.readdirSync(path.join(tree, 'test'), { recursive: true }).map((name) => `test/${name}`)
  const tests = files.filter((name) => name.endsWith('.test.js') && !ELSEWHERE.test(name)).sort()
  return quick ? tests.filter((name) => !LONG.test(name)) : tests
}

/**
 * Runs a program with files for its output: wine cannot give sockets on, which
 * spawnSync() takes for pipes.
 */
function run(runner, args, { cwd, env, timeout }) {
  const output = path.join(work, `output-${process.pid}.txt`)
  const descriptor = fs.openSync(output, 'w')
  try {
    const { status, signal, error } = spawnSync(runner.command, [...runner.args, ...args], {
      cwd,
      env: { ...process.env, ...runner.env, ...env },
      stdio: ['ignore', descriptor, descriptor],
      timeout,
      killSignal: 'SIGKILL',
    })
    return { end: error?.code ?? signal ?? `code ${status}`, output: fs.readFileSync(output, 'utf8') }
  } finally {
    fs.closeSync(descriptor)
    fs.rmSync(output)
  }
}

/** Where mocha's report of some files is kept, for runs that go on where an earlier one ended. */
function reportOf(runner, files) {
  const name = files.length === 1 ? files[0].replaceAll('/', '-') : 'all'
  return path.join(work, 'reports', runner.name, `${name}.json`)
}

/** The report of an earlier run in which all has passed, or undefined. */
function earlier(runner, files) {
  const report = reportOf(runner, files)
  if (!fs.existsSync(report)) return undefined
  const parsed = JSON.parse(fs.readFileSync(report, 'utf8'))
  return parsed.failures.length === 0 ? parsed : undefined
}

/**
 * mocha's report of some files, or what happened in its place; undefined when
 * they took longer than `limit`, in ms.
 */
function runFiles(runner, tree, files, { timeout, limit, few }) {
  const report = reportOf(runner, files)
  fs.mkdirSync(path.dirname(report), { recursive: true })
  fs.rmSync(report, { force: true })
  const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js')
  const options = ['--no-config', '--exit', '--timeout', String(timeout), '--reporter', 'json']
  const args = ['--expose-gc', runner.place(mocha), ...options]
  args.push('--reporter-option', `output=${runner.place(report)}`, ...files)
  const env = { HEDDLE_TEST_KILL_MS: String(timeout), ...(few ? { HEDDLE_TEST_FEW: '1' } : {}) }
  const { end, output } = run(runner, args, { cwd: tree, env, timeout: limit })
  if (!fs.existsSync(report)) {
    if (end === 'ETIMEDOUT') return undefined
    const failures = [{ fullTitle: `${files.join(', ')}: ended with ${end}`, err: { message: output } }]
    return { stats: { passes: 0 }, pending: [], failures }
  }
  return JSON.parse(fs.readFileSync(report, 'utf8'))
}

/**
 * @typedef {object} Suite
 * @property {number} passed tests
 * @property {string[]} skipped titles of tests that skipped themselves
 * @property {{title: string, message: string}[]} failures
 * @property {string[]} unfinished files that took longer than their limit
 * @property {Record<string, string>} left files that cannot run there, and why
 * @property {string[]} notes what else is not tested
 */

/**
 * Runs the tests.
 * @param {import('./runners.js').Runner} runner
 * @param {{quick?: boolean, again?: boolean, apart?: boolean, timeout?: number, limit?: number, log?: (line: string) => void}} options
 *   `apart`: each file in a process of its own, so that one that dies does not take the others
 *   with it; `again`: of these not what has passed in an earlier run; `timeout` for a test,
 *   `limit` for each process, in ms
 * @returns {Suite}
 */
function runSuite(runner, tree, options) {
  const { quick = false, again = false, apart = false, timeout = 120_000, limit = 10 * timeout, log } = options
  const files = testFiles(tree, quick).filter((file) => runner.cannot[file] === undefined)
  const suite = { passed: 0, skipped: [], failures: [], unfinished: [], left: runner.cannot, notes: runner.notes }
  for (const list of apart ? files.map((file) => [file]) : [files]) {
    const began = Date.now()
    const passed = again && apart ? earlier(runner, list) : undefined
    const report = passed ?? runFiles(runner, tree, list, { timeout, limit, few: quick || apart })
    const seconds = Math.round((Date.now() - began) / 1000)
    if (report === undefined) suite.unfinished.push(...list)
    else {
      suite.passed += report.stats.passes
      suite.skipped.push(...report.pending.map(({ fullTitle }) => fullTitle))
      for (const { fullTitle: title, err } of report.failures) {
        suite.failures.push({ title, message: String(err.message ?? '') })
      }
    }
    const words = report === undefined ? 'not finished' : `${report.stats.passes} passed, ${report.failures.length} failed`
    if (apart) log?.(`  ${list[0]}: ${words} (${seconds} s)`)
  }
  return suite
}

/** Whether the addon loads and a task of each kind runs. */
function loads(runner, tree) {
  const script = path.join(work, `load-${process.pid}.cjs`)
  const lib = JSON.stringify(runner.place(path.join(tree, 'lib')))
  fs.writeFileSync(
    script,
    `const { parallel } = require(${lib}), { hash, gzip, sum } = require(${lib} + '/tasks.js')
parallel([hash('sha256', 'a'), gzip('a'), sum(new Float64Array([1, 2]))]).then(
  ([digest, packed, total]) => console.log(digest.startsWith('ca978112') && packed.length > 20 && total === 3 ? 'loaded' : 'wrong'))
`,
  )
  const { output } = run(runner, [runner.place(script)], { cwd: tree, timeout: 120_000 })
  fs.rmSync(script)
  return output.trim() === 'loaded'
}

module.exports = { prepareTree, runSuite, loads }
