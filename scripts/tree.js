'use strict'
// A copy of what the tests need, so that they can run with another build of the addon.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')
const NAMES = [
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'bin',
  'bench/README.md',
  'bench/cases',
  'bench/harness',
  'bench/lib/cases.js',
  'bench/report',
  'bench/results.json',
  'binding.gyp',
  'docs',
  'examples',
  'include',
  'lib',
  'package.json',
  'scripts',
  'src',
  'templates',
  'test',
  'types',
]

/** Copies them anew into a folder, which may hold a build already, and links node_modules. */
function copyTree(folder) {
  fs.mkdirSync(folder, { recursive: true })
  for (const name of NAMES) {
    fs.rmSync(path.join(folder, name), { recursive: true, force: true })
    const from = path.join(root, name)
    if (!fs.existsSync(from)) continue
    fs.cpSync(from, path.join(folder, name), { recursive: true, preserveTimestamps: true })
  }
  fs.rmSync(path.join(folder, 'node_modules'), { force: true })
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
}

/**
 * Builds the addon of such a copy.
 * @param {{sanitize?: string, env?: object}} [options] what gcc's -fsanitize takes, and
 *   variables of the environment
 */
function buildTree(folder, { sanitize = '', env = {} } = {}) {
  const prefix = path.join(path.dirname(fs.realpathSync(process.execPath)), '..')
  const headers = fs.existsSync(path.join(prefix, 'include', 'node', 'common.gypi'))
  const gyp = [require.resolve('node-gyp/bin/node-gyp.js'), '--loglevel=error']
  if (headers) gyp.push(`--nodedir=${prefix}`)
  const options = {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  }
  const variable = `-Dheddle_sanitize=${sanitize}`
  execFileSync(process.execPath, [...gyp, 'configure', '--', variable], options)
  execFileSync(process.execPath, [...gyp, 'build'], options)
}

/** The path of a library that gcc brings. */
function libraryOf(name) {
  const found = execFileSync('gcc', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim()
  if (!path.isAbsolute(found)) throw new Error(`gcc does not have ${name}`)
  return fs.realpathSync(found)
}

module.exports = { buildTree, copyTree, libraryOf }
