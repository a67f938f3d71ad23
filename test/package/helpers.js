'use strict'
// The packed tarball, and programs that have installed it. No test in here.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const root = path.join(__dirname, '..', '..')

/** This process's variables, less what npm, the user's settings and test runners put there. */
function cleanEnvironment(home) {
  const entries = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|HEDDLE_|YARN_|PNPM_)/i.test(name))
  return { ...Object.fromEntries(entries), HOME: home, USERPROFILE: home, NO_COLOR: '1' }
}

/** Runs a program to its end; both its outputs in one. */
function run(command, args, { cwd, env, timeout = 240_000 } = {}) {
  const options = { cwd, env: env ?? process.env, encoding: 'utf8', timeout, maxBuffer: 1 << 26 }
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, options)
  if (error !== undefined && status === null && signal === null) throw error
  return { status, signal, stdout, output: stdout + stderr }
}

/** run(), which must end well. */
function succeed(command, args, options) {
  const result = run(command, args, options)
  assert.equal(result.status, 0, `${command} ${args.join(' ')}\n${result.signal ?? ''}\n${result.output}`)
  return result
}

/** What `npm pack` puts into the tarball, without making it. */
function contents() {
  const { stdout } = succeed('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root })
  const answer = JSON.parse(stdout)
  // A list of packages in npm 11, by their names in npm 12.
  const [entry] = Array.isArray(answer) ? answer : Object.values(answer)
  return entry
}

let packed

/** The path of the tarball, packed once a process. */
function tarball() {
  if (packed !== undefined) return packed
  const binaries = path.join(root, 'prebuilds', 'linux-x64-glibc', 'heddle.node')
  assert.ok(fs.existsSync(binaries), 'prebuilds/ is empty: run npm run prebuild')
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-pack-'))
  process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }))
  succeed('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root })
  packed = path.join(folder, fs.readdirSync(folder)[0])
  return packed
}

/** A new folder for the tests of a suite, with a folder in it that is to be the home. */
function emptyFolder() {
  const made = {}
  before(() => {
    made.folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-consumer-')))
    fs.chmodSync(made.folder, 0o755) // for tests that give up their rights
    made.home = path.join(made.folder, 'home')
    fs.mkdirSync(made.home)
    made.env = cleanEnvironment(made.home)
  })
  after(() => fs.rmSync(made.folder, { recursive: true, force: true }))
  return made
}

/** Unpacks the tarball as node_modules/heddle of a folder, as package managers do. */
function unpackInto(folder) {
  const target = path.join(folder, 'node_modules', 'heddle')
  fs.mkdirSync(target, { recursive: true })
  succeed('tar', ['-xzf', tarball(), '-C', target, '--strip-components=1'])
  return target
}

// What consumers do, in each of the ways to load a module: it prints "ok".
const USE = `
const [digest, packed, two] = await parallel([hash('sha256', 'a'), gzip('a'), thread((n) => n + 1)(1)])
const [text, again] = await sequential([gunzip(packed), hash('sha256', previous)])
const right = String(text) === 'a' && again === digest && digest.startsWith('ca978112') && two === 2
console.log(right ? 'ok' : 'wrong')
`

const consumers = {
  'use.cjs': `const { parallel, sequential, previous, thread } = require('heddle')
const { hash, gzip, gunzip } = require('heddle/tasks')
void (async () => {${USE}})()`,
  'use.mjs': `import { parallel, sequential, previous, thread } from 'heddle'
import { hash, gzip, gunzip } from 'heddle/tasks'
${USE}`,
}

/** The folder of a package that tests need. */
const inModules = (name) => path.join(root, 'node_modules', name)

module.exports = { inModules, root, run, succeed, contents, tarball, emptyFolder, unpackInto, consumers }
