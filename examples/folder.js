'use strict'
// Hashes and gzips every file below a folder, three ways, and compares them:
// one by one, Promise.all over Node's own functions, and heddle.

const { fork } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const path = require('node:path')
const { parseArgs } = require('node:util')

const MODES = ['one-by-one', 'promise-all', 'heddle']
const DEFAULT_FOLDER = path.join(__dirname, '..', 'node_modules')

const usage = `Usage: npm start -- [options] [folder]

Hashes (SHA-256) and gzips every file below the folder, three ways, checks that
all agree, and prints what each took. Default: this package's node_modules.

  --mode MODE   only this way (${MODES.join(', ')}); may be repeated
  --limit N     only the first N files
  --help        this text`

/** @returns {{folder: string, modes: string[], limit: number, help: boolean}} */
function readArguments(args) {
  const options = {
    help: { type: 'boolean', default: false },
    limit: { type: 'string', default: 'Infinity' },
    mode: { type: 'string', multiple: true, default: MODES },
  }
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const limit = Number(values.limit)
  if (!(limit === Infinity || (Number.isInteger(limit) && limit >= 1))) {
    throw new Error(`--limit must be an integer of at least 1, got '${values.limit}'`)
  }
  const unknown = values.mode.find((mode) => !MODES.includes(mode))
  if (unknown !== undefined) throw new Error(`there is no mode '${unknown}'`)
  if (positionals.length > 1) throw new Error('give one folder only')
  const folder = path.resolve(positionals[0] ?? DEFAULT_FOLDER)
  return { folder, modes: values.mode, limit, help: values.help }
}

/** Regular files below a folder, in a fixed order; links are left out. */
function* filesBelow(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const full = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(full)
    else if (entry.isFile()) yield full
  }
}

function listFiles(folder, limit) {
  const paths = []
  for (const file of filesBelow(folder)) {
    if (paths.length === limit) break
    paths.push(file)
  }
  if (paths.length === 0) throw new Error(`there is no file below ${folder}`)
  return paths
}

/** Reads all files once, so that every way finds them in the system's cache. */
function warmUp(paths) {
  return paths.reduce((bytes, file) => bytes + fs.readFileSync(file).length, 0)
}

/** Runs one way in a process of its own. */
async function measureIn(name, paths) {
  const child = fork(path.join(__dirname, 'lib', 'measure.js'))
  child.send({ name, paths })
  const ended = once(child, 'exit').then(() => [{ error: 'its process ended' }])
  const [measured] = await Promise.race([once(child, 'message'), ended])
  if (child.connected) child.disconnect()
  if (measured.error !== undefined) throw new Error(`${name}: ${measured.error}`)
  if (!process.stdout.isTTY) console.log(`${name}: ${paths.length} files`)
  return measured
}

/** Throws unless all ways gave the same. */
function checkAgreement(paths, measured) {
  const [[first, { results }], ...others] = Object.entries(measured)
  for (const [name, other] of others) {
    for (let i = 0; i < paths.length; i++) {
      if (String(results[i]) !== String(other.results[i])) {
        throw new Error(`${first} and ${name} disagree on ${paths[i]}`)
      }
    }
  }
  if (others.length > 0) console.log(`all ${others.length + 1} ways agree`)
}

const rounded = (number, digits) => Number(number.toFixed(digits))

function printTable(measured) {
  const rows = Object.entries(measured).map(([name, { wall, cpu, stall, memory }]) => [
    name,
    {
      'wall time, s': rounded(wall, 2),
      'CPU time, s': rounded(cpu, 2),
      'longest stall, ms': rounded(stall, 1),
      'peak memory, MiB': rounded(memory, 0),
    },
  ])
  console.table(Object.fromEntries(rows))
}

async function main() {
  const { folder, modes, limit, help } = readArguments(process.argv.slice(2))
  if (help) return console.log(usage)
  const paths = listFiles(folder, limit)
  const megabytes = warmUp(paths) / 1e6
  console.log(`${paths.length} files, ${megabytes.toFixed(1)} MB, below ${folder}`)
  const measured = {}
  for (const mode of new Set(modes)) measured[mode] = await measureIn(mode, paths)
  checkAgreement(paths, measured)
  printTable(measured)
}

main().catch((error) => {
  console.error(`${error.message}\n(--help says how to use this)`)
  process.exitCode = 1
})
