'use strict'
// Builds the addon from source with node-gyp.
//
// In the repository: when its sources are newer than it. npm start and npm test
// call this, because the package has no install script.
//
// In an installed package, which has no binding.gyp at its root (package managers
// would take it for an install script): always, in a copy of the sources, from
// the copy of binding.gyp that came with the binaries. lib/load.js prefers the
// result to them, and its errors name this command.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')
const addon = path.join(root, 'build', 'Release', 'heddle.node')
const inRepository = fs.existsSync(path.join(root, 'binding.gyp'))

// For who has no node-gyp among their dependencies.
const NODE_GYP = 'node-gyp@12'

function newest(folder) {
  const times = fs
    .readdirSync(folder, { recursive: true })
    .map((name) => fs.statSync(path.join(folder, name)).mtimeMs)
  return Math.max(...times)
}

function upToDate() {
  if (!fs.existsSync(addon)) return false
  const built = fs.statSync(addon).mtimeMs
  const sources = ['src', 'include'].map((folder) => newest(path.join(root, folder)))
  return Math.max(...sources, fs.statSync(path.join(root, 'binding.gyp')).mtimeMs) < built
}

/** Node's own headers, where they came with it: nothing has to be downloaded. */
function headers() {
  const prefix = path.join(path.dirname(fs.realpathSync(process.execPath)), '..')
  const found = fs.existsSync(path.join(prefix, 'include', 'node', 'common.gypi'))
  return found ? [`--nodedir=${prefix}`] : []
}

/** The installed node-gyp, or else one that npm fetches: command and first arguments. */
function nodeGyp() {
  try {
    const paths = [root, process.cwd()]
    return [process.execPath, [require.resolve('node-gyp/bin/node-gyp.js', { paths })], {}]
  } catch {
    // npm is a script on Windows, which takes a shell; no argument has a space in it there.
    const shell = process.platform === 'win32'
    return ['npm', ['exec', '--yes', `--package=${NODE_GYP}`, '--', 'node-gyp'], { shell }]
  }
}

function gyp(cwd, ...args) {
  const [command, first, options] = nodeGyp()
  const all = [...first, ...args, ...headers(), '--loglevel=error']
  const { status, error } = spawnSync(command, all, { cwd, stdio: 'inherit', ...options })
  if (error !== undefined) console.error(`${command} cannot be run: ${error.message}`)
  return status === 0
}

function build(folder) {
  console.log('building the addon (node-gyp) ...')
  return gyp(folder, 'configure') && gyp(folder, 'build')
}

function buildInstalled() {
  const copy = path.join(root, 'build', 'source')
  fs.rmSync(copy, { recursive: true, force: true })
  for (const name of ['src', 'include']) {
    fs.cpSync(path.join(root, name), path.join(copy, name), { recursive: true })
  }
  fs.copyFileSync(path.join(root, 'prebuilds', 'source.gyp'), path.join(copy, 'binding.gyp'))
  if (!build(copy)) return false
  fs.mkdirSync(path.dirname(addon), { recursive: true })
  fs.copyFileSync(path.join(copy, 'build', 'Release', 'heddle.node'), addon)
  fs.rmSync(copy, { recursive: true, force: true })
  console.log(`built ${addon}`)
  return true
}

const good = inRepository ? upToDate() || build(root) : buildInstalled()
if (!good) {
  console.error('The addon could not be built. It takes a C compiler, make and Python 3.')
  process.exitCode = 1
}
