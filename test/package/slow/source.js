'use strict'
// A build from source in an installed package, by the command that the loader's error names.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { consumers, emptyFolder, root, run, succeed, unpackInto } = require('../helpers.js')

describe('an installed package without a binary for this machine', () => {
  const made = emptyFolder()
  let installed

  before(() => {
    installed = unpackInto(made.folder)
    for (const [name, text] of Object.entries(consumers)) fs.writeFileSync(path.join(made.folder, name), text)
    for (const name of fs.readdirSync(path.join(installed, 'prebuilds'))) {
      if (name.startsWith(process.platform)) fs.rmSync(path.join(installed, 'prebuilds', name), { recursive: true })
    }
  })

  it('names one command, which builds it; then it works', () => {
    const failed = run(process.execPath, ['use.cjs'], { cwd: made.folder, env: made.env })
    assert.notEqual(failed.status, 0)
    assert.match(failed.output, /ERR_HEDDLE_NO_BINARY/)
    const [, command] = /Build it from source with: (node \S+)/.exec(failed.output)
    // The node-gyp of this repository, so that nothing is fetched.
    fs.symlinkSync(path.join(root, 'node_modules', 'node-gyp'), path.join(made.folder, 'node_modules', 'node-gyp'))
    const env = { ...made.env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${made.env.PATH}` }
    succeed('sh', ['-c', command], { cwd: made.folder, env })
    for (const name of Object.keys(consumers)) {
      assert.equal(succeed(process.execPath, [name], { cwd: made.folder, env: made.env }).output, 'ok\n')
    }
    assert.deepEqual(fs.readdirSync(path.join(installed, 'build')), ['Release'])
    assert.ok(!fs.existsSync(path.join(installed, 'binding.gyp')))
  })

  it('says what is missing when it cannot be built', () => {
    const env = { ...made.env, CC: 'no-such-compiler', CXX: 'no-such-compiler' }
    const script = path.join(installed, 'scripts', 'build.js')
    const failed = run(process.execPath, [script], { cwd: made.folder, env })
    assert.equal(failed.status, 1)
    assert.match(failed.output, /It takes a C compiler, make and Python 3/)
  })
})
