'use strict'
// Builds the addon when its sources are newer than it. npm start and npm test
// call this, because the package has no install script.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')
const addon = path.join(root, 'build', 'Release', 'heddle.node')

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

if (!upToDate()) {
  console.log('building the addon (node-gyp) ...')
  const gyp = require.resolve('node-gyp/bin/node-gyp.js')
  const run = spawnSync(process.execPath, [gyp, 'rebuild', '--silent'], { cwd: root, stdio: 'inherit' })
  if (run.status !== 0) {
    console.error('the addon could not be built: see above. A C compiler, make and Python 3 are needed.')
    process.exit(1)
  }
}
