'use strict'
// Test runners and bundlers in which the tarball is tried: test/package/foreign/tools has
// their versions. Installed when they are first asked for.

const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { root, run } = require('../helpers.js')

const source = path.join(__dirname, 'tools')

/** The folder of a package. Scripts of none are run. */
function tool(name) {
  const lock = fs.readFileSync(path.join(source, 'package-lock.json'))
  const digest = createHash('sha256').update(lock).digest('hex').slice(0, 12)
  const folder = path.join(root, '.cache', 'packages', `tools@${digest}`)
  if (!fs.existsSync(folder)) install(folder)
  return path.join(folder, 'node_modules', name)
}

function install(folder) {
  fs.mkdirSync(path.dirname(folder), { recursive: true })
  const made = fs.mkdtempSync(path.join(path.dirname(folder), 'fetching-'))
  try {
    for (const file of ['package.json', 'package-lock.json']) fs.copyFileSync(path.join(source, file), path.join(made, file))
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
    let end
    for (let tries = 0; tries < 3 && end?.status !== 0; tries++) end = run('npm', args, { cwd: made })
    if (end.status !== 0) throw new Error(end.output)
    fs.renameSync(made, folder) // only now: what is there is whole
  } finally {
    fs.rmSync(made, { recursive: true, force: true })
  }
}

module.exports = { tool }
