'use strict'
// Programs in which threads have to work: bundles, and scripts on the command line.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const esbuild = require('esbuild-wasm')
const { run } = require('../helpers/child.js')
const { child, root, temporaryFolder } = require('../support.js')

const fixture = (name) => path.join(__dirname, 'fixtures', name)

describe('thread: in a program', () => {
  const inFolder = temporaryFolder()

  before(() => {
    fs.mkdirSync(inFolder('node_modules'))
    fs.symlinkSync(root, inFolder('node_modules', 'heddle'), 'junction')
    // A bundle with heddle in it finds the addon as lib/load.js does: beside its folder.
    for (const name of ['build', 'prebuilds'].filter((one) => fs.existsSync(path.join(root, one)))) {
      fs.symlinkSync(path.join(root, name), inFolder(name), 'junction')
    }
    fs.mkdirSync(inFolder('dist'))
    fs.copyFileSync(fixture('program.mjs'), inFolder('program.mjs'))
  })

  for (const [what, options] of [
    ['as CommonJS', { format: 'cjs', external: ['heddle'] }],
    ['as an ES module', { format: 'esm', external: ['heddle'] }],
    ['minified', { format: 'cjs', minify: true, external: ['heddle'] }],
    ['with the names of functions kept', { format: 'cjs', keepNames: true, external: ['heddle'] }],
    ['together with heddle', { format: 'cjs' }],
    ['together with heddle, minified for an old target', { format: 'cjs', minify: true, target: 'es2018' }],
  ]) {
    it(`bundled by esbuild ${what}`, async () => {
      const outfile = inFolder('dist', `bundle.${options.format === 'esm' ? 'mjs' : 'cjs'}`)
      await esbuild.build({
        entryPoints: [inFolder('program.mjs')],
        outfile,
        bundle: true,
        platform: 'node',
        logLevel: 'silent',
        ...options,
      })
      const end = await run(outfile)
      assert.deepEqual([end.code, end.stderr], [0, ''])
      assert.deepEqual(JSON.parse(end.stdout), [55, 7, 'nothing'])
    })
  }

  it('given with -e, as CommonJS and as an ES module', () => {
    const script = `thread((n) => n + require('node:path').sep.length)(1).then(console.log)`
    const imports = `import { thread } from 'heddle'; ${script}`
    assert.equal(child(`const { thread } = require('heddle'); ${script}`).stdout, '2\n')
    assert.equal(child(imports, { flags: ['--input-type=module'] }).stdout, '2\n')
  })

  it('a thread does not load the addon', () => {
    const script = `
      const { thread } = require('heddle')
      thread(() => Object.keys(require.cache).length)().then(console.log)
    `
    assert.equal(child(script).stdout, '0\n')
  })
})
