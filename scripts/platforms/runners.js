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
 * @property {string} name
 * @property {string} command
 * @property {string[]} args that come before Node's own
 * @property {object} env
 * @property {Runner} [renamed]
 * @property {(file: string) => string} place how the program calls a file of this machine
 * @property {Record<string, string>} cannot tests' files that cannot run there, and why
 * @property {string[]} notes what else is not tested there
 */

const linuxNode = (key) => path.join(fetched(key), 'bin', 'node')

/** Writes scripts of the shell, each of which becomes another program. */
function writeScripts(folder, programs) {
  fs.mkdirSync(folder, { recursive: true })
  for (const [name, program] of Object.entries(programs)) {
    fs.writeFileSync(path.join(folder, name), `#!/bin/sh\nexec ${program} "$@"\n`, { mode: 0o755 })
  }
}

const noVitest = { 'test/thread/vitest.test.js': 'vitest has libraries of its own, which are installed for this machine' }
const plain = { args: [], env: {}, place: (file) => file, cannot: {}, notes: [] }

/** @returns {Runner} */
function directly(key) {
  return { ...plain, name: key, command: linuxNode(key) }
}

/**
 * arm64 by qemu's user mode. The children that tests start by process.execPath
 * have to go through qemu as well: a preloaded module points it at a script. The
 * compilers on the path are for arm64, and programs of this machine. The module is
 * in the tree, which is all that some tests may read.
 * @returns {Runner}
 */
function byQemu(key, tree) {
  const node = `qemu-aarch64-static -L /usr/aarch64-linux-gnu ${linuxNode(key)}`
  const [cc, cxx] = ['gcc', 'g++'].map((name) => `aarch64-linux-gnu-${name}`)
  const folder = path.join(work, `${key}-bin`)
  writeScripts(folder, { node, cc, gcc: cc, 'c++': cxx, 'g++': cxx })
  const command = path.join(folder, 'node')
  const preload = path.join(tree, 'exec-path.cjs')
  // It leaves no trace: tests look at what is loaded.
  fs.writeFileSync(preload, `process.execPath = ${JSON.stringify(command)}\ndelete require.cache[__filename]\n`)
  const env = {
    NODE_OPTIONS: `--require=${preload}`,
    PATH: `${folder}:${process.env.PATH}`,
    npm_config_nodedir: fetched(key), // for node-gyp
  }
  return { ...plain, name: key, command, env, cannot: noVitest }
}

const prefix = path.join(work, 'wine')
const wineBin = path.join(work, 'wine-bin')
const onWine = (file) => `Z:${file.replaceAll('/', '\\')}`
const wineEnvironment = () => ({
  WINEPREFIX: prefix,
  WINEPATH: onWine(wineBin),
  WINEDEBUG: '-all',
  DISPLAY: '',
  CC: 'cc', // heddle build would take cl
  CXX: 'c++',
})

/** Wine's server goes on for a while after a program; what comes next must not meet it. */
function wine(...args) {
  const env = { ...process.env, ...wineEnvironment() }
  execFileSync('wine', args, { env, stdio: 'ignore' })
  execFileSync('wineserver', ['-w'], { env, stdio: 'ignore' })
}

/** Puts compilers for Windows on wine's path; see wine-cc.c. */
function writeWineCompilers() {
  const compiler = 'x86_64-w64-mingw32'
  const answer = `${process.execPath} ${path.join(__dirname, 'wine-cc.js')} ${prefix} ${compiler}`
  writeScripts(wineBin, { 'cc.sh': `${answer}-gcc`, 'c++.sh': `${answer}-g++` })
  const source = path.join(__dirname, 'wine-cc.c')
  for (const name of ['cc.exe', 'c++.exe']) {
    execFileSync(`${compiler}-gcc`, ['-O1', source, '-o', path.join(wineBin, name)], { stdio: 'inherit' })
  }
}

/** @returns {Runner} with `renamed`, the same by another name of its program */
function byWine(key) {
  writeWineCompilers()
  if (!fs.existsSync(path.join(prefix, 'system.reg'))) {
    fs.mkdirSync(prefix, { recursive: true })
    wine('wineboot', '--init')
    // Node looks at the version of Windows first.
    wine('reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f')
  }
  const node = path.join(fetched(key), 'bin', 'node.exe')
  const other = path.join(work, `${key}-renamed.exe`)
  fs.copyFileSync(node, other)
  const noFetch = 'fetch() cannot connect under wine, with heddle or without'
  const noJunctions = 'it makes junctions, which wine cannot'
  const examples = ['dashboard', 'dependent-steps', 'fetch-retry', 'fetch-timeout', 'fetches', 'saving']
  const cannot = {
    ...noVitest,
    ...Object.fromEntries(examples.map((name) => [`test/examples/${name}.test.js`, noFetch])),
    'test/bench/guide.test.js': noJunctions,
    'test/cli/newcomer.test.js': "it takes npm and Microsoft's compiler, which are not there",
    'test/plugins/cpp-addon.test.js': "node-gyp takes Microsoft's compiler, which is not there",
    'test/thread/programs.test.js': noJunctions,
    ...Object.fromEntries(['command', 'docs', 'failures', 'remote'].map((name) => [`test/remote/${name}.test.js`, 'Redis does not run there'])),
  }
  const notes = ["`test/memory/growth.test.js` does not judge resident memory: under wine Node.js's own grows"]
  const env = { ...wineEnvironment(), HEDDLE_TEST_NO_RSS: '1' }
  const runner = { name: key, command: 'wine', args: [node], env, place: onWine, cannot, notes }
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
