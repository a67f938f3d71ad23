'use strict'
// Makes sure that what the suite needs is there: its own dependencies, the
// rival addon, and heddle itself.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const bench = path.join(__dirname, '..')
const rival = path.join(bench, 'rival')

function newest(...files) {
  return Math.max(...files.map((file) => fs.statSync(file).mtimeMs))
}

/** Throws with words that say what is missing. */
function run(command, args, cwd, failure) {
  // npm is a script on Windows, which only a shell can run.
  const shell = process.platform === 'win32' && command === 'npm'
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', shell })
  if (status !== 0) throw new Error(failure)
}

function npm(args, failure) {
  const cli = process.env.npm_execpath
  if (cli?.endsWith('.js')) run(process.execPath, [cli, ...args], bench, failure)
  else run('npm', args, bench, failure)
}

function dependenciesAreThere() {
  const marker = path.join(bench, 'node_modules', '.package-lock.json')
  if (!fs.existsSync(marker)) return false
  return newest(path.join(bench, 'package-lock.json')) <= newest(marker)
}

function rivalIsBuilt() {
  const addon = path.join(rival, 'build', 'Release', 'rival.node')
  if (!fs.existsSync(addon)) return false
  return newest(path.join(rival, 'rival.cc'), path.join(rival, 'binding.gyp')) <= newest(addon)
}

/** The library of the plugin cases, by heddle's own command. */
function buildPlugin() {
  const { source, library } = require('./plugin.js')
  if (fs.existsSync(library) && newest(source, ...headers()) <= newest(library)) return
  console.log('bench: building the plugin (bench/plugin) ...')
  const command = path.join(bench, '..', 'bin', 'heddle.js')
  run(process.execPath, [command, 'build', source, '-o', library], bench, 'the plugin could not be built: see above')
}

function headers() {
  const folder = path.join(bench, '..', 'include')
  return fs.readdirSync(folder).map((name) => path.join(folder, name))
}

function setup() {
  if (!dependenciesAreThere()) {
    console.log("bench: installing the suite's own dependencies (npm ci in bench/) ...")
    npm(['ci', '--ignore-scripts'], 'npm ci in bench/ failed: see above')
  }
  if (!rivalIsBuilt()) {
    console.log('bench: building the rival addon (bench/rival) ...')
    npm(['run', 'build', '--silent'], 'the rival could not be built: it takes a C++ compiler, make and Python 3')
  }
  const build = path.join(bench, '..', 'scripts', 'build.js')
  run(process.execPath, [build], path.join(bench, '..'), 'heddle itself could not be built: see above')
  buildPlugin()
}

module.exports = { setup }
