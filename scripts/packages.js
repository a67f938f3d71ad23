'use strict'
// Programs that come as npm packages and are too large to be dependencies of
// everybody who works here: compilers, versions of Node.js, package managers.
// Each is fetched when it is first asked for, into .cache/packages, which git
// ignores; scripts/packages.json has their versions and what they must hash to.

const { execFileSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const known = require('./packages.json')

const folder = path.join(__dirname, '..', '.cache', 'packages')

function download({ name, version, integrity }, into) {
  const args = ['pack', `${name}@${version}`, '--silent', '--pack-destination', into]
  execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' })
  const [file] = fs.readdirSync(into)
  const archive = path.join(into, file)
  const digest = createHash('sha512').update(fs.readFileSync(archive)).digest('base64')
  if (`sha512-${digest}` !== integrity) {
    throw new Error(`${name}@${version} is not what scripts/packages.json says: sha512-${digest}`)
  }
  return archive
}

/**
 * The folder of a package, fetched unless it is there.
 * @param {string} key in scripts/packages.json
 * @returns {string} its absolute path
 */
function fetched(key) {
  const entry = known[key]
  if (entry === undefined) throw new Error(`scripts/packages.json has no ${key}`)
  const target = path.join(folder, `${key}@${entry.version}`)
  if (fs.existsSync(target)) return target
  fs.mkdirSync(folder, { recursive: true })
  const temporary = fs.mkdtempSync(path.join(folder, 'fetching-'))
  try {
    const archive = download(entry, temporary)
    const unpacked = path.join(temporary, 'package')
    fs.mkdirSync(unpacked)
    execFileSync('tar', ['-xzf', archive, '-C', unpacked, '--strip-components=1'])
    fs.renameSync(unpacked, target) // only now: what is there is whole
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true })
  }
  return target
}

module.exports = { fetched, known }
