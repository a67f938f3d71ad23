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

/** Node's own headers, where they came with it: nothing has to be downloaded. */
function headers() {
  const prefix = path.join(path.dirname(fs.realpathSync(process.execPath)), '..')
  const found = fs.existsSync(path.join(prefix, 'include', 'node', 'common.gypi'))
  return found ? [`--nodedir=${prefix}`] : []
}

function gyp(...args) {
  const command = require.resolve('node-gyp/bin/node-gyp.js')
  const options = { cwd: root, stdio: 'inherit' }
  return spawnSync(process.execPath, [command, ...args, ...headers(), '--loglevel=error'], options).status === 0
}

if (!upToDate()) {
  console.log('building the addon (node-gyp) ...')
  if (!gyp('configure') || !gyp('build')) {
    console.error('The addon could not be built. It takes a C compiler, make and Python 3.')
    process.exit(1)
  }
}
