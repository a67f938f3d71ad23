'use strict'
// How a Node.js of another version or platform is run on this Linux machine.

const { execFileSync, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { fetched } = require('../packages.js')

const root = path.join(__dirname, '..', '..')
const work = path.join(root, 'build', 'platforms')

/**
 * @typedef {object} Runner
 * @property {string} command
 * @property {string[]} args that come before Node's own
 * @property {object} env
 * @property {Runner} [renamed]
 * @property {(file: string) => string} place how the program calls a file of this machine
 */

const linuxNode = (key) => path.join(fetched(key), 'bin', 'node')

/** @returns {Runner} */
function directly(key) {
  return { command: linuxNode(key), args: [], env: {}, place: (file) => file }
}

/**
 * arm64 by qemu's user mode. The children that tests start by process.execPath
 * have to go through qemu as well: a preloaded module points it at a script.
 * @returns {Runner}
 */
function byQemu(key) {
  const node = linuxNode(key)
  const qemu = ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu']
  const script = path.join(work, `${key}.sh`)
  const preload = path.join(work, `${key}.cjs`)
  fs.mkdirSync(work, { recursive: true })
  fs.writeFileSync(script, `#!/bin/sh\nexec ${qemu.join(' ')} ${node} "$@"\n`, { mode: 0o755 })
  fs.writeFileSync(preload, `process.execPath = ${JSON.stringify(script)}\n`)
  return { command: script, args: [], env: { NODE_OPTIONS: `--require=${preload}` }, place: (file) => file }
}

const wineEnvironment = () => ({ WINEPREFIX: path.join(work, 'wine'), WINEDEBUG: '-all', DISPLAY: '' })

/** Wine's server goes on for a while after a program; what comes next must not meet it. */
function wine(...args) {
  const env = { ...process.env, ...wineEnvironment() }
  execFileSync('wine', args, { env, stdio: 'ignore' })
  execFileSync('wineserver', ['-w'], { env, stdio: 'ignore' })
}

/** @returns {Runner} with `renamed`, the same by another name of its program */
function byWine(key) {
  if (!fs.existsSync(path.join(work, 'wine', 'system.reg'))) {
    fs.mkdirSync(path.join(work, 'wine'), { recursive: true })
    wine('wineboot', '--init')
    // Node looks at the version of Windows first.
    wine('reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f')
  }
  const node = path.join(fetched(key), 'bin', 'node.exe')
  const place = (file) => `Z:${file.replaceAll('/', '\\')}`
  const other = path.join(work, `${key}-renamed.exe`)
  fs.copyFileSync(node, other)
  const runner = { command: 'wine', args: [node], env: wineEnvironment(), place }
  return { ...runner, renamed: { ...runner, args: [other] } }
}

const runners = { directly, byQemu, byWine }

/** The version that a runner runs; undefined when it runs none. */
function versionOf({ command, args, env }) {
  const options = { env: { ...process.env, ...env }, encoding: 'utf8', timeout: 120_000 }
  const { status, stdout } = spawnSync(command, [...args, '--version'], options)
  return status === 0 ? stdout.trim() : undefined
}

module.exports = { runners, versionOf, work }
