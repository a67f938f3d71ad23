'use strict'
// The packed tarball in bundles: with the setting that the error names it works; without
// it the error says so.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { WORDS } = require('../../../lib/external.js')
const { consumers, emptyFolder, inModules, root, run, succeed, unpackInto } = require('../helpers.js')
const { tool } = require('./tools.js')

/** The setting of a bundler, as the error has it. */
const setting = (name) => new RegExp(`${name} (.+?)(?:;|\\. Then)`).exec(WORDS)[1]

// Each makes the program that bundles, of settings that may be ''. vite's own default is to
// leave packages out.
const webpack = (given) => `
const webpack = require(process.env.TOOL_WEBPACK)
webpack({ mode: 'production', target: 'node', entry: './use.cjs', context: __dirname, performance: false,
  output: { path: __dirname + '/dist', filename: 'out.cjs' }, ${given} }, (error, stats) => {
  if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exitCode = 1 }
})`
const rollup = (given) => `
const commonjs = require(process.env.TOOL_COMMONJS), { nodeResolve } = require(process.env.TOOL_RESOLVE)
require(process.env.TOOL_ROLLUP).rollup({ input: 'use.mjs', ${given || 'external: []'},
  plugins: [nodeResolve({ preferBuiltins: true }), commonjs()], onLog() {} })
  .then((bundle) => bundle.write({ file: 'dist/out.mjs', format: 'es' }))
  .catch((error) => { console.error(error); process.exitCode = 1 })`
const vite = (given) => `
const { ssr } = { ${given} }
import(process.env.TOOL_VITE).then(({ build }) => build({ logLevel: 'silent', root: __dirname,
  ssr: { noExternal: true, ...ssr },
  build: { ssr: 'use.mjs', outDir: 'dist', rolldownOptions: { output: { entryFileNames: 'out.mjs' } } } }))
  .catch((error) => { console.error(error); process.exitCode = 1 })`
const esbuild = (format, entry, output) => (given) => `
const options = ['--bundle', '--platform=node', '--format=${format}', '--outfile=dist/${output}', '--log-level=error']
const args = [process.env.TOOL_ESBUILD, '${entry}', ...options, ...'${given}'.split(' ').filter(Boolean)]
process.exitCode = require('node:child_process').spawnSync(process.execPath, args, { stdio: 'inherit' }).status`

const bundlers = {
  webpack: ['webpack', webpack, 'out.cjs'],
  rollup: ['rollup', rollup, 'out.mjs'],
  "vite's SSR build": ['Vite', vite, 'out.mjs'],
  'esbuild, an ES module': ['esbuild', esbuild('esm', 'use.mjs', 'out.mjs'), 'out.mjs'],
  'esbuild, CommonJS': ['esbuild', esbuild('cjs', 'use.cjs', 'out.cjs'), 'out.cjs'],
}

describe('bundles', function () {
  const made = emptyFolder()
  let env

  before(() => {
    unpackInto(made.folder)
    for (const [name, text] of Object.entries(consumers)) fs.writeFileSync(path.join(made.folder, name), text)
    env = {
      ...made.env,
      TOOL_WEBPACK: tool('webpack'),
      TOOL_ROLLUP: tool('rollup'),
      TOOL_COMMONJS: tool('@rollup/plugin-commonjs'),
      TOOL_RESOLVE: tool('@rollup/plugin-node-resolve'),
      TOOL_VITE: path.join(inModules('vite'), 'dist', 'node', 'index.js'),
      TOOL_ESBUILD: path.join(inModules('esbuild-wasm'), 'bin', 'esbuild'),
    }
  })

  for (const [title, [name, program, output]] of Object.entries(bundlers)) {
    /** What the bundle says, of a configuration with these settings. */
    const bundled = (given) => {
      const there = { cwd: made.folder, env }
      fs.rmSync(path.join(made.folder, 'dist'), { recursive: true, force: true })
      fs.writeFileSync(path.join(made.folder, 'bundle.cjs'), program(given))
      succeed(process.execPath, ['bundle.cjs'], there)
      return run(process.execPath, [path.join('dist', output)], there)
    }

    it(`by ${title}: with the setting that the error names it works`, () => {
      assert.equal(bundled(setting(name)).output, 'ok\n')
    })

    it(`by ${title}: without it the error names it`, () => {
      const { status, output: said } = bundled('')
      assert.notEqual(status, 0)
      assert.match(said, /ERR_HEDDLE_NO_BINARY/)
      assert.ok(said.includes(`${name} ${setting(name)}`), said)
      assert.ok(!said.includes(root) && !said.includes('scripts/build.js'), said)
    })
  }
})
