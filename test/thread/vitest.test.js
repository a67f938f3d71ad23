'use strict'
// Threads in a program that vitest runs, which has libraries of its own for each platform.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { root, temporaryFolder } = require('../support.js')

describe('thread: in a program', () => {
  const inFolder = temporaryFolder()

  it('run by vitest', function () {
    this.timeout(120_000)
    if (process.env.HEDDLE_SANITIZE !== undefined) this.skip() // its own addons would be judged
    const cli = path.join(root, 'node_modules', 'vitest', 'vitest.mjs')
    fs.writeFileSync(
      inFolder('vitest.config.mjs'),
      `export default { test: { include: ['test/thread/fixtures/sample.vitest.mjs'], cache: false } }`,
    )
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [cli, 'run', '--root', root, '--config', inFolder('vitest.config.mjs')],
      { cwd: root, encoding: 'utf8', env: { ...process.env, CI: '1' } },
    )
    assert.equal(status, 0, stdout + stderr)
    assert.match(stdout, /1 passed/)
  })
})
