'use strict'
// npm run prebuild [-- --verify] [TARGET...]: makes the binaries that the package
// brings, all on one Linux machine, into prebuilds/. With --verify each is made a
// second time at another place, and has to come out the same to the byte. With
// --source there is only what an installed package is built from.

const { createHash } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { check } = require('./prebuild/check.js')
const { compile } = require('./prebuild/compile.js')
const { targets } = require('./prebuild/targets.js')

const root = path.join(__dirname, '..')
const prebuilds = path.join(root, 'prebuilds')
const work = path.join(root, 'build', 'prebuild')

/** What the addon is made of, in a folder elsewhere; gone at exit. */
function copyOfSources() {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'another place-'))
  process.once('exit', () => fs.rmSync(copy, { recursive: true, force: true }))
  for (const name of ['src', 'include', 'binding.gyp']) {
    fs.cpSync(path.join(root, name), path.join(copy, name), { recursive: true })
  }
  return copy
}

async function make(target, verify) {
  const output = path.join(prebuilds, target.name, 'heddle.node')
  await compile(target, { root, output, work: path.join(work, target.name) })
  const problems = check(target, output)
  if (verify !== undefined) {
    const again = path.join(verify, target.name, 'heddle.node')
    await compile(target, { root: verify, output: again, work: path.join(verify, 'work', target.name) })
    if (!fs.readFileSync(output).equals(fs.readFileSync(again))) problems.push('is not the same when made again')
  }
  const digest = createHash('sha256').update(fs.readFileSync(output)).digest('hex')
  console.log(`${target.name.padEnd(18)} ${fs.statSync(output).size} bytes, sha256 ${digest}`)
  for (const problem of problems) console.error(`${target.name}: ${problem}`)
  return problems.length === 0
}

/**
 * The package has no binding.gyp at its root, which package managers would take
 * for an install script; scripts/build.js builds from this copy.
 */
function copySource() {
  fs.mkdirSync(prebuilds, { recursive: true })
  fs.copyFileSync(path.join(root, 'binding.gyp'), path.join(prebuilds, 'source.gyp'))
}

async function main() {
  const options = { verify: { type: 'boolean' }, source: { type: 'boolean' } }
  const { values, positionals } = parseArgs({ allowPositionals: true, options })
  const unknown = positionals.filter((name) => !targets.some((target) => target.name === name))
  if (unknown.length > 0) {
    throw new Error(`no such target: ${unknown.join(', ')}; there are ${targets.map(({ name }) => name).join(', ')}`)
  }
  copySource()
  if (values.source) return
  const verify = values.verify ? copyOfSources() : undefined
  for (const target of targets) {
    if (positionals.length > 0 && !positionals.includes(target.name)) continue
    if (!(await make(target, verify))) process.exitCode = 1
  }
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
