'use strict'

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const path = require('node:path')

const root = path.join(__dirname, '..')

describe('types', () => {
  it('are what test/types says', () => {
    const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const run = spawnSync(process.execPath, [tsc, '--project', 'test/types'], { cwd: root })
    assert.equal(run.status, 0, `${run.stdout}${run.stderr}`)
  })
})
