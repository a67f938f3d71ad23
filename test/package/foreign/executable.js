'use strict'
// Node's single executables, made of the packed tarball as docs/deploying.md has it.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { consumers, emptyFolder, inModules, run, succeed, unpackInto } = require('../helpers.js')
const { tool } = require('./tools.js')

const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'
const BANNER = "const { createRequire } = require('node:module'); require = createRequire(process.execPath)"

describe('a single executable', () => {
  const made = emptyFolder()
  const work = (...names) => path.join(made.folder, 'work', ...names)

  before(() => {
    fs.mkdirSync(work())
    fs.mkdirSync(path.join(made.folder, 'program'))
    unpackInto(work())
    for (const [name, text] of Object.entries(consumers)) fs.writeFileSync(work(name), text)
  })

  /** Makes a program of a script, with these options for esbuild, in an empty folder. */
  function programOf(name, options) {
    const there = { cwd: work(), env: made.env }
    const esbuild = path.join(inModules('esbuild-wasm'), 'bin', 'esbuild')
    const usual = ['--bundle', '--platform=node', '--format=cjs', '--outfile=main.cjs', '--log-level=error']
    succeed(process.execPath, [esbuild, 'use.cjs', ...usual, ...options], there)
    const config = { main: 'main.cjs', output: 'main.blob', disableExperimentalSEAWarning: true }
    fs.writeFileSync(work('sea.json'), JSON.stringify(config))
    succeed(process.execPath, ['--experimental-sea-config', 'sea.json'], there)
    const folder = path.join(made.folder, name)
    fs.mkdirSync(folder)
    const program = path.join(folder, 'program')
    fs.copyFileSync(process.execPath, program)
    const postject = path.join(tool('postject'), 'dist', 'cli.js')
    const args = [postject, program, 'NODE_SEA_BLOB', work('main.blob'), '--sentinel-fuse', FUSE]
    succeed(process.execPath, args, there)
    return { folder, program, there: { cwd: made.home, env: made.env } }
  }

  it('works with node_modules beside it', () => {
    const { folder, program, there } = programOf('outside', ['--external:heddle', `--banner:js=${BANNER}`])
    unpackInto(folder)
    assert.equal(succeed(program, [], there).output, 'ok\n')
  })

  it('that has heddle in itself says how to take it out', () => {
    const { program, there } = programOf('inside', [])
    const { status, output } = run(program, [], there)
    assert.notEqual(status, 0)
    assert.match(output, /ERR_HEDDLE_NO_BINARY/)
    assert.match(output, /createRequire\(process\.execPath\)\('heddle'\)/)
  })
})
