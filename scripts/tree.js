'use strict'
// A copy of what the tests need, so that they can run with another build of the addon.

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

module.exports = { copyTree }
